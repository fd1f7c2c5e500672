"""Whether the site or its worker runs on this database: each shares one lock for as long as it lives, and a restore has
it for itself. The lock is the operating system's, so that it ends with its process, however that ended.

It knows the processes of this machine. On PostgreSQL a restore also asks the server who else is connected, and marks a
database that is not finished yet (omep_site/backup_postgresql.py).
"""

import ctypes
import fcntl
import hashlib
import json
import os
import signal
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.db import connection

BEING_RESTORED = "The site is being brought back from a backup: start it again when that is done."
HALF_RESTORED = "A restore was not finished: run `manage.py restore` again with the same archive ({name})."
PR_SET_PDEATHSIG = 1
MARK = "omep_restoring"  # a table on PostgreSQL, for as long as the database is not to be worked on


def lock_file() -> Path:
    """Beside a SQLite file, so that every folder of the programme that serves it knows the same; else in var/, one for each
    database."""
    database = settings.DATABASES["default"]
    if connection.vendor == "sqlite":
        name = Path(str(database["NAME"]))
        return name.with_name(f"{name.name}.running")
    which = "|".join(str(database.get(part, "")) for part in ("HOST", "PORT", "NAME"))
    return Path(settings.VAR) / f"running-{hashlib.sha256(which.encode()).hexdigest()[:8]}.lock"


def share() -> int | None:
    """Shares the lock, and returns the descriptor that holds it until it is closed. It outlives `os.exec`, so that the
    programme that takes this one's place goes on holding it; processes that are started beside do not get it.

    None where there can be no such file: then nobody is asked. Ends this process in a sentence while a restore is at work.
    """
    try:
        lock_file().parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(lock_file(), os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        sys.exit(BEING_RESTORED)
    os.set_inheritable(descriptor, True)
    return descriptor


def end_with_parent() -> None:
    """SIGTERM for this process when the one that started it dies (prctl(2), Linux): a server that is killed would leave
    processes behind that go on answering."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@contextmanager
def held():
    """Shares the lock for as long as what is within runs."""
    descriptor = share()
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def nobody():
    """Yields whether nobody shares the lock; then nobody can, until the end of what is within."""
    lock_file().parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(lock_file(), os.O_RDWR | os.O_CREAT, 0o644), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            is_alone = False
        else:
            is_alone = True
        yield is_alone


def mark() -> dict | None:
    """What a restore that is not finished left on PostgreSQL; None where there is none."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [MARK])
        if cursor.fetchone()[0] is None:
            return None
        cursor.execute(f"SELECT told FROM {MARK}")  # noqa: S608 (a name of ours)
        return json.loads(cursor.fetchone()[0])
