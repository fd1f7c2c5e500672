"""What the author of a comment does with it: state × verb."""

import pytest

from comments.models import Comment, Move, Policy
from comments.models.comment import digest_of
from omep_site.models import ContentVersion
from tests.comments.factories import make_comment

pytestmark = pytest.mark.django_db

NEW = {"name": "Zoé L.", "website": "https://zoe.example.org", "body": "Merci, tout simplement."}

# state × verb → (it happened, the state after it)
TABLE = [
    ("pending", "edit", True, "pending"),
    ("spam", "edit", True, "spam"),
    ("approved", "edit", False, "approved"),
    ("trash", "edit", False, "trash"),
    ("withdrawn", "edit", False, "withdrawn"),
    ("erased", "edit", False, "erased"),
    ("pending", "withdraw", True, "withdrawn"),
    ("spam", "withdraw", True, "withdrawn"),
    ("approved", "withdraw", False, "approved"),
    ("trash", "withdraw", False, "trash"),
    ("withdrawn", "withdraw", False, "withdrawn"),
    ("erased", "withdraw", False, "erased"),
    ("pending", "send_again", False, "pending"),
    ("spam", "send_again", False, "spam"),
    ("approved", "send_again", False, "approved"),
    ("trash", "send_again", False, "trash"),
    ("withdrawn", "send_again", True, "pending"),
    ("erased", "send_again", False, "erased"),
]


def in_state(state: str) -> Comment:
    comment = make_comment(status=state if state in Comment.Status.values else "pending", held_for=["links:9"])
    if state == "withdrawn":
        comment.withdraw()
    if state == "erased":
        make_comment(event=comment.event, parent=comment)
        comment.erase()
    return Comment.objects.get(pk=comment.pk)


def state_of(comment: Comment) -> str:
    row = Comment.objects.get(pk=comment.pk)
    return "erased" if row.erased_at else "withdrawn" if row.withdrawn_at else row.status


def do(comment: Comment, verb: str) -> bool:
    return comment.edit(**NEW, revision=comment.revision) if verb == "edit" else getattr(comment, verb)()


@pytest.mark.parametrize(("state", "verb", "happens", "after"), TABLE)
def test_a_verb_of_the_author_acts_while_nobody_decided(state, verb, happens, after):
    comment = in_state(state)
    before, moves, version = (
        Comment.objects.filter(pk=comment.pk).values().get(),
        Move.objects.count(),
        ContentVersion.current(),
    )
    assert do(comment, verb) is happens
    assert state_of(comment) == after
    assert Move.objects.count() - moves == (1 if happens and verb != "edit" else 0)
    assert ContentVersion.current() == version
    if not happens:
        assert Comment.objects.filter(pk=comment.pk).values().get() == before


def test_the_table_names_every_state_and_verb():
    assert len({(state, verb) for state, verb, *_ in TABLE}) == 6 * 3 == len(TABLE)


def test_new_words_are_a_new_version_with_a_digest_of_their_own():
    comment = make_comment(website="https://old.example.org")
    before = Comment.objects.values().get()
    assert comment.edit(**NEW, revision=1, held_for=["edited"]) is True
    after = Comment.objects.values().get()
    changed = {key: after[key] for key in after if after[key] != before[key] and key != "updated_at"}
    assert changed == NEW | {"words_digest": digest_of(NEW["body"]), "revision": 2, "held_for": ["edited"]}
    assert after["updated_at"] > before["updated_at"]
    assert (comment.body, comment.revision, comment.held_for) == (NEW["body"], 2, ["edited"])


def test_a_version_is_changed_once():
    comment, other = make_comment(), Comment.objects.get()
    assert comment.edit(**NEW, revision=1) is True
    assert other.edit("Zoé", "", "d’une autre fenêtre", revision=1) is False
    assert Comment.objects.get().body == NEW["body"]
    assert other.edit("Zoé", "", "d’une autre fenêtre", revision=2) is True


def test_what_an_editor_saw_before_the_change_can_no_longer_be_approved_by_it():
    comment = make_comment()
    seen = comment.seen
    comment.edit(**NEW, revision=1)
    assert comment.approve(seen=seen) is False
    assert comment.approve(seen=comment.seen) is True


def test_new_words_that_are_spam_are_put_aside_by_the_rules_with_their_reasons():
    comment = make_comment()
    assert comment.edit(**NEW, revision=1, held_for=["links:9"], spam=True) is True
    assert (comment.status, Comment.objects.get().status, comment.revision) == ("spam", "spam", 2)
    [move] = Move.objects.values("old", "new", "via", "actor_id", "actor", "reasons")
    assert move == {
        "old": "pending", "new": "spam", "via": "policy", "actor_id": None, "actor": "", "reasons": ["links:9"],
    }  # fmt: skip


def test_spam_that_its_author_takes_back_and_sends_again_is_still_spam():
    comment = make_comment(status="spam")
    for _turn in range(2):
        assert comment.withdraw() is True
        assert comment.send_again() is True
        assert Comment.objects.get().status == "spam"
    comment.restore()
    assert (comment.withdraw(), comment.send_again(), comment.status) == (True, True, "pending")


def test_moves_of_the_author_name_nobody():
    comment = make_comment()
    comment.withdraw()
    comment.send_again()
    moves = Move.objects.of(comment).values_list("old", "new", "via", "actor_id", "actor", "reasons")
    assert list(moves) == [
        ("pending", "trash", "author", None, "", []),
        ("trash", "pending", "author", None, "", []),
    ]
    assert Policy.objects.count() == 0
