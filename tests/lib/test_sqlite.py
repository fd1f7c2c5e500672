"""SQLite’s writers stand in line: the lock is held for a transaction, whatever ends it, and for nothing else. And what is
kept beside a database for the day on which the disk is full."""

import errno
import fcntl
import os
import sqlite3

import pytest
from django.db import DatabaseError, OperationalError, connection, connections

from omep_site.lib.sqlite import base, reserve

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has as many writers as there are"),
]


@pytest.fixture
def on_a_file(tmp_path, monkeypatch):
    """A connection to a database that is a file."""
    changed = connections.settings["default"] | {"ENGINE": "omep_site.lib.sqlite", "NAME": tmp_path / "site.sqlite3"}
    monkeypatch.setitem(connections.settings, "default", changed)
    made = connections.create_connection("default")
    made.ensure_connection()
    yield made
    made.close()


def begin(on_a_file) -> None:
    on_a_file.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def is_free(on_a_file) -> bool:
    """Whether the next one would begin at once."""
    with open(f"{on_a_file.settings_dict['NAME']}-writers") as line:
        try:
            fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


@pytest.mark.parametrize("end", ["commit", "rollback", "close"])
def test_a_transaction_is_in_front_until_it_ends_and_the_next_begins(on_a_file, end):
    assert is_free(on_a_file)
    for _twice in range(2):
        begin(on_a_file)
        assert not is_free(on_a_file)
        getattr(on_a_file, end)()
        assert is_free(on_a_file)
        on_a_file.ensure_connection()
        on_a_file.set_autocommit(True)


def test_one_that_cannot_begin_is_in_nobodys_way(on_a_file):
    begin(on_a_file)
    with pytest.raises(DatabaseError):
        on_a_file._start_transaction_under_autocommit()  # there is one already
    assert is_free(on_a_file)


def test_one_that_cannot_be_committed_is_in_front_until_it_is_taken_back(on_a_file):
    with on_a_file.cursor() as cursor:
        cursor.execute("CREATE TABLE one (id integer PRIMARY KEY, other REFERENCES one DEFERRABLE INITIALLY DEFERRED)")
        begin(on_a_file)
        cursor.execute("INSERT INTO one VALUES (1, 2)")
    with pytest.raises(DatabaseError):
        on_a_file.commit()
    assert not is_free(on_a_file)
    on_a_file.rollback()
    assert is_free(on_a_file)


def test_where_no_file_can_be_made_writers_wait_as_sqlite_does(on_a_file, tmp_path):
    on_a_file.close()
    (tmp_path / "site.sqlite3-writers").unlink()
    (tmp_path / "site.sqlite3-writers").mkdir()
    on_a_file.ensure_connection()
    begin(on_a_file)
    on_a_file.commit()
    assert on_a_file._line is None


def test_marks_for_values_are_those_of_sqlite(on_a_file):
    with on_a_file.cursor() as cursor:
        assert cursor.execute("SELECT %s, '%%s', %s", ["é", 2]).fetchall() == [("é", "%s", 2)]
        assert cursor.execute("SELECT %(one)s", {"one": "é"}).fetchall() == [("é",)]


def test_where_another_programme_holds_the_database_the_next_ones_do_not_each_wait_as_long_anew(on_a_file, monkeypatch):
    monkeypatch.setattr(base, "_in_vain_at", float("-inf"))
    monkeypatch.setitem(on_a_file.settings_dict["OPTIONS"], "timeout", 30)
    said = []
    with on_a_file.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA busy_timeout = 50")
    on_a_file.connection.set_trace_callback(said.append)
    with sqlite3.connect(on_a_file.settings_dict["NAME"], isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        for _twice in range(2):
            with pytest.raises(OperationalError, match="database is locked"):
                begin(on_a_file)
            assert is_free(on_a_file)
            on_a_file.set_autocommit(True)
        other.execute("ROLLBACK")
    other.close()
    begin(on_a_file)
    on_a_file.commit()
    hurried = ["PRAGMA busy_timeout = 200", "BEGIN IMMEDIATE", "PRAGMA busy_timeout = 30000"]
    assert said == ["BEGIN IMMEDIATE", *hurried, *hurried, "COMMIT"]


# --- A reserve for a full disk ----------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path):
    (tmp_path / "site.sqlite3").touch()
    return tmp_path / "site.sqlite3"


def sqlite_fault(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(name)
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    return error


def test_a_reserve_is_kept_beside_a_database_and_nowhere_else(file):
    reserve.keep(file)
    reserve.keep(file)
    assert reserve.of(file).stat().st_size == 2**17
    reserve.keep(file.with_name("none.sqlite3"))
    assert sorted(each.name for each in file.parent.iterdir()) == ["site.sqlite3", "site.sqlite3-reserve"]


@pytest.mark.parametrize(("room", "kept"), [(2**17, [2**17]), (2**17 - 1, [2**16]), (2**16 - 1, [])])
def test_it_is_as_large_as_there_is_room_for_and_never_a_piece(file, monkeypatch, room, kept):
    allocate = os.posix_fallocate

    def on_a_small_disk(descriptor, start, size):
        if size > room:
            allocate(descriptor, start, room)
            raise OSError(errno.ENOSPC, "No space left on device")
        allocate(descriptor, start, size)

    monkeypatch.setattr(os, "posix_fallocate", on_a_small_disk)
    reserve.keep(file)
    assert [each.stat().st_size for each in file.parent.glob("*-reserve")] == kept


@pytest.mark.parametrize(
    ("error", "given"), [("SQLITE_IOERR_SHMSIZE", True), ("SQLITE_FULL", True), ("SQLITE_BUSY", False)]
)
def test_it_is_given_up_once_and_only_where_that_makes_room(file, error, given):
    reserve.keep(file)
    assert [reserve.give_up(file, sqlite_fault(error)) for _time in range(2)] == [given, False]
    assert reserve.of(file).exists() is not given


def test_a_database_that_cannot_be_opened_for_want_of_room_is_opened_with_it(on_a_file, monkeypatch):
    name = on_a_file.settings_dict["NAME"]
    on_a_file.ensure_connection()
    on_a_file.close()
    reserve.keep(name)
    connect = sqlite3.connect

    def if_there_is_room(*args, **options):
        if reserve.of(name).exists():
            raise sqlite_fault("SQLITE_IOERR_SHMSIZE")
        return connect(*args, **options)

    monkeypatch.setattr(base.base.Database, "connect", if_there_is_room)
    with on_a_file.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)
    assert not reserve.of(name).exists()
