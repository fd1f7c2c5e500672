"""A little room beside the database, kept for the day on which the disk is full.

In WAL mode SQLite opens no database, not even to read from it, without a file of some 32 KB beside it that it makes itself
(`-shm`), and takes away with the last connection. A site that was stopped would not start again on a full disk: then what
is kept here is given up for it. Whoever starts next, once there is room, keeps it anew.
"""

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

# Bytes: that file, a log that is begun, and what a file system rounds up; as much again where there is room, so that a site
# that began by it may be stopped and start once more.
SIZES = (2**17, 2**16)
# What SQLite calls it where that file cannot be made.
NO_ROOM = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)


def of(database: str | Path) -> Path:
    return Path(f"{database}-reserve")


def keep(database: str | Path) -> None:
    """Where there is a database, and room."""
    place = of(database)
    with suppress(OSError):
        if not os.path.isfile(database):
            return
        with open(os.open(place, os.O_RDWR | os.O_CREAT, 0o600), "wb") as file:
            there = os.fstat(file.fileno()).st_size
            for size in SIZES:
                if there >= size:
                    return
                try:
                    os.posix_fallocate(file.fileno(), 0, size)
                    return
                except OSError:
                    file.truncate(there)
        place.unlink()  # nothing is no reserve


def give_up(database: str | Path, error: sqlite3.OperationalError) -> bool:
    """Whether there is room now that was not there before."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF not in NO_ROOM:
        return False
    try:
        of(database).unlink()
    except OSError:
        return False
    return True
