"""Editors save one after the other: what a form has checked still holds when its row is stored."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

ADVISORY_LOCK = 0x0E_D1_70_25  # names the turn on PostgreSQL; any number that nothing else locks


@contextmanager
def in_turn() -> Iterator[None]:
    """A transaction that begins when every other one of this kind has ended.

    An address that was free, a version that was the last one and a row that was there are then so to the end, and two
    that change and delete the same rows never wait for each other. SQLite has one writer at a time; on PostgreSQL a
    lock that the transaction's end gives back makes it so.
    """
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        yield
