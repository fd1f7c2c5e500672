"""A line of text that can be changed while its markup stays where it was."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from omep_site.lib.typography.protected import MASK, masked

Edit = tuple[int, int, str]  # from, to, what stands there instead; a rule gives its edits in order, none over another

# A tag or comment that never ends goes on to the end of the text, as in browsers; so every character is read once.
TOKEN = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
    | <[a-z/!?](?:[^'">]++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)
    | &(?:\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "cite",
    "code",
    "del",
    "dfn",
    "em",
    "i",
    "ins",
    "kbd",
    "mark",
    "q",
    "s",
    "samp",
}
INLINE |= {"small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
VERBATIM = {"code", "kbd", "pre", "samp", "script", "style", "textarea"}


@dataclass
class Line:
    """The characters of a text, and the markup among them.

    `view` is what rules read: it is as long as `text`, with a mask over what they must not touch. `sources` holds how
    a character was written where that is not the character itself (an entity, a <br>), `marks` the tags that stand
    before a character; both by position.
    """

    text: str
    view: str
    sources: dict[int, str] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts, at = [], 0
        for place in sorted({*self.sources, *self.marks}):
            parts += [self.text[at:place], self.marks.get(place, "")]
            at = place
            if place in self.sources:
                parts.append(self.sources[place])
                at += 1
        return "".join([*parts, self.text[at:]])

    def change(self, edits: list[Edit]) -> None:
        if not edits:
            return
        self.text, self.view = spliced(self.text, edits), spliced(self.view, edits)
        if self.sources:
            self.sources = carried_characters(self.sources, edits)
        if self.marks:
            self.marks = carried_marks(self.marks, edits)

    def raise_letters(self, pattern: re.Pattern) -> None:
        """<sup> around the first group of each match, unless it stands in one or a tag stands among its letters."""
        places = sorted(self.marks)
        for found in pattern.finditer(self.view):
            start, end = found.span(1)
            after = bisect_left(places, start + 1)
            split = after < len(places) and places[after] < end
            before = self.marks.get(start, "")
            if not split and "<sup" not in before.lower():
                self.marks[start] = before + "<sup>"
                self.marks[end] = "</sup>" + self.marks.get(end, "")


def spliced(text: str, edits: list[Edit]) -> str:
    parts, at = [], 0
    for start, end, new in edits:
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def carried_characters(sources: dict[int, str], edits: list[Edit]) -> dict[int, str]:
    """Where they stand after the edits; a character that was replaced is gone."""
    carried, shift, number = {}, 0, 0
    for place in sorted(sources):
        while number < len(edits) and edits[number][1] <= place:
            start, end, new = edits[number]
            shift += len(new) - (end - start)
            number += 1
        if number == len(edits) or place < edits[number][0]:
            carried[place + shift] = sources[place]
    return carried


def carried_marks(marks: dict[int, str], edits: list[Edit]) -> dict[int, str]:
    """Where they stand after the edits: none is lost, and they keep their order.

    What is put in at the place of a tag stands behind it, as in `<em>oui</em> !`; a tag within what was replaced stands
    behind the replacement.
    """
    carried, shift, number = {}, 0, 0
    for place in sorted(marks):
        while number < len(edits) and edits[number][0] < place and edits[number][1] <= place:
            start, end, new = edits[number]
            shift += len(new) - (end - start)
            number += 1
        target = place + shift
        if number < len(edits) and edits[number][0] < place:
            target = edits[number][0] + shift + len(edits[number][2])
        carried[target] = carried.get(target, "") + marks[place]
    return carried


def lines_of(html: str) -> Iterator[Line | str]:
    """The lines of an HTML fragment, and between them the tags of blocks. One after the other they are the fragment."""
    reader = _Reader()
    at = 0
    for found in TOKEN.finditer(html):
        reader.words(html[at : found.start()])
        at = found.end()
        token = found[0]
        if token[0] == "&":
            reader.entity(token)
        elif reader.is_inline(token):
            reader.mark(token)
        else:
            yield reader.line()
            yield token
        reader.enter_or_leave(token)
    reader.words(html[at:])
    yield reader.line()


class _Reader:
    """The line that is being read."""

    def __init__(self):
        self.verbatim = 0  # how many elements whose text is left alone are open
        self._begin()

    def _begin(self) -> None:
        self.text, self.view, self.length, self.sources, self.marks = [], [], 0, {}, {}

    def line(self) -> Line:
        text, view, sources, marks = "".join(self.text), "".join(self.view), self.sources, self.marks
        self._begin()
        return Line(text, masked(view), sources, marks)

    def words(self, text: str, view: str | None = None) -> None:
        self.text.append(text)
        self.view.append(MASK * len(text) if self.verbatim else view or text)
        self.length += len(text)

    def entity(self, token: str) -> None:
        character = unescape(token)
        if len(character) == 1:
            self.sources[self.length] = token
            self.words(character)
        else:
            self.words(token, MASK * len(token))

    def mark(self, token: str) -> None:
        found = TAG.match(token)
        if found and found[2].lower() == "br":
            self.sources[self.length] = token
            self.words("\n", "\n")
        else:
            self.marks[self.length] = self.marks.get(self.length, "") + token

    @staticmethod
    def is_inline(token: str) -> bool:
        """A comment parts nothing either."""
        found = TAG.match(token)
        return not found or found[2].lower() in INLINE | {"br"}

    def enter_or_leave(self, token: str) -> None:
        found = TAG.match(token)
        if found and found[2].lower() in VERBATIM:
            self.verbatim = max(0, self.verbatim + (-1 if found[1] else 1))
