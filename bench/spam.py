"""How well the checks tell spam from comments, on a labelled set: `python -m bench.spam`, and a part of `make bench`.

We wrote the set ourselves (tests/comments/labelled): it shows what the checks do with words of the known kinds, and not
how much of tomorrow's spam they find. Only words, names and websites count here. How a comment was sent (the decoy, the
time, the browser's signs) would be ours to invent, so that each is taken as sent by a person, slowly, from a browser.
The rule that a first comment which leads elsewhere is worth a look was found with this set, and shines on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

SET = Path(__file__).resolve().parent.parent / "tests" / "comments" / "labelled"
WORDS = """
casino
viagra
cialis
payday loans
free spins
backlinks
crypto
bitcoin
forex
dofollow
marabout
spell
казино
займ
"""  # what an editor may list after a month


@dataclass(frozen=True)
class Result:
    right: int  # spam that was found
    wrong: int  # comments that were taken for it
    spam: int  # in the set
    genuine: int

    @property
    def precision(self) -> float:
        found = self.right + self.wrong
        return self.right / found if found else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.spam


def submissions(file: str) -> Iterator:
    """One in a line: name, website and words, which have ⏎ where a line ends."""
    from comments.checks import Submission
    from comments.stamps import Stamp

    for line in (SET / file).read_text(encoding="utf-8").splitlines():
        name, website, body = line.split("|", 2)
        yield Submission(name, body.replace("⏎", "\n"), website, stamp=Stamp(seconds=60.0))


def outcomes(file: str, rules) -> list[tuple[str, str, list[str]]]:
    """(words, status, codes) of each, as they would come one after the other to a site that has met none of them."""
    from comments.checks import Facts, judge
    from comments.models.comment import digest_of

    seen, found = set(), []
    for submission in submissions(file):
        digest = digest_of(submission.body)
        facts = Facts(said_before=digest in seen, site_name="omep", host="events.example.org")
        found.append((submission.body, *judge(submission, facts, rules)))
        seen.add(digest)
    return found


def measure(rules) -> dict[str, Result]:
    """“spam”: held as spam; “noticed”: that, or worth a look. Under the rule that only what is noticed waits."""
    rules = replace(rules, hold="noticed")
    statuses = {
        kind: [status for _words, status, _codes in outcomes(f"{kind}.txt", rules)] for kind in ("spam", "genuine")
    }
    counted = {"spam": ["spam"], "noticed": ["spam", "pending"]}
    return {
        name: Result(
            *(sum(status in which for status in statuses[kind]) for kind in ("spam", "genuine")),
            *(len(statuses[kind]) for kind in ("spam", "genuine")),
        )
        for name, which in counted.items()
    }


def main() -> None:
    import django

    django.setup()
    from comments.models import Rules

    sets = {"the rules as they come": Rules(), "with fourteen words of spam": Rules(spam_words=WORDS)}
    first = measure(Rules())["spam"]
    print(f"\nSpam, by its words alone: {first.spam} spam and {first.genuine} comments that we wrote ourselves\n")
    print(f"{'':30}{'':10}{'precision':>12}{'recall':>10}{'comments wronged':>20}")
    for title, rules in sets.items():
        for name, result in measure(rules).items():
            print(f"{title:30}{name:10}{result.precision:>12.3f}{result.recall:>10.3f}{result.wrong:>20}")


if __name__ == "__main__":
    main()
