"""Spam and trash end when their time is over."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import retention
from comments.models import Comment, Correspondent, Follow, Move, Policy
from omep_site.models import ContentVersion
from omep_site.worker import Worker
from tests.comments.factories import make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def old(days: float, **fields) -> Comment:
    comment = make_comment(**fields)
    Comment.objects.filter(pk=comment.pk).update(updated_at=NOW - timedelta(days=days))
    return comment


def names() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("name", flat=True))


def test_after_thirty_days_spam_and_trash_are_erased_and_nothing_else():
    for status in Comment.Status.values:
        old(30.01, status=status, name=f"{status}, trop vieux")
        old(29.99, status=status, name=f"{status}, encore là")
    assert (retention.erase_old(NOW), retention.erase_old(NOW)) == (2, 0)
    assert names() == [
        "pending, trop vieux",
        "pending, encore là",
        "approved, trop vieux",
        "approved, encore là",
        "spam, encore là",
        "trash, encore là",
    ]


@pytest.mark.parametrize(("status", "left"), [("spam", ["a", "b"]), ("trash", ["c"])])
def test_the_rules_say_how_long_for_the_site_and_for_an_event(status, left):
    own, other, elsewhere = make_event(), make_event(), make_event()
    Policy.objects.create(spam_days=60, trash_days=5)
    Policy.objects.create(event=own, spam_days=None, trash_days=None, levels=2)
    Policy.objects.create(event=other, spam_days=1, trash_days=90)
    for name, event in (("a", own), ("b", elsewhere), ("c", other)):
        old(20, status=status, event=event, name=name)
    retention.erase_old(NOW)
    assert names() == left


def test_what_its_author_took_back_ends_with_the_trash():
    comment = make_comment()
    comment.withdraw()
    assert retention.erase_old(NOW + timedelta(days=29)) == 0
    assert retention.erase_old(NOW + timedelta(days=31)) == 1
    assert names() == []


def test_each_is_in_the_record_of_moves():
    comment = old(31, status="spam", name="Zoé", email="zoe@example.org")
    retention.erase_old(NOW)
    assert list(Move.objects.values_list("comment_number", "old", "new", "via", "actor", "actor_id", "at")) == [
        (comment.pk, "spam", "erased", "retention", "", None, NOW)
    ]


def test_where_others_stand_below_an_empty_place_stays_until_the_last_of_them_is_gone():
    event = make_event()
    top = old(40, event=event, status="trash", name="en haut")
    middle = old(40, event=event, status="spam", parent=top, name="au milieu")
    answer = make_comment(event=event, parent=middle, status="approved", name="réponse")
    Follow.objects.create(
        correspondent=Correspondent.objects.create(email="zoe@example.org", language="fr"), comment=top
    )
    top.reports.create(reason="spam", who="x")
    version = ContentVersion.current()
    assert [retention.erase_old(NOW) for _ in range(2)] == [2, 0]
    assert ContentVersion.current() > version
    rows = Comment.objects.order_by("pk").values_list("name", "email", "body", "status", "held_for", "shown_below")
    assert list(rows) == [
        ("", "", "", "trash", [], 2 - 1),
        ("", "", "", "trash", [], 1),
        ("réponse", "zoe.lefevre@example.org", "Merci d’avoir pensé aux crèches.", "approved", [], 0),
    ]
    assert (Follow.objects.count(), top.reports.count()) == (0, 0)
    assert [comment.pk for comment in Comment.objects.threaded()] == [top.pk, middle.pk, answer.pk]

    Comment.objects.get(pk=answer.pk).trash()
    assert retention.erase_old(NOW + timedelta(days=20)) == 0
    later = NOW + timedelta(days=40)
    assert [retention.erase_old(later) for _ in range(4)] == [1, 1, 1, 0]
    assert names() == []


def test_a_whole_old_conversation_goes_at_once_whatever_its_order():
    event = make_event()
    top = old(40, event=event, status="spam")
    old(50, event=event, status="spam", parent=top)
    while retention.erase_old(NOW):
        pass
    assert names() == []


def test_an_answer_whose_parent_was_deleted_still_holds_the_place_above_open():
    event = make_event()
    top = old(40, event=event, status="spam")
    middle = make_comment(event=event, parent=top)
    make_comment(event=event, parent=middle)
    Comment.objects.filter(pk=middle.pk).delete()  # as “Delete for good” in the admin does
    retention.erase_old(NOW)
    assert Comment.objects.get(pk=top.pk).erased_at == NOW


def test_visitors_see_nothing_of_it_and_no_page_is_made_anew():
    old(31, status="spam")
    version = ContentVersion.current()
    retention.erase_old(NOW)
    assert ContentVersion.current() == version


def test_a_batch_asks_the_same_queries_for_1_and_for_100():
    event = make_event()
    counts = []
    for number in (1, 100):
        for _ in range(number):
            old(31, event=event, status="spam")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert retention.erase_old(NOW) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_worker_erases_batch_by_batch_and_delivers_mail_between(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    monkeypatch.setattr("omep_site.worker.close_old_connections", lambda: None)
    event = make_event()
    for _ in range(5):
        old(31, event=event, status="spam")
    delivered = []
    monkeypatch.setattr("omep_site.lib.mail.deliver_due", lambda: delivered.append(Comment.objects.count()) or 0)
    one = Worker()
    assert [one.round() for _ in range(5)] == [True, True, True, False, False]
    assert delivered == [5, 3, 1, 0, 0]
    old(31, event=event, status="spam")
    assert one.round() is False  # an hour later
    assert Comment.objects.count() == 1
