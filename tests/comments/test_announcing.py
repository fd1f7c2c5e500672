"""The worker tells those who follow that a comment is published, or answered."""

import logging
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from post_office.models import Email

from comments import announcing, mails
from comments.announcing import SECOND_THOUGHTS, announce, announce_due
from comments.models import Comment
from omep_site.lib import public
from omep_site.worker import Worker
from tests.comments.factories import make_comment, make_correspondent, make_follow
from tests.factories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_row_was_left():
    announcing._left.clear()


def later(**more) -> timezone.datetime:
    """When what was approved just now is announced."""
    return timezone.now() + SECOND_THOUGHTS + timedelta(seconds=1, **more)


def told() -> list[tuple[str, str]]:
    """Who was written to, and what of; in the order of the addresses."""
    rows = [(mail.to[0], mail.headers["X-Mail-Kind"].removeprefix("comment_")) for mail in Email.objects.all()]
    return sorted(rows)


def make_conversation(*addresses: str, **fields) -> list[Comment]:
    """Published comments, each an answer to the one before."""
    made = []
    for address in addresses:
        parent = made[-1] if made else None
        event = parent.event if parent else make_event()
        made.append(make_comment(event=event, parent=parent, email=address, status="approved", **fields))
    return made


def test_an_author_who_asked_is_told_once_two_minutes_after_the_approval():
    comment = make_comment()
    make_follow(comment)
    assert (announce_due(later()), told()) == (0, [])
    comment.approve()
    assert timedelta(minutes=2) == SECOND_THOUGHTS
    assert (announce_due(comment.published_at + SECOND_THOUGHTS - timedelta(seconds=1)), told()) == (0, [])
    assert [announce_due(comment.published_at + SECOND_THOUGHTS) for _turn in range(3)] == [1, 0, 0]
    assert told() == [(comment.email, "published")]
    assert Comment.objects.get().announced_at == comment.published_at + SECOND_THOUGHTS


def test_an_approval_that_is_undone_within_two_minutes_mails_nobody():
    comment = make_comment()
    make_follow(comment)
    comment.approve()
    comment.take_back("pending", comment.updated_at)
    assert (announce_due(later()), told()) == (0, [])
    comment.approve()
    assert (announce_due(later()), told()) == (1, [(comment.email, "published")])


def test_approved_undone_and_approved_again_is_told_once():
    comment = make_comment()
    make_follow(comment)
    for _turn in range(3):
        comment.approve()
        announce_due(later(minutes=1))
        comment.restore()
        announce_due(later(minutes=1))
    assert told() == [(comment.email, "published")]


@pytest.mark.parametrize("state", ["pending", "confirmed", "stopped"])
@pytest.mark.parametrize("wish", ["publication", "replies"])
def test_only_an_address_that_said_yes_is_written_to_and_only_of_what_it_wished(state, wish):
    comment, answer = make_conversation("zoe@example.org", "andre@example.org")
    row = make_correspondent(email="zoe@example.org", status=state)
    make_follow(comment, row, **{"publication": False, "replies": False} | {wish: True})
    assert announce_due(later()) == 2
    kind = {"publication": "published", "replies": "answered"}[wish]
    assert told() == ([("zoe@example.org", kind)] if state == "confirmed" else [])
    assert answer.parent == comment


def test_those_above_are_told_of_an_answer_each_address_once_and_not_its_author():
    first, second, third, fourth = make_conversation(
        "zoe@example.org", "andre@example.org", "ZOE@example.org", "Émilie@example.org".replace("É", "E")
    )
    beside = make_comment(event=first.event, parent=first, status="approved", email="beside@example.org")
    for comment in (first, second, third, fourth, beside):
        make_follow(comment, publication=False)
    Comment.objects.exclude(pk=fourth.pk).update(announced_at=timezone.now())
    assert announce_due(later()) == 1
    assert told() == [("andre@example.org", "answered"), ("zoe@example.org", "answered")]
    [mail] = [each for each in Email.objects.all() if each.to == ["zoe@example.org"]]
    assert third.follows.get().stop_url in mail.message  # the nearest of her comments
    assert mail.headers["X-About"] == f"comment-{fourth.pk}"


def test_nobody_is_told_of_an_answer_of_their_own_whatever_the_capitals():
    comment, _answer = make_conversation("zoe@example.org", "Zoe@Example.org")
    make_follow(comment, publication=False)
    assert (announce_due(later()), told()) == (2, [])


