from datetime import timedelta
from html import escape
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from post_office.models import Email

from newsletter.models import CONSENT, Consent, Subscriber, Suppression
from newsletter.subscribing import subscribe
from omep_site.lib import public
from omep_site.models import DailyKey
from tests.newsletter.factories import (
    ADDRESS,
    FORM,
    everything,
    form_path,
    make_subscriber,
    path_of,
    send,
    status,
    thanks_path,
)

pytestmark = pytest.mark.django_db

STATES = [None, "pending", "confirmed", "unsubscribed", "suppressed"]


def kept_words(answer) -> str:
    """What stands in the address field of the page that came back."""
    return BeautifulSoup(answer.content, "html.parser").select_one("#newsletter_email").get("value", "")


def errors(answer) -> list[str]:
    page = BeautifulSoup(answer.content, "html.parser")
    return [item.get_text() for item in page.select("#newsletter-errors li")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_visitor_subscribes_confirms_and_leaves(visitor, language):
    with override(language):
        wording = str(CONSENT)
    began = timezone.now()
    answer = send(visitor, language, email="Elodie@Example.org", page=f"/{language}/")
    assert (answer.status_code, answer["Location"]) == (303, thanks_path(language))
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.language, subscriber.status) == ("Elodie@example.org", language, "pending")
    assert Email.objects.get().to == ["Elodie@example.org"]

    assert visitor.get(path_of(subscriber.confirm_url)).status_code == 200
    assert status() == "pending"
    assert visitor.post(path_of(subscriber.confirm_url)).status_code == 200
    assert status() == "confirmed"

    consents = list(Consent.objects.all())
    assert [(each.kind, each.text.language, each.text.text, each.page) for each in consents] == [
        ("requested", language, wording, f"/{language}/"),
        ("confirmed", language, wording, path_of(subscriber.confirm_url).rpartition("/confirm")[0]
         + ("/confirmer/…/" if language == "fr" else "/confirm/…/")),
    ]  # fmt: skip
    assert began <= consents[0].at <= consents[1].at <= timezone.now()

    assert visitor.get(path_of(subscriber.unsubscribe_url)).status_code == 200
    assert status() == "confirmed"
    assert visitor.post(path_of(subscriber.unsubscribe_url)).status_code == 200
    assert status() == "unsubscribed"
    assert (Email.objects.count(), dict(visitor.cookies)) == (1, {})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_answer_is_the_same_bytes_whatever_the_address_s_state(visitor, language):
    answers = []
    for state in STATES:
        Subscriber.objects.all().delete()
        if state:
            make_subscriber(status=state)
        answer = send(visitor, language)
        landing = visitor.get(answer["Location"])
        answers.append((answer.status_code, dict(answer.headers), answer.content, landing.status_code, landing.content))
    for answer in answers[1:]:
        assert answer == answers[0]
    assert answers[0][0] == 303
    assert ADDRESS.encode() not in answers[0][4]


@pytest.mark.parametrize(
    ("state", "after", "mails", "consents"),
    [
        (None, "pending", 1, 1),
        ("pending", "pending", 1, 1),
        ("confirmed", "confirmed", 0, 0),
        ("unsubscribed", "pending", 1, 1),
        ("suppressed", "suppressed", 0, 0),
    ],
)
def test_what_the_form_does_to_an_address_in_each_state(visitor, state, after, mails, consents):
    if state:
        make_subscriber(status=state, language="fr")
    send(visitor, "en")
    subscriber = Subscriber.objects.get()
    assert (subscriber.status, Email.objects.count(), Consent.objects.count()) == (after, mails, consents)
    assert subscriber.language == ("en" if mails else "fr")


@pytest.mark.parametrize("state", ["pending", "unsubscribed"])
def test_a_second_form_within_ten_minutes_sends_no_second_mail_but_keeps_the_consent(visitor, state):
    send(visitor)
    Subscriber.objects.update(status=state)
    send(visitor, "en")
    assert (status(), Email.objects.count(), Consent.objects.count()) == ("pending", 1, 2)
    Subscriber.objects.update(status=state, confirmation_sent_at=timezone.now() - timedelta(minutes=10))
    send(visitor, "en")
    assert (status(), Email.objects.count(), Consent.objects.count()) == ("pending", 2, 3)
    assert [mail.headers["Content-Language"] for mail in Email.objects.order_by("pk")] == ["fr", "en"]


