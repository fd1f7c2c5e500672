"""Editors save one after the other: what a form has checked still holds when its row is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from omep_site.lib.database import take_turn


@contextmanager
def in_turn() -> Iterator[None]:
    """A transaction that begins when every other one of this kind has ended.

    An address that was free, a version that was the last one and a row that was there are then so to the end, and two
    that change and delete the same rows never wait for each other.
    """
    with transaction.atomic():
        take_turn("editors")
        yield
