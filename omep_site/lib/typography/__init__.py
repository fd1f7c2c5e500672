"""Typography: what editors typed plainly, as a printer of its language sets it.

`typeset` is for text, `typeset_html` for HTML. Both are pure, take time in proportion to the length of what they are
given, change nothing the second time, and never add, take away or move a letter or a digit. What they leave alone is
listed in `protected.py`, what each language wants in `houses.py`; a language that has no house is left as typed.

It is applied when a page is made and never stored, so that editors find their own words in the form. What was set last
is remembered: most words of a page are those that it had before.
"""

from functools import lru_cache

from omep_site.lib.typography.houses import house_of
from omep_site.lib.typography.lines import Line, lines_of
from omep_site.lib.typography.protected import masked

__all__ = ["typeset", "typeset_html"]

# Texts, of each function. Typed: text that is marked as safe must not be taken for the same text that is not.
remembering = lru_cache(512, typed=True)


@remembering
def typeset(text: str, language: str) -> str:
    """Plain text in `language` ("fr", "en-GB"): for titles, descriptions, mails, feeds, calendars."""
    house = house_of(language)
    if not house:
        return text
    line = Line(text, masked(text))
    for rule in house.rules:
        line.change(rule(line.view))
    return line.text


@remembering
def typeset_html(html: str, language: str) -> str:
    """Well-formed HTML in `language`: rich text as it is stored, or plain text after it was escaped.

    Only the words between tags change; tags, attributes, comments and entities stay byte for byte. Inline elements are
    seen through, and beside the rules for plain text the letters of ordinals are raised: 1<sup>er</sup>.
    """
    house = house_of(language)
    if not house:
        return html
    pieces = []
    for piece in lines_of(html):
        if isinstance(piece, Line) and piece.text:
            for rule in house.rules:
                piece.change(rule(piece.view))
            if house.raised:
                piece.raise_letters(house.raised)
        pieces.append(str(piece))
    return "".join(pieces)