def test_the_letter_comes_in_the_language_of_the_form_and_else_of_the_page(visitor):
    for language, asked, kept in (("fr", "en", "en"), ("fr", "de", "fr"), ("en", "", "en")):
        Subscriber.objects.all().delete()
        send(visitor, language, language=asked)
        assert Subscriber.objects.get().language == kept


def test_a_form_with_nothing_but_an_address_is_enough(visitor):
    answer = visitor.post(form_path("en"), urlencode({"email": ADDRESS}), content_type=FORM)
    assert (answer.status_code, Subscriber.objects.get().language, Consent.objects.get().page) == (303, "en", "")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("", "This field is required."),
        ("   ", "This field is required."),
        ("élodie", "Write an e-mail address such as name@example.org."),
        ("a@example.org\r\nBcc: b@example.org", "Write this on one line, without control characters."),
        ("a@exam\nple.org", "Write this on one line, without control characters."),
        ("a\x00@example.org", "Write this on one line, without control characters."),
        ("a\u202e@example.org", "This contains invisible characters that change the direction of the text. Please type"
         " it again."),
        ("a" * 308 + "@example.org", "Ensure this value has at most 254 characters (it has 320)."),
        ('"very odd"@example.org', "Write an e-mail address such as name@example.org."),
        ("a@example.org,b@example.org", "Write an e-mail address such as name@example.org."),
        ("<script>@example.org", "Write an e-mail address such as name@example.org."),
    ],
)  # fmt: skip
def test_an_address_that_is_none_comes_back_with_a_sentence_and_makes_no_row(visitor, address, sentence):
    answer = send(visitor, "en", email=address)
    assert answer.status_code == 422
    assert errors(answer) == [f"E-mail address: {sentence}"]
    field = BeautifulSoup(answer.content, "html.parser").select_one("#newsletter_email")
    assert field["aria-invalid"] == "true"
    assert "newsletter_email_error" in field["aria-describedby"].split()
    assert f'value="{escape(address)}"' in answer.content.decode() or not address
    assert answer["Cache-Control"] == "no-store"
    assert (everything(), Email.objects.count()) == ([[], [], []], 0)


def test_a_form_without_any_field_comes_back_with_a_sentence(visitor):
    answer = visitor.post(form_path("fr"), "", content_type=FORM)
    assert (answer.status_code, len(errors(answer)), everything()) == (422, 1, [[], [], []])


def test_the_page_that_comes_back_has_one_form_and_the_page_it_was_sent_from(visitor):
    page = BeautifulSoup(send(visitor, email="élodie", page="/fr/événements/").content, "html.parser")
    assert len(page.select("form")) == 1
    assert page.select_one("[name=page]")["value"] == "/fr/événements/"
    assert page.title.get_text() == "Erreur\xa0: Abonnez-vous à notre Lettre – OMEP"


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://ailleurs.example.com"},
        {"origin": "null"},
    ],
)
def test_a_form_sent_from_another_site_is_refused_with_its_words(visitor, headers):
    answer = send(visitor, "en", headers=headers)
    assert (answer.status_code, kept_words(answer), everything()) == (403, ADDRESS, [[], [], []])
    assert errors(answer) == ["This form came from another site. If you want to subscribe, press the button here."]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin", "origin": "http://testserver"},
        {"sec-fetch-site": "none"},
        {"origin": "https://events.example.org"},
    ],
)
def test_a_form_sent_from_this_site_or_with_no_word_of_it_is_taken(visitor, headers):
    assert send(visitor, headers=headers).status_code == 303


@pytest.fixture
def stopped_clock(monkeypatch):
    """The 10th second of a minute and of an hour, moved on by `stopped_clock(seconds)`."""
    now = [1_800_000_010.0 - 1_800_000_000 % 3600]

    def move(seconds):
        now[0] += seconds

    monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda: now[0])
    return move


def test_the_sixth_from_a_network_in_a_minute_waits_and_keeps_the_words(visitor, stopped_clock):
    for number in range(5):
        assert send(visitor, "en", email=f"lectrice{number}@example.org").status_code == 303
    answer = send(visitor, "en", email="sixieme@example.org")
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    assert errors(answer) == ["Several people have just subscribed from your network. Please try again in a minute."]
    assert (kept_words(answer), answer["Cache-Control"]) == ("sixieme@example.org", "no-store")
    assert Subscriber.objects.count() == 5
    stopped_clock(50)
    assert send(visitor, email="sixieme@example.org").status_code == 303


