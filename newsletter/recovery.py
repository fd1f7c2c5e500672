"""Workers that died, and what they held in their hands.

On PostgreSQL each run holds a lock that ends with its connection: whoever gets that lock knows that the run is dead. On
SQLite one worker runs at a time (omep_site.worker), so every run that is not one's own is.

The marks of a chunk may be lost where the machine fell (SQLite) or the database did (PostgreSQL): of such a run nothing is
believed. SQLite's runs keep the name that the kernel gave to this time of being up; those of PostgreSQL stand in a table
without a log, which is empty after a fall.
"""

import secrets
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.db import Error, connection, transaction
from django.utils import timezone

from newsletter.models import Delivery, Issue, SendRun

LOCKS = 0x4C65  # “Le”: the first half of each lock's key; the second is the number of the run


@contextmanager
def a_run(worker: str):
    """A run of one's own. What it still holds at its end has not been begun, and is given back."""
    with transaction.atomic():
        run = SendRun.objects.create(worker=worker[:200], boot=boot())
        _ask("pg_advisory_lock", run)  # before anybody else can see the row
        _in_living("INSERT INTO newsletter_living_run (run) VALUES (%s)", run)
    try:
        yield run
    finally:
        give_back(run)
        if not Delivery.objects.in_hand_of(run).exists():  # else it stays, so that what was begun is found
            forget(run)
        _ask("pg_advisory_unlock", run)


def forget(run: SendRun) -> None:
    SendRun.objects.filter(pk=run.pk).delete()
    _in_living("DELETE FROM newsletter_living_run WHERE run = %s", run)


def give_back(run: SendRun, issue: Issue | None = None) -> None:
    """What was claimed, of this issue or of all, and not begun waits again."""
    in_hand = Delivery.objects.in_hand_of(run)
    if issue:
        in_hand = issue.deliveries.filter(status=Delivery.Status.SENDING, run=run)
    in_hand.filter(begun_at=None).update(status=Delivery.Status.PENDING, run=None)


def recover() -> int:
    """Settles what dead workers left; returns how many rows that were.

    What was not begun waits again, where that can be believed. What was begun may have been taken by the mail server or
    not: it is `uncertain`, and stays so until somebody decides.
    """
    rows = 0
    for run in SendRun.objects.order_by("pk"):
        if not _ask("pg_try_advisory_lock", run):
            continue
        with transaction.atomic():
            in_hand = Delivery.objects.in_hand_of(run)
            if marks_are_whole(run):
                rows += in_hand.filter(begun_at=None).update(status=Delivery.Status.PENDING, run=None)
            left = {"status": Delivery.Status.UNCERTAIN, "run": None, "done_at": timezone.now()}
            rows += in_hand.update(**left)
            forget(run)
        _ask("pg_advisory_unlock", run)
    return rows


def marks_are_whole(run: SendRun) -> bool:
    """Whether neither the machine nor the database fell since the run began."""
    if connection.vendor == "postgresql":
        return _in_living("SELECT 1 FROM newsletter_living_run WHERE run = %s", run)
    return run.boot == boot()


@cache
def boot() -> str:
    """The name of the time since this machine started; where the system has none, one that never comes again."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return secrets.token_hex(16)


def _in_living(sql: str, run: SendRun) -> bool:
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute(sql, [run.pk])
        return cursor.rowcount > 0


def _ask(function: str, run: SendRun) -> bool:
    if connection.vendor != "postgresql":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {function}(%s, %s)", [LOCKS, run.pk % 2**31])
            return cursor.fetchone()[0] is not False
    except Error:
        if function == "pg_advisory_unlock":  # the connection is gone, and the lock with it
            return True
        raise
