"""What is noticed about a comment that comes in, and what follows from it.

Each check is a pure function of what was sent, of what the site knows about it (comments.facts) and of the rules in
force. It answers with a verdict or with nothing. Nothing that a person wrote is ever refused or lost by a check: the
worst is “held as spam”, which an editor finds in the list and takes back with one button.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from comments.lookalikes import looks_like_staff, mixed_words, skeleton
from comments.models import Comment, Hold, Rules
from comments.stamps import NO_STAMP, Stamp
from omep_site.lib.folding import fold

NOTE, HOLD, SPAM = "note", "hold", "spam"  # for the moderator to know; worth a look; spam
WEIGHT = {SPAM: 0, HOLD: 1, NOTE: 2}

MIXED = 3  # words of several alphabets: one or two are a slip of who writes with two keyboards
SHOUTED = 20  # letters: fewer are a name, an acronym or a short “MERCI”


@dataclass(frozen=True)
class Submission:
    """What came with the form, after its fields were found to be right."""

    name: str
    body: str
    website: str = ""
    decoy: str = ""
    stamp: Stamp = NO_STAMP
    says_where_from: bool = True


@dataclass(frozen=True)
class Facts:
    """What the site knows about a submission: loaded once, before the checks."""

    approved_before: bool = False  # a comment from this address
    is_confirmed: bool = False  # somebody who reads its mail said yes
    said_before: bool = False  # these words, by anybody
    stamp_used: bool = False  # by another comment
    team: frozenset[str] = frozenset()  # skeletons of the names of staff
    site_name: str = ""  # as a skeleton
    host: str = ""  # links to the site itself count for nothing
    akismet: str = ""  # "spam", "ham" or "away"; "" where it was not asked

    @property
    def is_known(self) -> bool:
        """Whoever types an address that was approved before is not yet its owner: confirming it says that."""
        return self.approved_before and self.is_confirmed


@dataclass(frozen=True)
class Verdict:
    outcome: str  # NOTE, HOLD or SPAM
    code: str  # comments.reasons


Check = Callable[[Submission, Facts, Rules], Verdict | None]

# --- How it was sent --------------------------------------------------------------------------------------------------


def decoy(submission, facts, rules):
    return Verdict(SPAM, "decoy") if submission.decoy else None


def speed(submission, facts, rules):
    """Where the page's script ran, we know when the form was begun. Where it did not, we know nothing."""
    stamp = submission.stamp
    if stamp.seconds is not None and stamp.seconds < rules.min_seconds:
        return Verdict(HOLD, f"too_fast:{int(stamp.seconds)}")
    return Verdict(NOTE, stamp.fault) if stamp.fault else None


def reused(submission, facts, rules):
    """The script marks a form anew for each comment; a program sends one mark for many."""
    return Verdict(HOLD, "reused") if facts.stamp_used else None


def origin(submission, facts, rules):
    return None if submission.says_where_from else Verdict(HOLD, "no_origin")


# --- Its words --------------------------------------------------------------------------------------------------------

