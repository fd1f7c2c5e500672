"""The background process."""

import logging
import sqlite3
from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection
from django.utils import timezone

from omep_site import worker
from omep_site.lib import incidents, mail
from omep_site.models import Counter, Incident, Kind
from omep_site.worker import Worker

MAIL = "Subject: A mail of the tests"


@pytest.fixture
def queue(project):
    """A project with one mail that is due, and `queue.again()` to make it due once more."""
    sent = project.run(
        "shell",
        "-c",
        "from django.core.mail import send_mail; send_mail('A mail of the tests', 'Hello', None, ['anna@example.org'])",
    )
    assert sent[0] == 0, sent

    def again():
        database = sqlite3.connect(project.scratch / "db.sqlite3", timeout=10)
        with database:
            database.execute("UPDATE post_office_email SET status = 2")
        database.close()

    project.again = again
    return project


def test_one_worker_at_a_time_on_sqlite_and_the_next_takes_over(queue):
    waiting = "another worker runs on this SQLite database; waiting for it to end"
    with queue.start("worker") as first:
        first.wait_for(MAIL)
        with queue.start("worker") as second:
            second.wait_for(waiting)
            queue.again()
            first.wait_for(MAIL, times=2)
            assert MAIL not in second.output()
            assert first.stop() == 0
            queue.again()
            second.wait_for(MAIL)
            assert second.output().count(waiting) == 1
            assert second.stop() == 0
            assert (first.output().count(MAIL), second.output().count(MAIL)) == (2, 1)
            assert "Traceback" not in first.output() + second.output()


def test_a_worker_that_waits_for_another_stops_when_it_is_told(queue):
    with queue.start("worker") as first:
        first.wait_for(MAIL)
        with queue.start("worker") as second:
            second.wait_for("waiting for it to end")
            assert second.stop() == 0
            assert first.popen.poll() is None


def test_a_killed_worker_leaves_the_way_free(queue):
    with queue.start("worker") as first:
        first.wait_for(MAIL)
        first.popen.kill()
        first.popen.wait()
    queue.again()
    with queue.start("worker") as second:
        second.wait_for(MAIL)
        assert second.stop() == 0


def test_a_worker_that_finds_no_tables_yet_waits_for_them(queue):
    """`make worker` may be started before `make migrate`."""
    file = queue.scratch / "later.sqlite3"
    with queue.start("worker", DATABASE_URL=f"sqlite:///{file}") as process:
        process.wait_for("the database did not answer, trying again: OperationalError")
        source, later = sqlite3.connect(queue.scratch / "db.sqlite3"), sqlite3.connect(file, timeout=10)
        source.backup(later)
        source.close()
        later.close()
        process.wait_for(MAIL)
        assert process.stop() == 0


@pytest.mark.django_db(transaction=True)  # a round closes connections that are in a transaction
@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
def test_a_database_that_is_away_costs_a_pause_and_not_the_worker(monkeypatch, caplog, fault):
    results = iter([fault("gone"), 2, 0])

    def deliver():
        result = next(results)
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(mail, "deliver_due", deliver)
    one = Worker()
    with caplog.at_level(logging.ERROR, logger="omep_site.worker"):
        assert [one.round() for _ in range(3)] == [False, True, False]
    assert [record.getMessage() for record in caplog.records] == [
        f"the database did not answer, trying again: {fault.__name__}"
    ]


