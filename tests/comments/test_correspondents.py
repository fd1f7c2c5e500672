"""Addresses that follow comments: state × verb, and how long they are kept."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import following
from comments.models import Correspondent, Follow
from comments.models.following import MAIL_PAUSE
from tests.comments.factories import make_comment, make_correspondent, make_follow

pytestmark = pytest.mark.django_db

# state × verb → (it happened, the state after it)
TABLE = [
    ("pending", "confirm", True, "confirmed"),
    ("confirmed", "confirm", False, "confirmed"),
    ("stopped", "confirm", False, "stopped"),
    ("pending", "stop", True, "stopped"),
    ("confirmed", "stop", True, "stopped"),
    ("stopped", "stop", False, "stopped"),
    ("pending", "ask_again", True, "pending"),
    ("confirmed", "ask_again", False, "confirmed"),
    ("stopped", "ask_again", True, "pending"),
    ("pending", "claim_confirmation_mail", True, "pending"),
    ("confirmed", "claim_confirmation_mail", False, "confirmed"),
    ("stopped", "claim_confirmation_mail", False, "stopped"),
]


@pytest.mark.parametrize(("state", "verb", "happens", "after"), TABLE)
def test_a_verb_moves_an_address_from_its_states_alone(state, verb, happens, after):
    row = make_correspondent(status=state)
    args = ["en"] if verb == "ask_again" else []
    assert getattr(row, verb)(*args) is happens
    assert (row.status, Correspondent.objects.get().status) == (after, after)
    assert Correspondent.objects.get().language == ("en" if happens and args else "fr")


def test_the_table_names_every_state_and_verb():
    assert len({(state, verb) for state, verb, *_ in TABLE}) == len(Correspondent.Status) * 4 == len(TABLE)


def test_one_mail_a_day_asks_and_the_claim_is_made_once():
    row, other = make_correspondent(status="pending"), Correspondent.objects.get()
    assert (row.claim_confirmation_mail(), other.claim_confirmation_mail()) == (True, False)
    for since, due in [(MAIL_PAUSE - timedelta(seconds=5), False), (MAIL_PAUSE, True)]:
        Correspondent.objects.update(asked_at=timezone.now() - since)
        assert row.claim_confirmation_mail() is due


def test_a_follow_is_heard_where_its_address_said_yes():
    heard = [make_follow(make_comment(email=f"{state}@example.org"), make_correspondent(email=f"{state}@example.org", status=state)) for state in Correspondent.Status.values]  # fmt: skip
    assert [each.correspondent.email for each in Follow.objects.heard()] == ["confirmed@example.org"]
    assert [each.stop() for each in heard] == [True, True, True]
    assert [each.stop() for each in heard] == [False, False, False]
    assert not any(each.wants_mail() for each in Follow.objects.all())


# (state, it follows a comment, days since its last change) → it is kept
KEPT = [
    ("pending", True, 29, True),
    ("pending", True, 31, False),
    ("pending", False, 29, True),
    ("pending", False, 31, False),
    ("confirmed", True, 31, True),
    ("confirmed", False, 29, True),
    ("confirmed", False, 31, False),
    ("stopped", True, 31, True),
    ("stopped", False, 29, True),
    ("stopped", False, 31, False),
]


@pytest.mark.parametrize(("state", "follows", "days", "kept"), KEPT)
def test_addresses_are_forgotten_that_never_said_yes_or_follow_nothing_any_more(state, follows, days, kept):
    row = make_correspondent(status=state)
    if follows:
        make_follow(make_comment(), row)
    Correspondent.objects.update(updated_at=timezone.now() - timedelta(days=days))
    following.forget_unused_addresses()
    assert Correspondent.objects.exists() is kept
    assert Follow.objects.exists() is (kept and follows)


def test_following_no_longer_is_not_the_same_as_never_having_followed():
    """The row says that this address does not want to hear of this comment; it goes with the comment."""
    comment = make_comment()
    make_follow(comment, publication=False, replies=False)
    Correspondent.objects.update(updated_at=timezone.now() - timedelta(days=400))
    following.forget_unused_addresses()
    assert Correspondent.objects.count() == 1
    comment.delete()
    following.forget_unused_addresses()
    assert Correspondent.objects.count() == 0