def test_the_thirty_first_from_a_network_in_an_hour_waits_for_the_hour(visitor, stopped_clock):
    for number in range(30):
        assert send(visitor, "en", email=f"lectrice{number}@example.org").status_code == 303
        stopped_clock(60)
    answer = send(visitor, "en")
    assert (answer.status_code, answer["Retry-After"]) == (429, str(3590 - 30 * 60))
    assert errors(answer) == ["Several people have just subscribed from your network. Please try again in 30 minutes."]


def test_forms_that_are_not_valid_do_not_count(visitor, stopped_clock):
    for _number in range(7):
        assert send(visitor, email="élodie").status_code == 422
    assert send(visitor).status_code == 303


def test_another_network_does_not_wait(visitor, stopped_clock):
    for _number in range(5):
        send(visitor)
    assert send(visitor).status_code == 429
    visitor.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert send(visitor).status_code == 303


def test_the_limits_are_five_a_minute_and_thirty_an_hour():
    from newsletter import views

    limits = [(limit.times, limit.seconds) for limit in (views.A_MINUTE, views.AN_HOUR)]
    assert limits == [(5, 60), (30, 3600)]


def test_three_megabytes_and_five_thousand_and_one_fields_are_refused(visitor):
    big = visitor.post(form_path(), urlencode({"email": "a" * 3 * 2**20}), content_type=FORM)
    many = visitor.post(form_path(), "&".join(f"f{number}=1" for number in range(5001)), content_type=FORM)
    assert (big.status_code, many.status_code, everything()) == (413, 400, [[], [], []])


def test_a_body_that_is_no_form_is_answered_and_makes_no_row(visitor):
    bodies = [("{}", "application/json"), ("\xff\xfe", FORM), ("--x", "multipart/form-data; boundary=x")]
    answers = [visitor.post(form_path(), body, content_type=kind).status_code for body, kind in bodies]
    assert (answers, everything()) == ([422, 422, 422], [[], [], []])


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor, method):
    assert getattr(visitor, method)(form_path()).status_code == 405
    assert getattr(visitor, method)(thanks_path()).status_code == 405


class ChangedTheirMind(Exception):
    pass


def test_a_rollback_leaves_no_subscriber_no_consent_and_no_mail():
    def fails_afterwards():
        subscribe(ADDRESS, "fr", "/fr/")
        assert Email.objects.count() == 1
        raise ChangedTheirMind

    with pytest.raises(ChangedTheirMind), transaction.atomic():
        fails_afterwards()
    assert (everything(), Email.objects.count()) == ([[], [], []], 0)


def test_where_the_mail_cannot_be_queued_nothing_is_kept(monkeypatch):
    def fails(subscriber):
        raise ChangedTheirMind

    monkeypatch.setattr("newsletter.mails.confirmation", fails)
    with pytest.raises(ChangedTheirMind):
        subscribe(ADDRESS, "fr", "/fr/")
    assert everything() == [[], [], []]


