import pytest
from django.contrib.auth.models import User
from django.db import transaction

from comments.models import BY_AUTHOR, By, Comment, Move, Seen, Via
from tests.comments.factories import make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def moves_of(comment) -> list[tuple]:
    return list(Move.objects.of(comment).values_list("old", "new", "via", "actor", "reasons"))


def test_each_move_is_recorded_with_who_how_and_why():
    zoe = User.objects.create_user("zoé")
    comment = make_comment()
    comment.approve(By.account(zoe))
    comment.restore(By(Via.REPORTS), reasons=["reported:3"])
    comment.mark_spam(By.account(zoe, Via.MAIL))
    comment.trash()
    assert moves_of(comment) == [
        ("pending", "approved", "admin", "zoé", []),
        ("approved", "pending", "reports", "", ["reported:3"]),
        ("pending", "spam", "mail", "zoé", []),
        ("spam", "trash", "command", "", []),
    ]
    assert set(Move.objects.exclude(actor="").values_list("actor_id", flat=True)) == {zoe.pk}
    last = comment.last_move()
    assert (last.new, last.at) == ("trash", Comment.objects.get().updated_at)


def test_what_does_not_happen_is_not_recorded():
    comment = make_comment()
    assert (comment.restore(), moves_of(comment)) == (False, [])


def test_the_record_is_added_to_and_never_changed_or_deleted():
    comment = make_comment()
    comment.approve()
    move = Move.objects.get()
    move.actor = "quelqu’un d’autre"
    for change in (
        move.save,
        move.delete,
        Move.objects.all().delete,
        lambda: Move.objects.update(actor=""),
        lambda: Move.objects.bulk_update([move], ["actor"]),
    ):
        with pytest.raises(TypeError, match="only added to"), transaction.atomic():
            change()
    assert Move.objects.get().actor == ""


def test_the_record_stays_when_the_comment_its_event_and_the_account_go():
    zoe = User.objects.create_user("zoé")
    comment = make_comment()
    comment.approve(By.account(zoe))
    number = comment.pk
    comment.event.delete()
    zoe.delete()
    assert list(Move.objects.values_list("comment_number", "actor")) == [(number, "zoé")]


def test_nothing_that_the_visitor_wrote_stands_in_the_record():
    comment = make_comment(name="Zoé", email="zoe@example.org", website="https://exemple.org", body="Mots à elle")
    comment.approve()
    comment.erase()
    kept = repr(list(Move.objects.values())) + "".join(map(str, Move.objects.all()))
    assert [word for word in ("Zoé", "zoe@", "exemple.org", "Mots") if word in kept] == []


# what was seen × how it is now → the move happens
@pytest.mark.parametrize(
    ("seen", "now", "revision", "happens"),
    [
        (Seen("pending", 1), "pending", 1, True),
        (Seen("pending", 1), "approved", 1, False),
        (Seen("pending", 1), "trash", 1, False),
        (Seen("pending", 1), "pending", 2, False),
        (Seen("approved", 2), "approved", 2, True),
        (None, "approved", 2, True),
    ],
)
def test_a_decision_holds_only_for_what_was_seen(seen, now, revision, happens):
    comment = make_comment(status=now, revision=revision)
    assert comment.mark_spam(seen=seen) is happens
    assert Comment.objects.get().status == ("spam" if happens else now)


@pytest.mark.parametrize(
    ("status", "happens"), [("pending", True), ("spam", True), ("approved", False), ("trash", False)]
)
def test_the_author_takes_back_what_waits_and_nobody_else_moves_it_then(status, happens):
    comment = make_comment(status=status)
    assert comment.withdraw() is happens
    if not happens:
        return
    assert moves_of(comment) == [(status, "trash", "author", "", [])]
    assert [getattr(comment, verb)() for verb in ("approve", "mark_spam", "restore", "withdraw")] == [False] * 4
    assert (comment.send_again(), comment.send_again()) == (True, False)
    assert (comment.status, comment.withdrawn_at) == (status, None)  # or taking it back were a way out of spam
    assert comment.approve() is True


def test_an_erased_comment_with_answers_is_an_empty_place_that_nobody_moves():
    comment = make_comment(name="Zoé", website="https://exemple.org", status="approved")
    answer = make_comment(event=comment.event, parent=comment, status="approved")
    assert (comment.erase(BY_AUTHOR), comment.erase()) == (True, False)
    empty = Comment.objects.get(pk=comment.pk)
    assert (empty.name, empty.email, empty.website, empty.body, empty.status) == ("", "", "", "", "trash")
    assert (empty.erased_at is None, empty.shown_below) == (False, 1)
    assert [getattr(empty, verb)() for verb in ("approve", "mark_spam", "restore", "send_again")] == [False] * 4
    assert Comment.objects.get(pk=answer.pk).parent == empty
    assert [move[:3] for move in moves_of(comment)] == [("approved", "erased", "author")]


def test_an_erased_comment_without_answers_is_gone():
    comment = make_comment()
    assert comment.erase() is True
    assert Comment.objects.count() == 0


def test_an_answer_that_waits_keeps_the_place_of_what_it_answers():
    comment = make_comment(event=make_event(), status="approved")
    make_comment(event=comment.event, parent=comment)
    comment.erase()
    assert Comment.objects.filter(erased_at=None).count() == 1
    assert Comment.objects.count() == 2
