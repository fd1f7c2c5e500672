"""What a dead worker held in its hands."""

import pytest
from django.db import connection, connections
from django.utils import timezone

from newsletter import marks, recovery
from newsletter.models import Delivery, SendRun
from newsletter.sending import Sender
from tests.newsletter.conftest import slowly
from tests.newsletter.factories import make_issue, make_readers, make_sending, stands

pytestmark = pytest.mark.django_db


def step(run, sent, begin):
    with slowly() as cursor:
        return marks.step(cursor, run, sent, begin)


def dead_run(issue, *, begun=1, waiting=2) -> SendRun:
    """A run of a worker that is no more, with letters in its hands."""
    run = SendRun.objects.create(worker="gone 1", boot=recovery.boot())
    recovery._in_living("INSERT INTO newsletter_living_run (run) VALUES (%s)", run)
    for number in range(begun + waiting):
        at = timezone.now() if number < begun else None
        issue.deliveries.create(language="fr", status="sending", run=run, begun_at=at)
    return run


def test_what_was_begun_is_uncertain_and_the_rest_waits_again():
    issue = make_sending()
    dead_run(issue)
    assert (recovery.recover(), stands(issue)) == (3, {"pending": 2, "uncertain": 1})
    assert (SendRun.objects.count(), Delivery.objects.filter(status="sending").count()) == (0, 0)
    assert recovery.recover() == 0


def test_after_a_fall_of_machine_or_database_no_mark_is_believed():
    issue = make_sending()
    run = dead_run(issue)
    SendRun.objects.update(boot="another time")
    recovery._in_living("DELETE FROM newsletter_living_run WHERE run = %s", run)
    recovery.recover()
    assert stands(issue) == {"uncertain": 3}


def test_at_its_end_a_run_gives_back_what_was_not_begun():
    issue = make_sending()
    with recovery.a_run("here") as run:
        for begun in (None, timezone.now()):
            issue.deliveries.create(language="fr", status="sending", run=run, begun_at=begun)
    assert (stands(issue), SendRun.objects.count()) == ({"pending": 1, "sending": 1}, 1)
    recovery.recover()  # by the next worker, should this one never come to say what became of it
    assert (stands(issue), SendRun.objects.count()) == ({"pending": 1, "uncertain": 1}, 0)


def test_a_letter_is_begun_and_the_one_before_it_sent_in_one_step():
    issue = make_sending()
    with recovery.a_run("here") as run:
        first, second = (issue.deliveries.create(language="fr", status="sending", run=run) for _number in range(2))
        assert step(run, None, first.pk) == (False, True)
        assert step(run, first.pk, second.pk) == (True, True)
    first.refresh_from_db()
    assert (first.status, first.done_at is not None) == ("sent", True)


@pytest.mark.parametrize("status", ["paused", "cancelled", "draft"])
def test_no_letter_of_an_issue_that_stands_still_is_begun(status):
    issue = make_issue(status=status)
    with recovery.a_run("here") as run:
        row = issue.deliveries.create(language="fr", status="sending", run=run)
        assert step(run, None, row.pk) == (False, False)
    assert (stands(issue), Delivery.objects.get().begun_at) == ({"pending": 1}, None)


def test_who_was_taken_for_dead_begins_no_letter():
    issue = make_sending()
    with recovery.a_run("here") as run:
        row = issue.deliveries.create(language="fr", status="sending", run=run)
        Delivery.objects.update(status="pending", run=None)  # another worker thought so
        assert step(run, None, row.pk) == (False, False)


def test_a_letter_that_another_worker_called_uncertain_is_sent_all_the_same(mail_server, monkeypatch):
    make_readers(fr=1)
    issue = make_sending()
    sender, taken_for_dead = Sender(), Sender.send_letter

    def lose(self, which, row, key):
        answer = taken_for_dead(self, which, row, key)
        Delivery.objects.update(status="uncertain", run=None)
        return answer

    monkeypatch.setattr(Sender, "send_letter", lose)
    sender.work()
    sender.close()
    assert stands(issue) == {"sent": 1}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="on SQLite one worker runs at a time")
def test_a_living_worker_is_not_recovered(transactional_db):
    issue = make_sending()
    other = connections.create_connection("default")
    with recovery.a_run("here") as run:
        issue.deliveries.create(language="fr", status="sending", run=run, begun_at=timezone.now())
        mine = connections["default"]
        try:
            connections["default"] = other
            assert recovery.recover() == 0
        finally:
            connections["default"] = mine
            other.close()
        assert stands(issue) == {"sending": 1}


def test_a_quick_commit_waits_for_the_disk_again_afterwards(transactional_db):
    asked = "SHOW synchronous_commit" if connection.vendor == "postgresql" else "PRAGMA synchronous"
    found = []

    def now() -> None:
        with connection.cursor() as cursor:
            cursor.execute(asked)
            found.append(cursor.fetchone()[0])

    with marks.quickly():
        now()
    now()
    assert found == (["off", "on"] if connection.vendor == "postgresql" else [1, 2])
