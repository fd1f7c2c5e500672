"""Pages of a list, asked for by one parameter of an address. The first page has no parameter, so that each page has one
address and no more."""

import re

from django.http import Http404, QueryDict


def page_asked(query: QueryDict, name: str) -> int:
    """Of a parameter that comes twice, the last one counts. Raises Http404 for what is no number of a page."""
    given = query.get(name, "").strip()
    if not re.fullmatch("[1-9][0-9]{0,5}|", given):
        raise Http404(given[:20])
    return int(given or 1)


def on_page(path: str, name: str, number: int) -> str:
    return f"{path}?{name}={number}" if number > 1 else path


def is_written_so(query: QueryDict, name: str, number: int) -> bool:
    """Whether the address asks for the page in the one way that `on_page` writes: there is no end to the others."""
    return query.getlist(name) == ([str(number)] if number > 1 else [])
