"""Two texts as one: what is gone in <del>, what is new in <ins>. Pure functions."""

import re
from difflib import SequenceMatcher

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omep_site.lib.history.rich import formatting

KEPT_WORDS = 14  # on each side of a change, of a long text that stayed the same
TOO_MANY_WORDS = 3000  # of one paragraph, to be compared word by word

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
    out = []
    for same, before, after in _blocks(old.splitlines(keepends=True), new.splitlines(keepends=True)):
        if same:
            out.append((True, before, after))
            continue
        words = re.findall(r"\S+\s*|\s+", before), re.findall(r"\S+\s*|\s+", after)
        small = max(map(len, words)) <= TOO_MANY_WORDS
        out += _blocks(*words) if small else [(False, before, after)]
    pieces = []
    for number, (same, before, after) in enumerate(out):
        if same:
            pieces.append(conditional_escape(_cut(after, first=number == 0, last=number == len(out) - 1)))
        else:
            pieces.append(replaced(before, after))
    return mark_safe("".join(pieces))  # each piece was escaped


def _blocks(old: list[str], new: list[str]) -> list[tuple[bool, str, str]]:
    """(the same?, old text, new text), in order; white space makes no difference."""
    matcher = SequenceMatcher(None, [each.strip() for each in old], [each.strip() for each in new], autojunk=False)
    return [(tag == "equal", "".join(old[a:b]), "".join(new[c:d])) for tag, a, b, c, d in matcher.get_opcodes()]


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
