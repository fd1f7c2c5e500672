"""Straight quotes made typographic, where it is certain which belong together."""

import re
from dataclasses import dataclass

from omep_site.lib.typography.lines import Edit
from omep_site.lib.typography.rules import S

PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
QUOTE = re.compile('["«»“”]')
SPACES_BEFORE = re.compile(f'(?<!{S}){S}+(?=")')
SPACES_AFTER = re.compile(f'(?<="){S}+')
OPENING = set("([{<«“/=-–—")
APOSTROPHES = set("'’‘")
CLOSING_OF = {"«": "»", "“": "”"}
SINGLE = re.compile(r"(?<!')'(?!')")
# What is left out at the beginning of a word: the ’90s, rock ’n’ roll.
LEFT_OUT = re.compile(r"'(?:[0-9]0s?|bout|cause|em|n|round|til|tis|twas)(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Pair:
    """`pad` stands inside the quotes, between them and what is quoted."""

    opening: str
    closing: str
    pad: str = ""


class Quotes:
    """The rule for a language's quotes: `outer`, and `inner` within those."""

    def __init__(self, outer: Pair, inner: Pair):
        self.outer, self.inner = outer, inner

    def __call__(self, text: str) -> list[Edit]:
        edits = []
        for paragraph in PARAGRAPH.finditer(text):
            if '"' in paragraph[0]:
                edits += _Reader(self, paragraph[0], paragraph.start()).edits()
        return edits


class _Reader:
    """One paragraph. All its straight quotes are replaced, or none: one that stands alone makes all of them doubtful."""

    def __init__(self, quotes: Quotes, text: str, offset: int):
        self.quotes, self.text, self.offset = quotes, text, offset
        self.before = {found.end(): found.start() for found in SPACES_BEFORE.finditer(text)}
        self.after = {found.start(): found.end() for found in SPACES_AFTER.finditer(text)}
        self.open: list[tuple[str, Pair, int]] = []  # what opened, how it is to be written, where its words begin
        self.found: list[Edit] = []

    def edits(self) -> list[Edit]:
        for found in QUOTE.finditer(self.text):
            place, quote = found.start(), found[0]
            if quote in CLOSING_OF:
                self.open.append(
                    (quote, self.quotes.outer if quote == self.quotes.outer.opening else self.quotes.inner, 0)
                )
            elif quote != '"':
                if self.open and self.open[-1][0] == '"':
                    return []  # typed quotes over straight ones
                if self.open and CLOSING_OF[self.open[-1][0]] == quote:
                    self.open.pop()
            elif not self._straight(place):
                return []
        return [] if any(quote == '"' for quote, _pair, _start in self.open) else self.found

    def _straight(self, place: int) -> bool:
        """False where it cannot be told what this quote does."""
        turn = self._turn(place)
        if turn == "inches":
            return True
        if turn == "opens":
            return self._opens(place)
        return turn == "closes" and self._closes(place)

    def _turn(self, place: int) -> str:
        before, after = self.text[place - 1 : place], self.text[place + 1 : place + 2]
        is_open = bool(self.open) and self.open[-1][0] == '"'
        space_before, space_after = not before.strip(), not after.strip()
        if space_before != space_after:
            if before.isdigit() and not is_open:
                return "inches"
            return "opens" if space_before else "closes"
        if space_before:  # spaces on both sides: « " oui " », but not « 5 " »
            spaces = self.before.get(place, place)
            return "closes" if is_open else "" if self.text[spaces - 1 : spaces].isdigit() else "opens"
        if before in OPENING or (before in APOSTROPHES and after.isalnum()):
            return "opens"
        if before.isalnum():
            if after.isalnum():
                return ""
            return "closes" if is_open else "inches" if before.isdigit() else ""
        return "closes" if is_open else "opens"

    def _opens(self, place: int) -> bool:
        outer, inner = self.quotes.outer, self.quotes.inner
        pair = inner if self.open and self.open[-1][1] == outer else outer
        end = self.after.get(place + 1, place + 1)
        self._put(place, place + 1, pair.opening + pair.pad)
        self._put(place + 1, end, "")
        self.open.append(('"', pair, end))
        return len(self.open) < 4  # deeper than people quote

    def _closes(self, place: int) -> bool:
        if not self.open or self.open[-1][0] != '"':
            return False
        _quote, pair, words = self.open.pop()
        spaces = self.before.get(place, place)
        if spaces <= words:
            return False  # nothing is quoted
        self._put(spaces, place, "")
        self._put(place, place + 1, pair.pad + pair.closing)
        return True

    def _put(self, start: int, end: int, new: str) -> None:
        if (end > start) or new:
            self.found.append((start + self.offset, end + self.offset, new))


def single_quotes(text: str) -> list[Edit]:
    """English: ‘ ’ around words, ’ for apostrophes; feet and minutes (5') stay."""
    edits = []
    for paragraph in PARAGRAPH.finditer(text):
        if "'" in paragraph[0]:
            edits += _singles(paragraph[0], paragraph.start())
    return sorted(edits)


def _singles(text: str, offset: int) -> list[Edit]:
    edits, opened = [], None

    def put(place: int, new: str) -> None:
        edits.append((place + offset, place + offset + 1, new))

    for found in SINGLE.finditer(text):
        place = found.start()
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        ends = bool(before.strip()) and before not in OPENING and not after.isalnum()
        begins = bool(after.strip()) and not before.isalnum() and not ends
        if begins and LEFT_OUT.match(text, place):
            put(place, "’")
        elif begins:
            if opened is not None:
                put(opened, "’")  # it was none: nothing closed it
            opened = place
        elif ends and opened is not None:
            put(opened, "‘")
            put(place, "’")
            opened = None
        elif before.isalnum() and not before.isdigit():
            put(place, "’")
    if opened is not None:
        put(opened, "’")
    return edits
