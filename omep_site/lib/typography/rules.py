"""What rules are made of. A rule reads a text and says what stands where in it: positions and new characters."""

import re
from collections.abc import Callable

from omep_site.lib.typography.lines import Edit

Rule = Callable[[str], list[Edit]]

NO_BREAK = "\xa0"
NARROW = "\u202f"
S = "[ \xa0\u202f\u2009]"  # what may stand for a space on one line


def gaps(pattern: str, space: str) -> Rule:
    """Each group of the pattern is a gap, with or without spaces in it: it becomes exactly `space`."""
    compiled = re.compile(pattern, re.VERBOSE)

    def rule(text: str) -> list[Edit]:
        return [
            (*found.span(group), space)
            for found in compiled.finditer(text)
            for group in range(1, compiled.groups + 1)
            if found[group] is not None and found[group] != space
        ]

    return rule


def bind(pattern: str, space: str = NO_BREAK) -> Rule:
    """A line may not break within what the pattern matches: the ordinary spaces there become `space`."""
    compiled = re.compile(pattern, re.VERBOSE)

    def rule(text: str) -> list[Edit]:
        return [
            (place, place + 1, space)
            for found in compiled.finditer(text)
            for place in range(*found.span())
            if text[place] == " "
        ]

    return rule


def swap(pattern: str, new: str) -> Rule:
    compiled = re.compile(pattern, re.VERBOSE)
    return lambda text: [(*found.span(), new) for found in compiled.finditer(text) if found[0] != new]


# Three dots and no more, and not the beginning of a path.
ellipsis = swap(r"(?<!\.)\.{3}(?![./\\])", "…")
# Between letters, and before what an elision is joined to: l’été, d’1 an, l’« été ».
apostrophes = swap(r"(?<=[^\W\d_])'(?=[^\W_]|[«“\"])", "’")
