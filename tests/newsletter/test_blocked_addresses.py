import pytest

from newsletter import privacy
from newsletter.blocking import block, lift
from newsletter.models import Subscriber, Suppression, digest_of
from tests.newsletter.factories import ADDRESS, make_subscriber, status

pytestmark = pytest.mark.django_db

BOUNCES, COMPLAINT, EDITOR, ERASED = "bounces", "complaint", "editor", "erased"


@pytest.mark.parametrize(
    ("before", "now", "after"),
    [
        (None, BOUNCES, BOUNCES),
        (None, ERASED, ERASED),
        (ERASED, EDITOR, EDITOR),
        (ERASED, ERASED, None),
        (EDITOR, BOUNCES, None),
        (BOUNCES, ERASED, None),
        (COMPLAINT, COMPLAINT, None),
    ],
)
def test_an_address_is_noted_once_and_a_block_takes_the_place_of_erased(before, now, after):
    if before:
        Suppression.objects.add(ADDRESS, before, "première note")
    assert Suppression.objects.add(ADDRESS, now, "deuxième note") is (after is not None)
    row = Suppression.objects.get()
    assert (row.reason, row.detail) == ((after, "deuxième note") if after else (before, "première note"))


@pytest.mark.parametrize(
    "spelling", [ADDRESS, ADDRESS.upper(), f"  {ADDRESS} ", "Lectrice@Example.org"]
)  # fmt: skip
def test_every_spelling_of_an_address_is_blocked(spelling):
    make_subscriber(status="confirmed")
    assert block(spelling, COMPLAINT) is True
    assert (status(), Suppression.objects.blocks(ADDRESS)) == ("suppressed", True)
    assert block(ADDRESS, COMPLAINT) is False


def test_a_domain_with_accents_is_blocked_in_both_of_its_forms():
    make_subscriber(email="zoe@école.example", status="confirmed")
    block("zoe@xn--cole-9oa.example")
    assert (status(), Suppression.objects.blocks("zoe@ÉCOLE.example")) == ("suppressed", True)


def test_the_row_of_a_block_holds_no_address_and_its_hash_needs_the_key():
    block(ADDRESS)
    row = Suppression.objects.get()
    assert ADDRESS not in repr([*Suppression.objects.values(), str(row)])
    assert (len(row.digest), digest_of(ADDRESS, b"0" * 32) == row.digest) == (64, False)


def test_who_was_erased_is_not_blocked_from_coming_back():
    Suppression.objects.add(ADDRESS, ERASED)
    assert Suppression.objects.blocks(ADDRESS) is False


def test_lifting_a_block_forgets_what_led_to_it():
    reader = make_subscriber(status="confirmed")
    reader.bounces.create(kind="hard", code="5.1.1", digest="x")
    block(reader.email, Suppression.Reason.BOUNCES)
    lift(Suppression.objects.get())
    assert reader.bounces.count() == 0


def test_lifting_a_block_lets_its_reader_ask_again_and_sends_nothing_by_itself():
    make_subscriber(status="confirmed")
    other = make_subscriber(email="autre@example.org")
    for address in (ADDRESS, other.email):
        block(address)
    row = Suppression.objects.of(ADDRESS).get()
    assert [lift(row), lift(row)] == [True, False]
    assert list(Subscriber.objects.order_by("pk").values_list("status", flat=True)) == ["unsubscribed", "suppressed"]
    assert Suppression.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "reason"),
    [("pending", None), ("confirmed", ERASED), ("unsubscribed", ERASED), ("suppressed", EDITOR), (None, None)],
)
def test_what_stays_of_somebody_who_is_erased_is_a_hash_where_they_had_said_yes_or_were_blocked(state, reason):
    if state:
        make_subscriber(status=state)
    assert privacy.erase(ADDRESS) == {"newsletter": 1 if state else 0}
    assert list(Suppression.objects.values_list("reason", flat=True)) == ([reason] if reason else [])
    assert Subscriber.objects.count() == 0


def test_erasing_keeps_why_an_address_was_blocked():
    make_subscriber(status="confirmed")
    block(ADDRESS, BOUNCES, "5.1.1")
    privacy.erase(ADDRESS)
    assert list(Suppression.objects.values_list("reason", "detail")) == [(BOUNCES, "5.1.1")]
    told = privacy.export(ADDRESS)
    assert (told["newsletter"], [row["reason"] for row in told["blocked_address"]]) == ([], [BOUNCES])
