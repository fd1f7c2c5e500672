"""Pure helpers on text that people typed."""

import re
import unicodedata

from omep_site.lib.folding import fold

# Characters that show nothing although Unicode counts them as letters, marks or symbols.
BLANKS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# The property Bidi_Control (Unicode Standard Annex 9): they can make a line read as another one.
BIDI_CONTROLS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# In a longer text, marks are how Arabic and Hebrew keyboards mend a line; embeddings and overrides are not needed.
BIDI_MARKS = set("\u061c\u200e\u200f")
# The categories Cc, Zl, Zp and Cs, all of them; and Cc and Cs without what stands in plain texts.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
CONTROLS_IN_LINES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# All that XML 1.0 cannot write, not even escaped (2.2, “Char”).
NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def has_visible(text: str) -> bool:
    """Whether there is anything to see: emoji and signs count, spaces and invisible characters do not."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in BLANKS for char in text)


def has_letter(text: str) -> bool:
    return any(unicodedata.category(char)[0] in "LN" and char not in BLANKS for char in text)


def has_control(text: str) -> bool:
    """Control characters (Cc: line breaks, tabs, NUL), line and paragraph separators, lone surrogates."""
    return CONTROLS.search(text) is not None


def has_control_in_lines(text: str) -> bool:
    """The same for a text of several lines: those that end lines, and tabs, are part of it."""
    return CONTROLS_IN_LINES.search(text) is not None


def initial(name: str) -> str:
    """What stands for a name in a circle: its first letter or digit, else the first sign to be seen, an emoji say.

    One character without the marks that it carries, as a capital where it has one; "" where there is nothing to see.
    """
    shown = [char for char in unicodedata.normalize("NFC", name) if has_visible(char)]
    char = next(filter(has_letter, shown), shown[0] if shown else "")
    capital = char.upper()
    return capital if len(capital) == 1 else char  # “ß” would be two


def ascii_slug(text: str, longest: int = 90) -> str:
    """A slug of plain letters: “L’Œuvre de l’été” → "l-oeuvre-de-l-ete". Cut at a word; "" where nothing is left."""
    plain = fold(text).encode("ascii", "ignore").decode()
    slug = "-".join(plain.split())
    if len(slug) <= longest:
        return slug
    return slug[: longest + 1].rpartition("-")[0] or slug[:longest]


def for_xml(text: str) -> str:
    """Without what would make a whole feed unreadable. Escaping is left to whoever writes it."""
    return NOT_IN_XML.sub("", text)
