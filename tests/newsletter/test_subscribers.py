from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from newsletter.models import CONSENT, Consent, ConsentText, Subscriber, tidy_address
from tests.newsletter.factories import make_subscriber

pytestmark = pytest.mark.django_db

PENDING, CONFIRMED, UNSUBSCRIBED, SUPPRESSED = "pending", "confirmed", "unsubscribed", "suppressed"


@pytest.mark.parametrize(
    ("verb", "before", "after"),
    [
        ("confirm", PENDING, CONFIRMED),
        ("confirm", CONFIRMED, None),
        ("confirm", UNSUBSCRIBED, None),
        ("confirm", SUPPRESSED, None),
        ("unsubscribe", PENDING, UNSUBSCRIBED),
        ("unsubscribe", CONFIRMED, UNSUBSCRIBED),
        ("unsubscribe", UNSUBSCRIBED, None),
        ("unsubscribe", SUPPRESSED, None),
        ("ask_again", PENDING, None),
        ("ask_again", CONFIRMED, None),
        ("ask_again", UNSUBSCRIBED, PENDING),
        ("ask_again", SUPPRESSED, None),
        ("read_in", PENDING, PENDING),
        ("read_in", CONFIRMED, CONFIRMED),
        ("read_in", UNSUBSCRIBED, None),
        ("read_in", SUPPRESSED, None),
        ("move_to", PENDING, None),
        ("move_to", CONFIRMED, CONFIRMED),
        ("move_to", UNSUBSCRIBED, None),
        ("move_to", SUPPRESSED, None),
        ("release", PENDING, None),
        ("release", CONFIRMED, None),
        ("release", UNSUBSCRIBED, None),
        ("release", SUPPRESSED, UNSUBSCRIBED),
        ("suppress", PENDING, SUPPRESSED),
        ("suppress", CONFIRMED, SUPPRESSED),
        ("suppress", UNSUBSCRIBED, SUPPRESSED),
        ("suppress", SUPPRESSED, None),
        ("write_in", PENDING, PENDING),
        ("write_in", CONFIRMED, None),
        ("write_in", UNSUBSCRIBED, None),
        ("write_in", SUPPRESSED, None),
        ("claim_confirmation_mail", PENDING, PENDING),
        ("claim_confirmation_mail", CONFIRMED, None),
        ("claim_confirmation_mail", UNSUBSCRIBED, None),
        ("claim_confirmation_mail", SUPPRESSED, None),
    ],
)
def test_a_verb_moves_a_subscriber_or_says_that_it_did_not(verb, before, after):
    subscriber = make_subscriber(status=before)
    given = {"confirm": ["/fr/"], "write_in": ["en"], "read_in": ["en"], "move_to": ["autre@example.org", "/fr/"]}
    arguments = given.get(verb, [])
    assert getattr(subscriber, verb)(*arguments) is (after is not None)
    assert subscriber.status == (after or before)
    assert Subscriber.objects.get().status == (after or before)


@pytest.mark.parametrize("verb", ["confirm", "unsubscribe", "ask_again", "suppress"])
def test_a_verb_on_an_old_copy_of_the_row_looks_at_the_row(verb):
    start = {"ask_again": UNSUBSCRIBED}.get(verb, PENDING)
    arguments = ["/fr/"] if verb == "confirm" else []
    subscriber = make_subscriber(status=start)
    old_copy = Subscriber.objects.get()
    assert getattr(subscriber, verb)(*arguments) is True
    assert getattr(old_copy, verb)(*arguments) is False


def test_confirming_keeps_when_and_adds_one_consent():
    subscriber = make_subscriber()
    began = timezone.now()
    subscriber.confirm("/fr/lettre/confirmer/…/")
    subscriber.confirm("/fr/lettre/confirmer/…/")
    subscriber.refresh_from_db()
    assert began <= subscriber.confirmed_at <= subscriber.updated_at <= timezone.now()
    assert list(Consent.objects.values_list("subscriber", "kind", "page")) == [
        (subscriber.pk, "confirmed", "/fr/lettre/confirmer/…/")
    ]


def test_asking_again_forgets_the_earlier_confirmation():
    subscriber = make_subscriber(status=UNSUBSCRIBED, confirmed_at=timezone.now())
    subscriber.ask_again()
    assert Subscriber.objects.get().confirmed_at is None


