"""SQLite's writers stand in line: the lock is held for a transaction, whatever ends it, and for nothing else."""

import fcntl

import pytest
from django.db import DatabaseError, connection, connections

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
