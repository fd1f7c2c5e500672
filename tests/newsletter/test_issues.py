"""The lifecycle of an issue: from each status, what each verb does."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.models import Issue
from newsletter.models.issues import TOO_LATE
from omep_site.models import ContentVersion
from tests.newsletter.factories import make_issue, make_readers, make_sending, stands

pytestmark = pytest.mark.django_db

STATES = ["draft", "scheduled", "sending", "paused", "sent", "cancelled"]
LEADS = {
    "schedule": {"draft": "scheduled"},
    "send_now": {"draft": "sending", "scheduled": "sending"},
    "come_due": {"scheduled": "sending"},
    "change_again": {"scheduled": "draft", "sending": "draft", "paused": "draft"},
    "pause": {"sending": "paused"},
    "go_on": {"paused": "sending"},
    "reopen": {"sent": "sending"},
    "cancel": {"scheduled": "cancelled", "sending": "cancelled", "paused": "cancelled"},
}


def in_state(status: str) -> Issue:
    return make_issue(status=status, send_at=timezone.now() - timedelta(minutes=1))


@pytest.mark.parametrize("verb", LEADS)
@pytest.mark.parametrize("state", STATES)
def test_each_verb_moves_from_its_states_and_no_other_and_says_whether(state, verb):
    issue = in_state(state)
    stale = Issue.objects.get()
    version = ContentVersion.current()
    words = [timezone.now()] if verb == "schedule" else []
    expected = LEADS[verb].get(state)
    assert getattr(issue, verb)(*words) is (expected is not None)
    assert Issue.objects.get().status == issue.status == (expected or state)
    assert (ContentVersion.current() > version) is (expected is not None)
    assert getattr(stale, verb)(*words) is False  # a second click


def test_sent_is_what_nobody_waits_for_any_more():
    make_readers(fr=1)
    issue = make_sending()
    assert issue.finish() is False  # its readers are not written down yet
    Issue.objects.update(queued_at=timezone.now())
    row = issue.deliveries.create(language="fr")
    for status in ("pending", "sending", "deferred"):
        issue.deliveries.update(status=status)
        assert (status, issue.finish()) == (status, False)
    for status in ("sent", "failed", "uncertain", "skipped", "cancelled", "bounced"):
        Issue.objects.update(status="sending")
        issue.deliveries.update(status=status)
        assert (status, issue.finish(), Issue.objects.get().status) == (status, True, "sent")
    assert row.issue == issue


@pytest.mark.parametrize(("after", "moved", "status"), [(TOO_LATE, False, "paused"), (timedelta(0), True, "sending")])
def test_at_its_moment_it_goes_out_and_long_after_it_asks(after, moved, status):
    issue = make_issue()
    issue.schedule(timezone.now() - after - timedelta(seconds=1))
    assert (issue.come_due(), Issue.objects.get().status) == (moved, status)


def test_it_does_not_come_due_before_its_moment():
    issue = make_issue()
    issue.schedule(timezone.now() + timedelta(minutes=1))
    assert (issue.come_due(), Issue.objects.get().status) == (False, "scheduled")


def test_once_a_letter_was_written_its_words_stand():
    issue = make_sending()
    Issue.objects.update(queued_at=timezone.now())
    assert (issue.change_again(), Issue.objects.get().status) == (False, "sending")


def test_cancelled_nobody_waits():
    issue = make_sending()
    for status in ("pending", "deferred", "sending", "sent", "failed"):
        issue.deliveries.create(language="fr", status=status)
    issue.cancel()
    assert stands(issue) == {"cancelled": 2, "sending": 1, "sent": 1, "failed": 1}


@pytest.mark.parametrize(
    ("words", "goes"),
    [
        ({}, True),
        ({"body_en": ""}, False),
        ({"body_en": "<p> </p>"}, False),
        ({"subject_fr": ""}, False),
        ({"body_en": "", "incomplete": True}, True),
        ({"body_en": "", "body_fr": "", "incomplete": True}, False),
    ],
)
def test_it_goes_out_whole_or_where_somebody_agreed(words, goes):
    issue = make_issue(**words)
    issue.refresh_from_db()
    assert (issue.may_go_out(), issue.send_now(), Issue.objects.get().status) == (
        goes,
        goes,
        "sending" if goes else "draft",
    )


def test_the_database_knows_that_what_is_scheduled_has_a_moment():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_issue(status="scheduled")


@pytest.mark.parametrize(
    ("status", "queued", "in_archive", "public"),
    [(status, True, True, status in ("sending", "paused", "sent")) for status in STATES]
    + [("sent", True, False, False), ("sending", False, True, False)],
)
def test_the_archive_has_what_went_out_unless_it_is_kept_out(status, queued, in_archive, public):
    moment = timezone.now()
    issue = make_issue(status=status, send_at=moment, queued_at=moment if queued else None, in_archive=in_archive)
    assert (list(Issue.objects.public()), issue.is_public()) == ([issue] if public else [], public)
