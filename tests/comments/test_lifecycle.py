from datetime import UTC, datetime

import pytest
from django.db import transaction

from comments.models import Comment
from omep_site.models import ContentVersion
from tests.comments.factories import make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db

# state × verb → (it happened, the state after it, visitors see something else than before)
TABLE = [
    ("pending", "approve", True, "approved", True),
    ("pending", "mark_spam", True, "spam", False),
    ("pending", "trash", True, "trash", False),
    ("pending", "restore", False, "pending", False),
    ("approved", "approve", False, "approved", False),
    ("approved", "mark_spam", True, "spam", True),
    ("approved", "trash", True, "trash", True),
    ("approved", "restore", True, "pending", True),
    ("spam", "approve", True, "approved", True),
    ("spam", "mark_spam", False, "spam", False),
    ("spam", "trash", True, "trash", False),
    ("spam", "restore", True, "pending", False),
    ("trash", "approve", True, "approved", True),
    ("trash", "mark_spam", True, "spam", False),
    ("trash", "trash", False, "trash", False),
    ("trash", "restore", True, "pending", False),
]


@pytest.mark.parametrize(("state", "verb", "happens", "after", "public_change"), TABLE)
def test_a_verb_moves_a_comment_and_the_content_version_where_visitors_can_tell(
    state, verb, happens, after, public_change
):
    comment = make_comment(status=state)
    version = ContentVersion.current()
    assert getattr(comment, verb)() is happens
    assert comment.status == after
    assert Comment.objects.get().status == after
    assert (ContentVersion.current() != version) is public_change


def test_the_table_names_every_state_and_verb():
    assert len({(state, verb) for state, verb, *_ in TABLE}) == len(Comment.Status) * 4 == len(TABLE)


def test_a_verb_asks_the_database_and_not_the_row_in_hand():
    comment = make_comment()
    stale = Comment.objects.get()
    assert comment.approve() is True
    assert stale.status == "pending"
    assert stale.approve() is False
    version = ContentVersion.current()
    assert stale.trash() is True
    assert ContentVersion.current() == version + 1


def test_a_move_changes_the_state_and_its_times_and_nothing_else():
    comment = make_comment(body="à l’origine", created_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    before = Comment.objects.values().get()
    comment.body = "changé en mémoire"
    comment.approve()
    after = Comment.objects.values().get()
    assert after["updated_at"] > before["updated_at"]
    assert {key for key in after if after[key] != before[key]} == {"status", "updated_at", "published_at"}


def test_a_move_that_is_rolled_back_leaves_the_version_too():
    comment = make_comment()
    version = ContentVersion.current()

    def refuse():
        with transaction.atomic():
            comment.approve()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refuse()
    assert Comment.objects.get().status == "pending"
    assert ContentVersion.current() == version


@pytest.mark.parametrize(("state", "verb"), [(state, verb) for state, verb, happens, *_ in TABLE if happens])
def test_a_move_can_be_taken_back_once(state, verb):
    comment = make_comment(status=state)
    stale = Comment(pk=comment.pk, status="trash" if state != "trash" else "spam")  # what a page showed long ago
    version = ContentVersion.current()
    assert getattr(stale, verb)() is True
    assert stale.moved_from == state
    moved_at = stale.updated_at
    was_public = ContentVersion.current() - version
    assert (comment.take_back(state, moved_at), comment.take_back(state, moved_at)) == (True, False)
    assert Comment.objects.get().status == comment.status == state
    assert ContentVersion.current() - version == 2 * was_public


def test_what_somebody_has_moved_since_is_not_taken_back_even_where_it_ended_up_the_same():
    comment = make_comment()
    comment.approve()
    moved_at = comment.updated_at
    colleague = Comment.objects.get()
    colleague.trash()
    colleague.approve()
    assert comment.take_back("pending", moved_at) is False
    assert Comment.objects.get().status == "approved"


def test_the_next_comment_to_decide_about_is_the_one_below_else_the_newest():
    event = make_event()
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2, 2, 3)]
    first, second, third, fourth = [make_comment(event=event, created_at=day) for day in days]
    decided = make_comment(event=event, status="spam", created_at=days[1])
    following = [Comment.objects.next_waiting(each) for each in (fourth, third, second, first, decided)]
    assert following == [third, second, first, fourth, third]
    for comment in (first, second, third):
        comment.approve()
    assert (Comment.objects.next_waiting(first), Comment.objects.next_waiting(fourth)) == (fourth, None)


def test_visible_comments_are_the_approved_ones_oldest_first():
    event = make_event()
    second = make_comment(event=event, status="approved", created_at=datetime(2026, 1, 2, tzinfo=UTC))
    third = make_comment(event=event, status="approved", created_at=datetime(2026, 1, 2, tzinfo=UTC))
    first = make_comment(event=event, status="approved", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    for status in ("pending", "spam", "trash"):
        make_comment(event=event, status=status)
    assert list(Comment.objects.visible()) == [first, second, third]
    assert [comment for comment in Comment.objects.order_by("created_at", "pk") if comment.is_visible()] == [
        first,
        second,
        third,
    ]


def test_a_comment_in_words_is_a_number_and_nothing_of_its_author():
    comment = make_comment(name="Émile", email="emile@example.org", body="secret")
    assert str(comment) == f"Commentaire {comment.pk}"


def test_a_reply_survives_the_comment_that_it_answers():
    parent = make_comment()
    reply = make_comment(event=parent.event, parent=parent)
    parent.delete()
    reply.refresh_from_db()
    assert reply.parent is None