@pytest.mark.parametrize("page", [form_path, thanks_path])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pages_are_public_cookieless_and_answered_without_a_query_the_second_time(
    visitor, django_assert_num_queries, monkeypatch, page, language
):
    monkeypatch.setattr(public, "VERSION_MEMORY", 60)  # however slow the machine
    first = visitor.get(page(language))
    with django_assert_num_queries(0):
        second = visitor.get(page(language))
    assert first.content == second.content
    assert first["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"
    assert (dict(first.cookies), "cookie" in first.get("Vary", "").lower()) == ({}, False)


def test_the_language_switch_leads_to_the_same_page(visitor):
    for page in (form_path, thanks_path):
        for here, there in (("fr", "en"), ("en", "fr")):
            soup = BeautifulSoup(visitor.get(page(here)).content, "html.parser")
            assert [link["href"] for link in soup.select("nav.languages a")] == [page(there)]


def test_the_addresses_are_in_their_languages():
    assert [form_path("fr"), form_path("en"), thanks_path("fr"), thanks_path("en")] == [
        "/fr/lettre/",
        "/en/newsletter/",
        "/fr/lettre/merci/",
        "/en/newsletter/thanks/",
    ]


TAKEN_BACK = {"mailed": 1, "confirmed": 2, "suppressed": 2, "blocked": 1}  # savepoints


@pytest.mark.parametrize("state", [*STATES, "mailed", "blocked"])
def test_a_form_costs_the_same_queries_whatever_is_known_of_the_address(visitor, django_assert_num_queries, state):
    send(visitor, email="quelquun@example.org")  # the day's key, that of hashes and the wording are there
    if state == "mailed":
        make_subscriber(confirmation_sent_at=timezone.now(), confirmation_mails=1)
    elif state == "blocked":
        Suppression.objects.add(ADDRESS, Suppression.Reason.EDITOR)
    elif state:
        make_subscriber(status=state)
    DailyKey.forget()
    # The day's key; the limits of a network, and that of the address; the row, made and read; the key of hashes and the
    # hash; three verbs; the wording, the consent, the mail; a transaction with two savepoints.
    with django_assert_num_queries(19 + TAKEN_BACK.get(state, 0)):
        send(visitor)


def test_a_blocked_address_is_not_written_down_again_and_gets_no_mail(visitor):
    Suppression.objects.add("Lectrice@Example.org", Suppression.Reason.COMPLAINT)
    assert send(visitor).status_code == 303
    assert (everything(), Email.objects.count()) == ([[], [], []], 0)


def test_whoever_was_erased_comes_back_by_the_form_and_is_welcome_once_they_confirm(visitor):
    Suppression.objects.add(ADDRESS, Suppression.Reason.ERASED)
    send(visitor)
    subscriber = Subscriber.objects.get()
    assert (Email.objects.count(), Suppression.objects.of(ADDRESS).count()) == (1, 1)
    visitor.post(path_of(subscriber.confirm_url))
    assert (status(), Suppression.objects.count()) == ("confirmed", 0)


PAUSES = [(0, timedelta(minutes=10)), (1, timedelta(minutes=10)), (2, timedelta(hours=1)), (3, timedelta(hours=6)),
          (4, timedelta(days=1)), (5, timedelta(days=3)), (6, timedelta(days=3)), (50, timedelta(days=3))]  # fmt: skip


@pytest.mark.parametrize(("mails", "pause"), PAUSES)
def test_the_next_confirmation_mail_waits_longer_after_each(mails, pause):
    now = timezone.now()
    subscriber = make_subscriber(confirmation_mails=mails, confirmation_sent_at=now - pause + timedelta(seconds=10))
    assert subscriber.claim_confirmation_mail() is False
    Subscriber.objects.update(confirmation_sent_at=now - pause)
    assert subscriber.claim_confirmation_mail() is True
    assert Subscriber.objects.get().confirmation_mails == mails + 1


def test_a_mail_that_the_pause_forbids_does_not_use_up_the_three_of_the_day(visitor):
    for _turn in range(6):
        subscribe(ADDRESS, "fr", "/fr/")
    Subscriber.objects.update(confirmation_sent_at=timezone.now() - timedelta(minutes=10))
    subscribe(ADDRESS, "fr", "/fr/")
    assert Email.objects.count() == 2


def test_confirming_lets_the_pauses_begin_anew(visitor):
    subscriber = make_subscriber(confirmation_mails=5, confirmation_sent_at=timezone.now())
    subscriber.confirm("/fr/")
    assert Subscriber.objects.get().confirmation_mails == 0


def test_one_address_gets_three_confirmation_mails_a_day_however_often_it_is_typed():
    for _turn in range(5):
        subscribe("Élise@example.org".replace("É", "E"), "fr", "/fr/")
        Subscriber.objects.update(confirmation_sent_at=None)  # as ten minutes later

    assert Email.objects.count() == 3


def test_one_mailbox_gets_three_whatever_stands_behind_the_plus_and_each_address_is_kept_as_typed():
    for number in range(10):
        subscribe(f"victime+{number}@gmail.com", "fr", "/fr/")
    subscribe("vic.time@googlemail.com", "fr", "/fr/")
    subscribe("victor@gmail.com", "fr", "/fr/")

    asked = [["victime+0@gmail.com"], ["victime+1@gmail.com"], ["victime+2@gmail.com"], ["victor@gmail.com"]]
    assert [mail.to for mail in Email.objects.order_by("pk")] == asked
    stored = sorted(Subscriber.objects.values_list("email", flat=True))
    assert stored == [
        "vic.time@googlemail.com",
        *[f"victime+{number}@gmail.com" for number in range(10)],
        "victor@gmail.com",
    ]
