"""How far the sending of an issue is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import server_state
from newsletter.models import Delivery
from newsletter.progress import progress_of
from tests.newsletter.factories import make_issue, make_sending

pytestmark = pytest.mark.django_db


@pytest.fixture
def _standing_clock(monkeypatch):
    """However long it takes to write thousands of rows, the pace of the letters is what the test says."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)


def put(issue, count: int, status: str, seconds_ago: float | None = None, **fields) -> None:
    """So many letters of this status; the sent ones went out one by one until now."""
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(
            issue=issue,
            language="fr",
            status=status,
            done_at=now - timedelta(seconds=seconds_ago * (count - number) / count) if seconds_ago else None,
            **fields,
        )
        for number in range(count)
    )


def test_the_counts_and_what_is_left():
    issue = make_sending()
    for status, count in {"sent": 3, "pending": 2, "deferred": 1, "failed": 1, "skipped": 1, "uncertain": 1}.items():
        put(issue, count, status)
    found = progress_of(issue)
    assert (found.total, found.done, found.left, found.percent) == (9, 6, 3, 66)
    assert (found.counts["sent"], found.counts["bounced"]) == (3, 0)


@pytest.mark.usefixtures("_standing_clock")
@pytest.mark.parametrize(
    ("sent", "within", "waiting", "minutes"),
    [(100, 10, 2700, 5), (100, 10, 1, 1), (100, 10, 0, None), (0, None, 50, None), (1, 1, 50, None)],
)
def test_the_time_that_is_left_goes_by_the_pace_of_the_last_letters(sent, within, waiting, minutes):
    issue = make_sending()
    put(issue, sent, "sent", within)
    put(issue, waiting, "pending")
    assert progress_of(issue).minutes_left == minutes


@pytest.mark.usefixtures("_standing_clock")
def test_a_limit_of_letters_in_a_minute_is_the_pace(settings):
    settings.NEWSLETTER_PER_MINUTE = 60
    issue = make_sending()
    put(issue, 100, "sent", 10)
    put(issue, 600, "pending")
    assert progress_of(issue).minutes_left == 10


def test_there_is_no_pace_where_nothing_left_for_a_while_or_nothing_is_sent():
    issue = make_sending()
    put(issue, 10, "sent", 1)
    put(issue, 10, "pending")
    assert progress_of(issue).pace > 0
    issue.deliveries.update(done_at=timezone.now() - timedelta(minutes=3))
    assert (progress_of(issue).pace, progress_of(issue).minutes_left) == (0, None)
    issue.deliveries.update(done_at=timezone.now())
    issue.pause()
    assert progress_of(issue).pace == 0


def test_where_only_patience_is_left_the_next_try_is_named():
    issue = make_sending()
    moment = timezone.now() + timedelta(minutes=5)
    put(issue, 1, "deferred", next_try=moment + timedelta(hours=1))
    put(issue, 1, "deferred", next_try=moment)
    assert progress_of(issue).next_try == moment
    put(issue, 1, "pending")
    assert progress_of(issue).next_try is None


def test_a_mail_server_that_is_away_is_said():
    issue = make_issue()
    assert progress_of(issue).server is None
    server_state.note_down("nobody listens")
    assert progress_of(issue).server.said == "nobody listens"
    server_state.note_up()
    assert progress_of(issue).server is None


def test_it_costs_as_many_queries_however_many_letters_there_are(django_assert_num_queries):
    issue = make_sending()
    put(issue, 30, "sent", 10)
    put(issue, 30, "pending")
    with django_assert_num_queries(3):
        progress_of(issue)