def test_below_the_last_level_who_is_answered_is_told_too():
    conversation = make_conversation(*(f"personne{number}@example.org" for number in range(7)))
    for comment in conversation:
        make_follow(comment, publication=False)
    Comment.objects.exclude(pk=conversation[-1].pk).update(announced_at=timezone.now())
    announce_due(later())
    assert [address for address, _kind in told()] == [
        "personne0@example.org",
        "personne1@example.org",
        "personne2@example.org",
        "personne3@example.org",
        "personne5@example.org",
    ]


def test_of_answers_under_a_comment_that_was_removed_its_author_hears_nothing():
    first, second, _third = make_conversation("zoe@example.org", "andre@example.org", "emilie@example.org")
    for comment in (first, second):
        make_follow(comment, publication=False)
    second.trash()
    announce_due(later())
    assert told() == [("zoe@example.org", "answered")]  # of the third; the second was removed before it was told


def test_on_an_event_that_was_withdrawn_nobody_is_told_until_it_is_back():
    comment = make_comment(status="approved", event=make_event(status="draft"))
    make_follow(comment)
    assert (announce_due(later()), told()) == (0, [])
    comment.event.publish()
    assert (announce_due(later()), told()) == (1, [(comment.email, "published")])


def test_an_undo_that_comes_before_the_claim_wins():
    comment = make_comment(status="approved")
    make_follow(comment)
    comment.restore()
    assert (announce(comment.pk, later()), told()) == (False, [])
    comment.approve()
    assert (announce(comment.pk), told()) == (False, [])  # its two minutes begin anew
    assert [announce(comment.pk, later()) for _turn in range(2)] == [True, False]
    assert told() == [(comment.email, "published")]


def test_a_claim_and_its_mails_are_written_together_or_not_at_all():
    comment = make_comment(status="approved")
    make_follow(comment)

    def fail():
        with transaction.atomic():
            announce(comment.pk, later())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (Comment.objects.get().announced_at, told()) == (None, [])


def test_a_comment_whose_mails_fail_keeps_nobody_else_from_theirs_and_is_tried_again_in_an_hour(monkeypatch, caplog):
    good, bad, fine = [make_comment(status="approved", email=f"{name}@example.org") for name in ("a", "b", "c")]
    for comment in (good, bad, fine):
        make_follow(comment)
    published, clock = mails.published, time.monotonic()

    def fail_for_one(follow):
        if follow.comment_id == bad.pk:
            raise ValueError(follow.correspondent.email)
        published(follow)

    monkeypatch.setattr(mails, "published", fail_for_one)
    monkeypatch.setattr(announcing.time, "monotonic", lambda: clock)
    with caplog.at_level(logging.ERROR, logger="comments.announcing"):
        assert [announce_due(later()) for _turn in range(3)] == [2, 0, 0]
    [record] = caplog.records
    assert record.getMessage() == f"comment {bad.pk} could not be announced"
    assert "example.org" not in record.getMessage()
    assert told() == [("a@example.org", "published"), ("c@example.org", "published")]
    monkeypatch.setattr(mails, "published", published)
    assert announce_due(later()) == 0
    clock += announcing.LEFT_FOR
    assert announce_due(later()) == 1
    assert told()[1] == ("b@example.org", "published")


def test_a_database_that_is_away_is_no_fault_of_a_comment(monkeypatch):
    make_follow(make_comment(status="approved"))

    def gone(follow):
        raise OperationalError("gone")

    monkeypatch.setattr(mails, "published", gone)
    with pytest.raises(OperationalError):
        announce_due(later())
    assert announcing._left == {}


def test_a_round_with_nothing_to_announce_costs_one_query(django_assert_num_queries):
    make_comment()
    with django_assert_num_queries(1):
        announce_due()


@pytest.mark.parametrize("followers", [1, 3])
def test_a_comment_is_announced_with_the_same_queries_beside_a_row_for_each_mail(django_assert_num_queries, followers):
    conversation = make_conversation(*(f"personne{number}@example.org" for number in range(followers + 1)))
    for comment in conversation[:-1]:
        make_follow(comment, publication=False)
    Comment.objects.exclude(pk=conversation[-1].pk).update(announced_at=timezone.now())
    public.forget_version()
    # What is due, a savepoint, the claim, the comment, who follows; the version of the site’s words; the mails; the end.
    with django_assert_num_queries(5 + 1 + followers + 1):
        announce_due(later())
    assert len(told()) == followers


@pytest.mark.django_db(transaction=True)
def test_the_worker_announces_and_sends_in_one_round():
    comment = make_comment(status="approved")
    make_follow(comment)
    Comment.objects.update(published_at=timezone.now() - SECOND_THOUGHTS)
    assert [Worker().round() for _turn in range(2)] == [True, False]
    assert [(mail.to, mail.status) for mail in Email.objects.all()] == [([comment.email], 0)]
