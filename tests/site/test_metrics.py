"""/metrics: what Prometheus is told, and who may ask."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from post_office.models import STATUS, Email
from prometheus_client.parser import text_string_to_metric_families

from comments.models import Comment
from newsletter.models import Delivery, Issue
from omep_site import metrics
from omep_site.lib import tallies
from omep_site.models import Finding, Tally
from tests.comments.factories import make_comment
from tests.newsletter.factories import make_issue, make_subscriber

pytestmark = pytest.mark.django_db
TOKEN = "0123456789abcdef"


@pytest.fixture(autouse=True)
def _token(settings):
    settings.METRICS_TOKEN = TOKEN


def ask(client, **headers):
    return client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"} | headers)


def values(client) -> dict[str, float]:
    """By name and labels: “omep_mails_total sent”."""
    response = ask(client)
    assert (response.status_code, response["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = text_string_to_metric_families(response.content.decode())
    return {" ".join([each.name, *each.labels.values()]): each.value for family in families for each in family.samples}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer  {TOKEN}", 200),
        ("", 401),
        (TOKEN, 401),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}x", 401),
        ("Bearer é", 401),
    ],
)
def test_who_has_the_token_may_ask(client, given, status):
    response = ask(client, authorization=given)
    assert (response.status_code, response.get("WWW-Authenticate")) == (status, "Bearer" if status == 401 else None)
    assert "no-store" in response["Cache-Control"]


def test_without_a_token_of_the_site_there_is_no_such_page(client, settings):
    settings.METRICS_TOKEN = ""
    assert ask(client, authorization="Bearer ").status_code == 404


def test_without_the_database_it_says_so(client, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(metrics, "gauges", away)
    assert ask(client).status_code == 503


def test_what_adds_up_begins_with_nothing_and_grows(client):
    before = values(client)
    counters = (
        "omep_mails_total sent",
        "omep_letters_total failed",
        "omep_faults_total web",
        "omep_kept_page_hits_total",
    )
    assert [before[name] for name in counters] == [0, 0, 0, 0]
    tallies.count("mails", "sent", by=3)
    tallies.count("requests", "GET", "events:home", "2xx")
    tallies.count("kept", by=7)
    for seconds in (0.02, 0.03, 9):
        tallies.took("renders", seconds)
    after = values(client)
    assert [after[name] for name in counters] == [3, 0, 0, 7]
    assert after["omep_requests_total GET events:home 2xx"] == 1
    assert [after[f"omep_render_seconds_bucket {bound}"] for bound in ("0.01", "0.025", "0.05", "2.5", "+Inf")] == [
        0,
        1,
        2,
        2,
        3,
    ]
    assert (after["omep_render_seconds_count"], after["omep_render_seconds_sum"]) == (3, pytest.approx(9.05))


def test_how_things_stand(client):
    now = timezone.now()
    make_comment(status="pending")
    approved = make_comment(status="approved")
    Comment.objects.filter(pk=approved.pk).update(published_at=now - timedelta(minutes=5), announced_at=None)
    for status, minutes in ((STATUS.queued, 3), (STATUS.requeued, 60), (STATUS.sent, 90)):
        mail = Email.objects.create(from_email="a@example.org", to="zoe@example.org", status=status)
        Email.objects.filter(pk=mail.pk).update(created=now - timedelta(minutes=minutes))
    Email.objects.filter(status=STATUS.requeued).update(scheduled_time=now + timedelta(hours=1))
    issue = make_issue()
    Issue.objects.filter(pk=issue.pk).update(status=Issue.Status.SENDING, queued_at=now - timedelta(minutes=7))
    Delivery.objects.create(issue=issue, subscriber=make_subscriber(status="confirmed"), language="fr")
    Finding.keep(Finding.WORKER)
    found = values(client)
    assert (found["omep_mails_waiting"], found["omep_comments_waiting"]) == (2, 1)
    waits = [found[f"omep_oldest_due_seconds {what}"] for what in ("mail", "letter", "announcement")]
    assert waits == [pytest.approx(180, abs=30), pytest.approx(420, abs=30), pytest.approx(300, abs=30)]
    assert found["omep_worker_last_seen_timestamp_seconds"] == pytest.approx(now.timestamp(), abs=30)
    assert {name: found[name] for name in found if name.startswith("omep_subscribers")} == {
        "omep_subscribers confirmed": 1,
        "omep_subscribers pending": 0,
        "omep_subscribers suppressed": 0,
        "omep_subscribers unsubscribed": 0,
    }
    assert found["omep_database_bytes"] > 100_000
    assert found["omep_disk_free_bytes media"] > 0


def test_no_label_is_of_a_visitors_making(client):
    for _ in range(2):
        client.get("/en/nowhere/confidentiel/?q=confidentiel")
    assert "confidentiel" not in ask(client).content.decode()
    assert not Tally.objects.filter(name__contains="confidentiel").exists()