@pytest.mark.django_db(transaction=True)
def test_a_worker_whose_connection_was_cut_makes_a_new_one():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no connection that could be cut")
    one = Worker()
    assert one.round() is False
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [pid] = cursor.fetchone()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [pid])
    other.close()
    assert one.round() is False
    one.tidied = float("-inf")
    Counter.add("old", timezone.now() - timedelta(days=1))
    assert one.round() is False
    assert Counter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_old_rows_are_tidied_once_an_hour(monkeypatch):
    now = 0.0
    monkeypatch.setattr(worker.time, "monotonic", lambda: now)
    one = Worker()
    left = []
    for now in (0.0, 3600.0, 3600.1, 3601.0):
        Counter.add(f"{now}", timezone.now() - timedelta(days=1))
        one.round()
        left.append(Counter.objects.count())
    assert left == [0, 1, 0, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", [ZeroDivisionError, IntegrityError, DataError])
def test_a_job_that_fails_each_time_ends_no_other(monkeypatch, caplog, fault):
    done = []

    def fail(*_args):
        raise fault

    monkeypatch.setattr(worker.importing, "work", fail)
    monkeypatch.setattr(worker.Senders, "work", lambda self: done.append("sent") or 0)
    assert Worker().round() is False
    assert (done, [each.message for each in caplog.records]) == (["sent"], ["a job failed, going on"])


# --- What it says of itself -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_job_that_fails_is_noted_and_so_is_a_database_that_is_away(monkeypatch):
    def fail(*_args):
        raise ZeroDivisionError

    def be_away(*_args):
        raise OperationalError

    monkeypatch.setattr(worker.watching, "store", lambda: None)
    one = Worker()
    monkeypatch.setattr(worker.importing, "work", fail)
    one.round()
    assert incidents.noted() == [Kind.JOB_FAILED]
    monkeypatch.setattr(worker.importing, "work", be_away)
    one.round()
    assert incidents.noted() == [Kind.JOB_FAILED, Kind.DATABASE_AWAY]


@pytest.mark.django_db(transaction=True)
def test_a_round_stores_what_was_noted_and_counted_and_tells_of_each_job_that_had_something_to_do(monkeypatch, caplog):
    monkeypatch.setattr(mail, "deliver_due", lambda: 3)
    incidents.note(Kind.CACHE_AWAY)
    with caplog.at_level(logging.INFO, logger="omep_site.worker"):
        assert Worker().round() is True
    assert [row.kind for row in Incident.objects.all()] == [Kind.CACHE_AWAY]
    [told] = [record.fields for record in caplog.records]
    assert (told["job"], told["done"]) == ("mail", 3)


@pytest.mark.django_db(transaction=True)
def test_what_happened_is_forgotten_after_ninety_days():
    now = timezone.now()
    for days in (89, 91):
        Incident.add(Kind.FAULT, now - timedelta(days=days), now - timedelta(days=days), 1)
    Worker().tidy()
    assert [(now - row.ended).days for row in Incident.objects.all()] == [89]


@pytest.mark.parametrize(("step", "noted"), [(3600, []), (-4, []), (-60, [Kind.CLOCK_SET_BACK])])
def test_a_clock_that_is_set_back_is_noted(monkeypatch, step, noted):
    clock = [1_800_000_000.0]
    monkeypatch.setattr(worker.time, "time", lambda: clock[0])
    monkeypatch.setattr(worker.time, "monotonic", lambda: 5.0)
    one = Worker()
    clock[0] += step
    one.look_at_the_clock()
    one.look_at_the_clock()
    assert incidents.noted() == noted


def test_a_worker_shows_that_it_lives_and_one_that_was_killed_is_found_by_the_next(queue):
    def rows(sql):
        database = sqlite3.connect(queue.scratch / "db.sqlite3", timeout=10)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    with queue.start("worker") as first:
        first.wait_until(lambda: rows("SELECT 1 FROM omep_site_finding WHERE key = 'worker'"))
        first.wait_for(MAIL)
        first.popen.kill()
        first.popen.wait()
    with queue.start("worker") as second:
        second.wait_for("a process had ended without being told to: worker")
        queue.again()
        second.wait_for(MAIL)
        second.wait_until(lambda: rows("SELECT kind FROM omep_site_incident") == [("process died",)])
        assert second.stop() == 0
    [[count]] = rows("SELECT value FROM omep_site_tally WHERE name = 'mails|sent'")
    assert count in (1, 2)  # the first had no time to store what it had counted, or just had it
