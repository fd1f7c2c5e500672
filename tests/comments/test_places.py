"""The places of comments in their conversations: in which order they are read, and which are held open."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from comments.models import MOST_LEVELS, SEGMENT, Comment
from tests.comments.factories import make_comment
from tests.factories import make_event

THEN = datetime(2026, 1, 1, tzinfo=UTC)


def at(minute: int) -> dict:
    return {"created_at": THEN + timedelta(minutes=minute)}


def conversation() -> dict:
    """Two conversations that were written at the same time, by turns; all is approved."""
    event = make_event()
    made = {}
    for minute, (name, parent) in enumerate(
        [("A", None), ("B", None), ("B1", "B"), ("A1", "A"), ("A2", "A"), ("A1a", "A1"), ("C", None)]
    ):
        made[name] = make_comment(
            event=event, name=name, parent=made[parent] if parent else None, status="approved", **at(minute)
        )
    return made


def reading_order(event, **kwargs) -> list[str]:
    return [comment.name for comment in event.comments.threaded(**kwargs)]


@pytest.mark.django_db
def test_conversations_are_read_whole_in_either_order_and_answers_always_oldest_first():
    event = conversation()["A"].event
    assert reading_order(event) == ["A", "A1", "A1a", "A2", "B", "B1", "C"]
    assert reading_order(event, newest_first=True) == ["C", "B", "B1", "A", "A1", "A1a", "A2"]


@pytest.mark.django_db
def test_an_older_comment_that_comes_in_later_stands_where_its_time_says():
    made = conversation()
    make_comment(event=made["A"].event, name="avant", status="approved", **at(-1))
    assert reading_order(made["A"].event)[:2] == ["avant", "A"]


@pytest.mark.django_db
def test_the_levels_are_counted_and_end_at_the_last_one():
    comment, levels = None, []
    event = make_event()
    for minute in range(MOST_LEVELS + 2):
        comment = make_comment(event=event, parent=comment, name=str(minute), status="approved", **at(minute))
        levels.append(comment.level)
    assert levels == [1, 2, 3, 4, 5, 5, 5]
    assert reading_order(event) == ["0", "1", "2", "3", "4", "5", "6"]


@pytest.mark.django_db
def test_what_was_removed_keeps_its_place_while_answers_stand_under_it():
    made = conversation()
    event = made["A"].event
    made["A"].trash()
    made["A1"].mark_spam()
    assert reading_order(event) == ["A", "A1", "A1a", "A2", "B", "B1", "C"]
    made["A1a"].restore()
    assert reading_order(event) == ["A", "A2", "B", "B1", "C"]
    made["A2"].trash()
    assert reading_order(event) == ["B", "B1", "C"]
    made["A1a"].approve()
    assert reading_order(event) == ["A", "A1", "A1a", "B", "B1", "C"]
    counts = dict(Comment.objects.values_list("name", "shown_below"))
    assert counts == {"A": 1, "A1": 1, "A1a": 0, "A2": 0, "B": 1, "B1": 0, "C": 0}


@pytest.mark.django_db
def test_an_erased_answer_holds_no_place_open():
    made = conversation()
    made["B"].trash()
    made["B1"].erase()
    assert reading_order(made["A"].event) == ["A", "A1", "A1a", "A2", "C"]


@pytest.mark.django_db
def test_below_is_the_whole_conversation_under_a_comment_and_nothing_beside_it():
    made = conversation()
    below = Comment.objects.below(made["A"]).values_list("name", flat=True)
    assert sorted(below) == ["A1", "A1a", "A2"]
    assert list(Comment.objects.below(made["A2"])) == []


@pytest.mark.django_db(transaction=True)
def test_the_database_refuses_an_answer_to_a_comment_on_another_event():
    one, other = make_comment(), make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=one.pk).update(parent=other.pk)
    assert Comment.objects.get(pk=one.pk).parent is None


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_conversations():
    made = conversation()
    made["A"].event.delete()
    assert Comment.objects.count() == 0


@pytest.mark.django_db
def test_comments_of_an_older_site_are_given_the_places_that_new_ones_get():
    made = conversation()
    made["A1"].trash()
    made["B1"].restore()
    order = reading_order(made["A"].event)
    places = dict(Comment.objects.values_list("name", "shown_below"))
    digests = dict(Comment.objects.values_list("name", "words_digest"))
    nothing = {"path": "", "thread": "", "words_digest": "", "shown_below": 0, "published_at": None}
    Comment.objects.update(**nothing)
    import_module("comments.migrations.0004_places_in_conversations").forwards(apps, connection.schema_editor())
    assert reading_order(made["A"].event) == order == ["A", "A1", "A1a", "A2", "B", "C"]
    assert dict(Comment.objects.values_list("name", "shown_below")) == places
    assert dict(Comment.objects.values_list("name", "words_digest")) == digests
    assert {len(path) % SEGMENT for path in Comment.objects.values_list("path", flat=True)} == {0}
    announced = Comment.objects.exclude(announced_at=None).values_list("name", flat=True)
    assert sorted(announced) == ["A", "A1a", "A2", "B", "C"]
