"""Two texts as one: what is gone in <del>, what is new in <ins>. Pure functions."""

import re
from difflib import SequenceMatcher

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omep_site.lib.history.rich import formatting

KEPT_WORDS = 14  # on each side of a change, of a long text that stayed the same
# What is longer is not compared piece by piece: the time that takes grows with the square, and with the cube where many
# pieces are alike.
MOST_LINES = 400  # of a text, those that are the same at its two ends left out
MOST_WORDS = 600  # of one paragraph
MOST_WORDS_IN_ALL = 2000

LOOKS = {
    "bold": gettext_lazy("bold"),
    "italic": gettext_lazy("italics"),
    "heading": gettext_lazy("a heading"),
    "subheading": gettext_lazy("a smaller heading"),
    "bullets": gettext_lazy("a list with bullets"),
    "numbers": gettext_lazy("a numbered list"),
}


def replaced(old: str, new: str) -> SafeString:
    parts = [format_html("<del>{}</del>", old) if old else "", format_html("<ins>{}</ins>", new) if new else ""]
    return mark_safe(" ".join(each for each in parts if each))  # escaped above


def compared(old: str, new: str) -> SafeString:
    """The new text with what is gone in <del> and what is new in <ins>, word by word; long stretches that stayed the
    same are cut."""
    if not old or not new:
        return replaced(old, new)
    out, left = [], MOST_WORDS_IN_ALL
    for same, before, after in _blocks(old.splitlines(keepends=True), new.splitlines(keepends=True), MOST_LINES):
        if same:
            out.append((True, before, after))
        else:
            words = re.findall(r"\S+\s*|\s+", before), re.findall(r"\S+\s*|\s+", after)
            out += _blocks(*words, min(MOST_WORDS, left))
            left -= max(map(len, words))
    pieces = []
    for number, (same, before, after) in enumerate(out):
        if same:
            pieces.append(conditional_escape(_cut(after, first=number == 0, last=number == len(out) - 1)))
        else:
            pieces.append(replaced(before, after))
    return mark_safe("".join(pieces))  # each piece was escaped


def _blocks(old: list[str], new: list[str], most: int) -> list[tuple[bool, str, str]]:
    """(the same?, old text, new text), in order; white space makes no difference. What differs and has more pieces than
    `most` is one block."""
    was, now = [each.strip() for each in old], [each.strip() for each in new]
    start = _same_at_the_start(was, now)
    end = _same_at_the_start(was[start:][::-1], now[start:][::-1])
    old_end, new_end = len(old) - end, len(new) - end
    was, now = was[start:old_end], now[start:new_end]
    if max(len(was), len(now)) > most:
        inner = [("replace", 0, len(was), 0, len(now))]
    else:
        # It looks for what it calls junk: from 200 pieces on, a word that stands everywhere is no place to begin at.
        inner = SequenceMatcher(None, was, now).get_opcodes()
    found = [(tag == "equal", old[start + a : start + b], new[start + c : start + d]) for tag, a, b, c, d in inner]
    blocks = [(True, old[:start], new[:start]), *found, (True, old[old_end:], new[new_end:])]
    return [(same, "".join(before), "".join(after)) for same, before, after in blocks if before or after]


def _same_at_the_start(old: list[str], new: list[str]) -> int:
    """How many pieces."""
    differing = (place for place, (one, other) in enumerate(zip(old, new, strict=False)) if one != other)
    return next(differing, min(len(old), len(new)))


def _cut(text: str, first: bool, last: bool) -> str:
    words = re.findall(r"\s*\S+\s*", text)
    if len(words) <= 3 * KEPT_WORDS:
        return text
    start = "" if first else "".join(words[:KEPT_WORDS])
    end = "" if last else "".join(words[-KEPT_WORDS:])
    return f"{start}[…] {end}" if end else f"{start}[…]"


# --- The look of rich text --------------------------------------------------------------------------------------------


def look_changes(old: str, new: str) -> tuple[str, ...]:
    """“New formatting: bold.”, “Formatting that is gone: a link to https://…”."""
    before, after = formatting(old or ""), formatting(new or "")
    sentences = [
        (after - before, _("New formatting: {what}.")),
        (before - after, _("Formatting that is gone: {what}.")),
    ]
    return tuple(
        sentence.format(what=", ".join(look_in_words(*each) for each in looks))
        for looks, sentence in sentences
        if looks
    )


def look_in_words(look: str, address: str) -> str:
    return _("a link to {address}").format(address=address) if look == "link" else str(LOOKS[look])
