"""Facts that are still to be filled in: in a notice they stand in square brackets, such as “[telephone]”."""

import re
from html import unescape

from django.utils.html import strip_tags

GAP = re.compile(r"\[[^\[\]]+\]")


def first_gap(body: str | None) -> str:
    """With its brackets; "" where there is none."""
    found = GAP.search(unescape(strip_tags(body or "")))
    return found[0] if found else ""