# “https://www.example.org” is one link; so is each address that a forum's or a page's own marks surround.
LINK = re.compile(r"(?:https?://|(?<![/\w.-])www\.)([^\s/?#\"'<>\]\[(),;]*)", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
FORUM = re.compile(r"\[(?:url|link|img)\b[^\]]{0,300}\]", re.IGNORECASE)
MARKUP = re.compile(r"<a\s[^>]{0,300}href", re.IGNORECASE)
MAIL_ADDRESS = re.compile(r"(?<![^\s<(\[:;,«“\"'])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{2,100}")
# Eight digits or more, written as people write numbers, and no date, year or amount: it begins with + or with 0.
TELEPHONE = re.compile(r"(?<![\w/.,+-])(?:\+|00|0|\(0)\d?(?:[ .\-()\u00a0\u202f]{0,2}\d){7,14}(?![\w/])")


def number_of_links(submission, facts) -> int:
    hosts = [host.lower().rstrip(".:!") for host in LINK.findall(f"{submission.name} {submission.body}")]
    return sum(host != facts.host for host in hosts)


def links(submission, facts, rules):
    count = number_of_links(submission, facts)
    if not count:
        return None
    if rules.links_to_spam and count >= rules.links_to_spam:
        return Verdict(SPAM, f"links:{count}")
    return Verdict(HOLD if count >= rules.links_to_hold else NOTE, f"links:{count}")


def markup(submission, facts, rules):
    """Programs that fill in every form of the web write links as forums want them, or as pages do, or both. People paste
    the latter by mistake; nobody writes two links in the code of forums here."""
    of_forums, of_pages = FORUM.search(submission.body), MARKUP.search(submission.body)
    if of_forums and (of_pages or number_of_links(submission, facts) > 1):
        return Verdict(SPAM, "markup")
    return Verdict(HOLD, "markup") if of_forums or of_pages else None


def spam_words(submission, facts, rules):
    count = _occurring(rules.words_of_spam, submission)
    return Verdict(SPAM, f"spam_words:{count}") if count else None


def hold_words(submission, facts, rules):
    count = _occurring(rules.words_that_hold, submission)
    return Verdict(HOLD, f"hold_words:{count}") if count else None


def _occurring(listed: Iterable[str], submission: Submission) -> int:
    """How many of the listed words and phrases occur: whole words, whatever their accents, capitals and look-alikes."""
    if not listed:
        return 0
    text = f"{submission.name} {submission.website} {submission.body}"
    texts = [f" {fold(text)} ", f" {skeleton(text)} "]
    return sum(any(_pattern(word) in text for text in texts) for word in listed if fold(word))


def _pattern(word: str) -> str:
    """Chinese and Japanese have no spaces between words."""
    plain = fold(word)
    is_wide = any(unicodedata.east_asian_width(char) in "WF" for char in plain)
    return plain if is_wide else f" {plain} "


def repeated(submission, facts, rules):
    return Verdict(HOLD, "repeated") if facts.said_before else None


def mixed_letters(submission, facts, rules):
    count = mixed_words(submission.body)
    return Verdict(SPAM if count >= MIXED else HOLD, "mixed_letters") if count else None


def capitals(submission, facts, rules):
    return Verdict(NOTE, "capitals") if is_shouted(submission.body) else None


def is_shouted(text: str) -> bool:
    """Whether nearly all of a longer text is in capitals. Scripts without capitals never are."""
    plain = ADDRESS.sub("", text)
    capitals = sum(map(str.isupper, plain))
    cased = capitals + sum(map(str.islower, plain))
    return cased >= SHOUTED and capitals >= 0.8 * cased


def address_in_text(submission, facts, rules):
    return Verdict(NOTE, "address_in_text") if MAIL_ADDRESS.search(submission.body) else None


def telephone(submission, facts, rules):
    return Verdict(NOTE, "telephone") if TELEPHONE.search(ADDRESS.sub("", submission.body)) else None


# --- Who it says it is ------------------------------------------------------------------------------------------------


def confusable(submission, facts, rules):
    name = submission.name
    is_so = mixed_words(name, shortest=2) > 0 or looks_like_staff(name, facts.team, facts.site_name)
    return Verdict(HOLD, "confusable") if is_so else None


def website(submission, facts, rules):
    return Verdict(NOTE, "website") if submission.website else None


def new_address(submission, facts, rules):
    """Advertising comes with a way to the advertiser, from somebody who was never here (measured: bench/spam.py)."""
    if not facts.approved_before:
        leads_elsewhere = (
            submission.website
            or number_of_links(submission, facts)
            or address_in_text(submission, facts, rules)
            or telephone(submission, facts, rules)
        )
        return Verdict(HOLD if leads_elsewhere else NOTE, "new_address")
    if rules.hold == Hold.FIRST and not facts.is_confirmed:
        return Verdict(NOTE, "unconfirmed")
    return None


def akismet(submission, facts, rules):
    found = {"spam": Verdict(SPAM, "akismet"), "away": Verdict(NOTE, "akismet_away")}
    return found.get(facts.akismet)


# --- All together -----------------------------------------------------------------------------------------------------

# In the order in which a moderator reads them, among those of one weight.
CHECKS: list[Check] = [
    decoy, akismet, spam_words, hold_words, markup, repeated, reused, speed, confusable, mixed_letters, links, website,
    capitals, origin, address_in_text, telephone, new_address,
]  # fmt: skip


def judge(submission: Submission, facts: Facts, rules: Rules) -> tuple[str, list[str]]:
    """The status with which a comment begins, and the codes of all that was noticed, the weightiest first."""
    found = [verdict for check in CHECKS if (verdict := check(submission, facts, rules))]
    verdicts = sorted(found, key=lambda verdict: WEIGHT[verdict.outcome])
    outcomes = {verdict.outcome for verdict in verdicts}
    waits = {
        Hold.ALL: True,
        Hold.FIRST: HOLD in outcomes or not facts.is_known,
        Hold.NOTICED: HOLD in outcomes,
    }[Hold(rules.hold)]
    if SPAM in outcomes:
        status = Comment.Status.SPAM
    elif waits:
        status = Comment.Status.PENDING
    else:
        status = Comment.Status.APPROVED
    return status.value, [verdict.code for verdict in verdicts]
