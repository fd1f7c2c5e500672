"""docs/audit.md, written from what the tools found; always in the same order."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from statistics import median

CATEGORIES = ("Performance", "Accessibility", "Best practices", "SEO")
MOST_PAINT = 1000  # milliseconds, of the page that people come for: an event's; the others are only told
RUNS = 3
BEST_GRADE = "A+"

TEXT = """# Audit

What `make audit` found on {day}. The site ran as in production (`make serve`, plain http) with the demo's content and
what `audit/stage.py` adds, before a Chromium that knows no other host than 127.0.0.1.

- **Nu HTML checker {nu}**: the errors and warnings in each answer, as the server sent it.
- **axe {axe}**: the elements that break a rule of WCAG 2.2, levels A and AA, of best practice, or one that axe calls
  experimental; each page at 360 and 1,280 pixels, in light and dark. Left out are the three rules of level AAA (a
  contrast of 7:1, one wording for one address, no refresh at all) and those that axe has given up.
- **Lighthouse {lighthouse}**: its own phone (simulated throttling), the median of {runs} runs, each in a new browser. The
  largest paint of an event has to come within 1 s, and nothing may move.
- **MDN’s HTTP Observatory {observatory}**: its own tests and its own marks, on the site by https behind nginx, as
  [deploy.md](deploy.md) has it, with a certificate made for this machine. A+ is its best grade, and begins at 100.
- **{chromium}**, without a window.

Forms “with faults”, “too often” and “from elsewhere” were really sent, the last ones by a page of another site. The
plain 403 was drawn by the same code and handed to the browser, because no public address answers with it today.

What this does not show: whether the words are clear, whether the order makes sense when it is heard, how a screen
reader or a magnifier fares. Such tools find a part of what hinders people; the rest takes people. Where axe
could not decide, somebody has to look: {undecided}.

## Every page

How many faults each tool found.

{pages}

## Lighthouse

{scores}

## HTTP Observatory

{grades}

## What fails

{faults}
"""


@dataclass
class Found:
    """All results of a run. `pages` are those of pages.mjs with `nu` added; `scores` are lists of Lighthouse's runs."""

    versions: dict[str, str]
    pages: list[dict]
    scores: dict[tuple[str, str], list[dict]] = field(default_factory=dict)  # by page and language
    grades: list[dict] = field(default_factory=list)  # of observatory.look

    def faults(self) -> dict[str, list[str]]:
        """Each thing that fails, and on which pages."""
        found = defaultdict(list)
        for each in self.pages:
            where = f"{each['page']} ({each['language']})"
            if each["status"] != each["expected"]:
                found[f"answered {each['status']}, not {each['expected']}"].append(where)
            for words in each["nu"]:
                found[f"Nu: {words}"].append(where)
            for words, looks in each["violations"].items():
                found[f"axe: {words} ({', '.join(looks)})"].append(where)
        for (page, language), runs in self.scores.items():
            middle, where = middle_of(runs), f"{page} ({language})"
            low = "; ".join(sorted({words for run in runs for words in run["low"]}))
            failed = [f"{name} {score:.0f} ({low})" for name, score in middle["scores"].items() if score < 100]
            failed += (
                [f"largest paint {middle['paint']:.0f} ms"]
                if page.startswith("event") and middle["paint"] >= MOST_PAINT
                else []
            )
            failed += [f"layout shift {middle['shift']:.3f}"] if middle["shift"] else []
            for words in failed:
                found[f"Lighthouse: {words}"].append(where)
        for each in self.grades:
            failed = [outcome for _test, passed, outcome, _points in each["tests"] if not passed]
            for words in [*failed, *([f"grade {each['grade']}"] if each["grade"] != BEST_GRADE else [])]:
                found[f"Observatory: {words}"].append(each["page"])
        return found


def middle_of(runs: list[dict]) -> dict:
    """The median of each figure by itself: `scores` by category, `paint` in milliseconds, `shift`."""
    scores = [median(values) for values in zip(*(run["scores"] for run in runs), strict=True)]
    figures = {name: median(run[name] for run in runs) for name in ("paint", "shift")}
    return {"scores": dict(zip(CATEGORIES, scores, strict=True)), **figures}


def lines_of(faults: dict[str, list[str]]) -> list[str]:
    return [f"{words} – {len(pages)} ×: {'; '.join(pages)}" for words, pages in faults.items()]


def write(found: Found) -> str:
    undecided = sorted({rule for page in found.pages for rule in page["undecided"]})
    looks = ", ".join(f"`{rule}`" for rule in undecided) or "nothing"
    rows, scores = {}, []
    for page in found.pages:
        row = rows.setdefault(page["page"], [page["page"], page["status"]])
        row += [len(page["nu"]), len(page["violations"])]
    for (page, language), runs in found.scores.items():
        middle = middle_of(runs)
        figures = [f"{middle['paint'] / 1000:.2f} s", f"{middle['shift']:.3f}"]
        scores.append([page, language, *(f"{score:.0f}" for score in middle["scores"].values()), *figures])
    columns = [
        f"{name}, {language}"
        for language in dict.fromkeys(page["language"] for page in found.pages)
        for name in ("Nu", "axe")
    ]
    faults = [f"- `{line.replace('`', '’')}`" for line in lines_of(found.faults())]  # code: they quote HTML
    return TEXT.format(
        day=date.today().isoformat(),
        undecided=looks,
        runs=RUNS,
        pages=table(["Page", "Answer", *columns], rows.values()),
        scores=table(["Page", "Language", *CATEGORIES, "Largest paint", "Layout shift"], scores),
        grades=grades_of(found),
        faults="\n".join(faults) or "Nothing.",
        **found.versions,
    )


def grades_of(found: Found) -> str:
    """What each test gave, in points; a page has 100 to begin with."""
    tests = [name for name, *_outcome in found.grades[0]["tests"]]
    rows = []
    for each in found.grades:
        points = [f"{points:+d}" if points else "0" for _test, _passed, _outcome, points in each["tests"]]
        rows.append([each["page"], each["status"], each["grade"], each["score"], *points])
    return table(["Page", "Answer", "Grade", "Score", *tests], rows)


def table(titles: list[str], rows) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
