"""One e-mail address and the ways to write it: to find all that is stored about the person behind it."""

import re
from collections.abc import Iterable
from contextlib import suppress

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower


def spellings(address: str) -> list[str]:
    """The ways in which one address may have been typed: capitals, and a domain with accents as it is or in ASCII
    (RFC 3490). “name+shop@…” and “name@…” may be two people, and stay two."""
    local, at, domain = address.strip().rpartition("@")
    domains = {domain}
    with suppress(UnicodeError):
        domains.add(domain.lower().encode("idna").decode())
    with suppress(UnicodeError):
        domains.add(domain.lower().encode("ascii").decode("idna"))
    whole = {local + at + each for each in domains}
    # Small and capital letters both: SQLite's LOWER() leaves those with accents alone.
    return sorted(whole | {each.lower() for each in whole} | {each.upper() for each in whole})


def canonical(address: str) -> str:
    """One text for all spellings of an address: small letters, and the domain in ASCII where that can be."""
    local, at, domain = address.strip().lower().rpartition("@")
    if not domain.isascii():  # asked first: the codec takes its time, and a list has 100,000 of them
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode()
    return local + at + domain


def mailbox(address: str) -> str:
    """One text for all addresses that most likely lead to one mailbox: what follows a “+” is left out, and Gmail's dots.

    For limits alone, so that nobody's mailbox is filled through a hundred of its addresses. Where two people share it by
    mistake they share a limit; whoever they are is asked with `canonical`, and mail goes to the address as it was typed.
    """
    local, at, domain = canonical(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in ("gmail.com", "googlemail.com"):
        local, domain = local.replace(".", "") or local, "gmail.com"
    return local + at + domain


def at(rows: QuerySet, field: str, address: str) -> QuerySet:
    """The rows whose `field` is this address, in any spelling. An index on Lower(field) is used."""
    alike = [Lower(Value(each)) for each in spellings(address)]
    is_it = Q(lowered_address__in=alike)
    for each in spellings(address):
        if not each.isascii():
            is_it |= Q(**{f"{field}__iregex": f"^{re.escape(each)}$"})
    return rows.alias(lowered_address=Lower(field)).filter(is_it)


def within(fields: Iterable[str], words: Iterable[str]) -> Q:
    """Rows in one of whose `fields` one of the words stands, whatever the capitals: as a part of a longer one too."""
    either = Q()
    for word in words:
        # SQLite's LIKE knows the capitals of ASCII alone; its regular expressions are Python's.
        how, value = ("icontains", word) if word.isascii() else ("iregex", re.escape(word))
        for field in fields:
            either |= Q(**{f"{field}__{how}": value})
    return either


def mention(address: str) -> re.Pattern:
    """Finds the address in a text: itself, not as a part of a longer one."""
    either = "|".join(re.escape(each) for each in spellings(address))
    return re.compile(rf"(?<![\w.+%-])(?<!\w')(?:{either})(?![\w-]|\.\w)", re.IGNORECASE)