def test_a_confirmation_mail_is_claimed_once_in_ten_minutes():
    subscriber = make_subscriber()
    old_copy = Subscriber.objects.get()
    assert [subscriber.claim_confirmation_mail(), old_copy.claim_confirmation_mail()] == [True, False]
    Subscriber.objects.update(confirmation_sent_at=timezone.now() - timedelta(minutes=9, seconds=50))
    assert subscriber.claim_confirmation_mail() is False
    Subscriber.objects.update(confirmation_sent_at=timezone.now() - timedelta(minutes=10))
    assert [subscriber.claim_confirmation_mail(), old_copy.claim_confirmation_mail()] == [True, False]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Elodie.Martin@Example.ORG", "Elodie.Martin@example.org"),
        ("a@École-Maternelle.FR", "a@école-maternelle.fr"),
        ('"a@b"@Example.org', '"a@b"@example.org'),
        ("nobody", "nobody"),
    ],
)
def test_the_domain_is_kept_in_small_letters_and_the_rest_as_typed(typed, kept):
    assert tidy_address(typed) == kept
    assert tidy_address(kept) == kept


def test_one_address_is_one_subscriber_whatever_its_capitals():
    first = Subscriber.objects.find_or_begin("Elodie@Example.org", "fr")
    assert first.email == "Elodie@example.org"
    assert Subscriber.objects.find_or_begin("ELODIE@example.ORG", "en") == first
    with pytest.raises(IntegrityError), transaction.atomic():
        make_subscriber(email="elodie@example.org")
    assert Subscriber.objects.get().language == "fr"


def test_the_row_that_another_request_wrote_in_between_is_found():
    first = make_subscriber()
    assert Subscriber.objects.find_or_begin(first.email.upper(), "en") == first
    assert Subscriber.objects.get().language == "fr"


def test_neither_a_subscriber_s_name_nor_a_consent_s_holds_the_address():
    subscriber = make_subscriber(email="secret.elodie@example.org")
    consent = Consent.record(subscriber, Consent.Kind.REQUESTED, "/fr/")
    with override("en"):
        assert [str(subscriber), str(consent)] == [f"Subscriber {subscriber.pk}", "sent the form"]


def test_a_wording_is_kept_once_for_each_language():
    kept = {}
    for language in ("fr", "en", "fr", "en"):
        with override(language):
            row = ConsentText.shown_now()
            assert (row.language, row.text) == (language, str(CONSENT))
            kept.setdefault(language, row.pk)
            assert kept[language] == row.pk
    assert ConsentText.objects.count() == 2


def test_another_wording_is_another_row(monkeypatch):
    first = ConsentText.shown_now()
    monkeypatch.setattr("newsletter.models.consents.CONSENT", "En vous abonnant, vous acceptez la Lettre d’été.")
    second = ConsentText.shown_now()
    assert (second.text, second.pk != first.pk) == ("En vous abonnant, vous acceptez la Lettre d’été.", True)


def test_a_consent_is_neither_changed_nor_deleted():
    consent = Consent.record(make_subscriber(), Consent.Kind.REQUESTED, "/fr/")
    consent.page = "/en/"
    with pytest.raises(TypeError, match="never changed"):
        consent.save()
    with pytest.raises(TypeError, match="goes with its subscriber only"):
        consent.delete()
    assert Consent.objects.get().page == "/fr/"


def test_a_consent_goes_with_its_subscriber():
    subscriber = make_subscriber()
    Consent.record(subscriber, Consent.Kind.REQUESTED, "/fr/")
    subscriber.delete()
    assert (Consent.objects.count(), ConsentText.objects.count()) == (0, 1)


def test_tokens_to_unsubscribe_are_random_and_long():
    tokens = {make_subscriber(email=f"lectrice{number}@example.org").unsubscribe_token for number in range(20)}
    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True)
def test_eight_who_send_the_same_new_address_at_once_make_one_subscriber_and_one_mail():
    from concurrent.futures import ThreadPoolExecutor

    from post_office.models import Email

    from newsletter.subscribing import subscribe

    def one(_number):
        try:
            subscribe("lectrice@example.org", "fr", "/fr/")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    assert (Subscriber.objects.count(), Email.objects.count(), Consent.objects.count()) == (1, 1, 8)
