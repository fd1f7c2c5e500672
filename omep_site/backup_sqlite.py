"""SQLite's part of backup and restore: a copy made while others write, and a file that takes another's place.

The copy is one step of SQLite's backup API. In WAL mode it reads one moment of the database and holds up no writer; in
several steps it would begin anew whenever somebody has written in between, and on a busy site never end.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from django.core.management import call_command
from django.db import connection

from omep_site import archives
from omep_site.archives import About
from omep_site.backup_faults import Fault

PATIENCE = 60  # seconds for whoever holds the whole file, as the site has it (omep_site/backing_services.py)
LOGS = ("-wal", "-shm", "-journal")
BESIDE = (*LOGS, "-writers")


class Copy(NamedTuple):
    file: Path
    server: str
    migrations: dict[str, list[str]]
    rows: dict[str, int]


def place() -> Path:
    """Raises Fault."""
    if connection.is_in_memory_db():
        raise Fault("database_in_memory")
    return Path(connection.settings_dict["NAME"])


def size() -> int:
    file = place()
    if not file.exists() or not file.stat().st_size:
        raise Fault("no_database", name=file)
    log = file.with_name(f"{file.name}-wal")
    return file.stat().st_size + (log.stat().st_size if log.exists() else 0)


def copy_out(folder: Path) -> Copy:
    """The database of this moment as a file in the folder, looked through. Raises Fault."""
    file = folder / archives.DATABASES["sqlite"]
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(opened(place())) as source, closing(opened(file)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, as long as nobody works on it
            if (found := copy.execute("PRAGMA integrity_check(1)").fetchone()[0]) != "ok":
                raise Fault("database_damaged", what=found.splitlines()[0][:200])
            return Copy(file, sqlite3.sqlite_version, migrations(copy), rows(copy))
    except sqlite3.Error as error:
        raise in_words(error) from error


def in_words(error: sqlite3.Error) -> Fault:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # of the family
    if code == sqlite3.SQLITE_FULL:
        return Fault("filled")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Fault("database_locked")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return Fault("database_damaged", what=str(error)[:200])
    return Fault("tool_failed", name="SQLite", said=str(error)[:200])


def opened(file: Path) -> sqlite3.Connection:
    """One that is there: none is made."""
    return sqlite3.connect(f"file:{quote(str(file))}?mode=rw", uri=True, timeout=PATIENCE)


def migrations(database: sqlite3.Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for app, name in database.execute("SELECT app, name FROM django_migrations ORDER BY app, name"):
        found.setdefault(app, []).append(name)
    return found


def rows(database: sqlite3.Connection) -> dict[str, int]:
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
    )
    tables = [name for (name,) in database.execute(names).fetchall()]
    return {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


# --- Bringing back ----------------------------------------------------------------------------------------------------


def others() -> str:
    """Who else works on the database, in words. Here the lock of the site and its worker says it all."""
    return ""


def needed(about: About, work: Path) -> tuple[Path, int]:
    """Where how many bytes are needed."""
    return place().parent, about.files[about.database].bytes


def unfinished() -> str:
    """The archive of a restore that was not finished. Here there is none: everything is done before the one rename."""
    return ""


def bring_back(
    archive: Path, about: About, work: Path, stamp: str, finish: Callable[[dict[str, int]], None]
) -> Path | None:
    """The database of the archive, migrated and finished, takes the place of the present one in one step. Returns where
    that one is now."""
    there = place()
    there.parent.mkdir(parents=True, exist_ok=True)
    fresh = there.with_name(f".{there.name}.restoring")
    forget(fresh)
    try:
        archives.extract_one(archive, about.database, fresh)
        with instead_of_the_sites(fresh):
            call_command("migrate", verbosity=0, interactive=False)
            finish(numbers_of(there))
        archives.belong_with(fresh, there if there.exists() else there.parent)
        aside = set_aside(there, stamp)
        os.replace(fresh, there)
        archives.sync_folder(there.parent)
    finally:
        forget(fresh)
    return aside


def forget(file: Path) -> None:
    for end in ("", *BESIDE):
        file.with_name(file.name + end).unlink(missing_ok=True)


@contextmanager
def instead_of_the_sites(file: Path):
    """This process works on another file. At the end all of it stands in that one file."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(file)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
    with closing(opened(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def set_aside(there: Path, stamp: str) -> Path | None:
    """A second name for the present file, so that there is always one under the first. None where there is no file.

    What stands in its log is written into it before: beside another database the log would be taken for that one's.
    """
    if not there.exists():
        forget(there)
        return None
    with suppress(sqlite3.Error), closing(opened(there)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    aside = there.with_name(f"{there.name}.before-restore-{stamp}")
    try:
        os.link(there, aside)
    except OSError:  # a file system without links
        shutil.copy2(there, aside)
    for end in LOGS:  # only where the file is so damaged that they could not be written into it
        beside = there.with_name(there.name + end)
        if beside.exists():
            os.replace(beside, aside.with_name(aside.name + end))
    return aside


def numbers_of(file: Path) -> dict[str, int]:
    """The last number that each table gave out; nothing where the file is not there or cannot be read."""
    found: dict[str, int] = {}
    with suppress(sqlite3.Error), closing(opened(file)) as database:
        found |= dict(database.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
        for (number,) in database.execute("SELECT number FROM omep_site_contentversion"):
            found[archives.CONTENT_VERSION] = number
    return found


def skip_numbers(before: dict[str, int], gap: int) -> None:
    """No table gives out a number again that it gave out after the backup (omep_site/restore.py)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%%AUTOINCREMENT%%'")
        counting = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        given = dict(cursor.fetchall())
        for name in sorted(counting):
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            last = max(given.get(name, 0) + gap, before.get(name, 0))
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, last])
