"""What a reader does with their subscription, on the pages behind the link in each letter."""

import json
import time
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.utils import timezone
from post_office.models import Email

from newsletter import moving
from newsletter.blocking import block
from newsletter.models import Consent, Subscriber, digest_of
from omep_site.lib import links
from tests.newsletter.factories import ADDRESS, FORM, everything, make_subscriber, path_of, status
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

NEW = "nouvelle@example.org"
TITLES = {"fr": "Votre abonnement", "en": "Your subscription"}


def post(client, path, headers=None, **answers):
    return client.post(path, urlencode(answers), content_type=FORM, headers=headers)


def reader(**fields) -> tuple[Subscriber, str]:
    subscriber = make_subscriber(**{"status": "confirmed"} | fields)
    return subscriber, path_of(subscriber.preferences_url)


def part(path: str, french: str) -> str:
    return f"{path}{french}/"


def made_ago(monkeypatch, make, **ago) -> str:
    then = time.time() - timedelta(**ago).total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: then)
        return make()


def title(answer) -> str:
    return words(soup(answer).h1)


def is_private(answer) -> bool:
    return (answer["Cache-Control"], answer["X-Robots-Tag"], dict(answer.cookies)) == ("no-store", "noindex", {})


def link_in(mail: Email) -> str:
    return path_of(next(word for word in mail.message.split() if word.startswith("https://")))


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("state", ["pending", "confirmed", "unsubscribed", "suppressed"])
def test_opening_any_of_the_pages_three_times_changes_nothing(visitor, language, state):
    subscriber, path = reader(status=state, language=language)
    parts = {"fr": ["adresse/", "donnees/"], "en": ["address/", "data/"]}[language]
    token = links.sign(moving.MOVE_PURPOSE, [subscriber.pk, digest_of(ADDRESS), NEW])
    move = links.path_in(language, "newsletter:move", token=token)
    data_file = links.path_in(language, "newsletter:data_file", token=subscriber.preferences_token)
    before = everything()
    for each in [path, *(path + part for part in parts), move, data_file]:
        for _turn in range(3):
            assert visitor.get(each).status_code == visitor.head(each).status_code < 500
    assert (everything(), Email.objects.count()) == (before, 0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reader_chooses_the_language_of_the_letters(visitor, language):
    other = {"fr": "en", "en": "fr"}[language]
    _subscriber, path = reader(language=language)
    page = visitor.get(path)
    assert (title(page), is_private(page)) == (TITLES[language], True)
    assert [words(label) for label in soup(page).select(".choices label")] == ["français", "English"]
    assert [button.get_text() for button in soup(page).select("main form button")] == [
        {"fr": "Enregistrer", "en": "Save"}[language]
    ]
    answer = post(visitor, path, language=other)
    assert (answer.status_code, answer["Cache-Control"], Subscriber.objects.get().language) == (303, "no-store", other)
    landing = visitor.get(answer["Location"])
    assert (title(landing), soup(landing).html["lang"]) == (TITLES[other], other)
    assert (
        words(soup(landing).select_one("[role=status]"))
        == {
            "fr": "C’est noté. Vos lettres viendront dans cette langue.",
            "en": "Saved. Your letters will come in this language.",
        }[other]
    )


def test_a_language_that_is_none_comes_back_with_a_sentence(visitor):
    _subscriber, path = reader()
    assert [post(visitor, path, language=odd).status_code for odd in ("", "de", "\x00")] == [422, 422, 422]
    assert Subscriber.objects.get().language == "fr"


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "null"}])
def test_forms_from_another_site_are_refused_with_their_words(visitor, headers):
    _subscriber, path = reader()
    assert post(visitor, path, headers, language="en").status_code == 403
    answer = post(visitor, part(path, "adresse"), headers, email=NEW)
    assert (answer.status_code, soup(answer).select_one("#move_email")["value"]) == (403, NEW)
    assert (Subscriber.objects.get().language, Email.objects.count()) == ("fr", 0)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_address_changes_once_its_reader_pressed_the_button_in_the_mail(visitor, language):
    _subscriber, path = reader(language=language)
    page = part(path, {"fr": "adresse", "en": "address"}[language])
    assert title(visitor.get(page)) == {"fr": "Une autre adresse", "en": "Another address"}[language]
    answer = post(visitor, page, email="Nouvelle@Example.ORG")
    assert (answer.status_code, visitor.get(answer["Location"]).status_code) == (303, 200)
    asked = Email.objects.get()
    assert (asked.to, asked.headers["Content-Language"]) == (["Nouvelle@example.org"], language)
    assert NEW not in asked.message.lower()

    link = link_in(asked)
    page = visitor.get(link)
    assert (page.status_code, is_private(page), len(soup(page).select("form button"))) == (200, True, 1)
    assert Subscriber.objects.get().email == ADDRESS  # nothing changed yet
    first, second, later = visitor.post(link), visitor.post(link), visitor.get(link)
    assert [each.status_code for each in (first, second, later)] == [200, 200, 200]
    assert title(first) == title(second) == title(later)
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.status) == ("Nouvelle@example.org", "confirmed")

    told = Email.objects.latest("pk")
    assert (told.to, Email.objects.count()) == ([ADDRESS], 2)
    assert "nouvelle" not in (told.subject + told.message).lower()
    words = {"fr": "/fr/lettre/adresse/…/", "en": "/en/newsletter/address/…/"}
    assert list(Consent.objects.values_list("kind", "page")) == [("confirmed", words[language])]


def ask(visitor, path, email=NEW):
    return post(visitor, part(path, "adresse"), email=email)


def test_the_answer_is_the_same_for_an_address_that_is_free_taken_or_blocked_and_the_blocked_one_gets_nothing(visitor):
    _subscriber, path = reader()
    make_subscriber(email="prise@example.org", status="confirmed")
    block("bloquee@example.org")
    answers = [ask(visitor, path, email) for email in (NEW, "prise@example.org", "bloquee@example.org")]
    landings = [visitor.get(answer["Location"]).content for answer in answers]
    assert [
        (answer.status_code, answer["Location"], landing) for answer, landing in zip(answers, landings, strict=True)
    ] == [(303, answers[0]["Location"], landings[0])] * 3
    assert sorted(mail.to[0] for mail in Email.objects.all()) == [NEW, "prise@example.org"]


def test_the_mail_to_a_new_address_does_not_tell_its_reader_the_earlier_one(visitor):
    _subscriber, path = reader(email="zoe@école.example")
    ask(visitor, path)
    asked = Email.objects.get()
    token = link_in(asked).strip("/").rpartition("/")[2]
    signed = signing.b64_decode(token.partition(":")[0].encode()).decode()
    assert NEW in signed
    for told in (signed, asked.subject, asked.message, asked.html_message, str(asked.headers)):
        assert [word for word in ("zoe", "école", "cole") if word in told] == []
    assert visitor.post(link_in(asked)).status_code == 200
    assert (Subscriber.objects.get().email, Email.objects.latest("pk").to) == (NEW, ["zoe@école.example"])


def test_a_link_to_a_new_address_that_was_asked_for_from_an_earlier_one_changes_nothing(visitor):
    subscriber, path = reader()
    ask(visitor, path)
    subscriber.move_to("ailleurs@example.org", "/fr/…/")
    assert visitor.post(link_in(Email.objects.get())).status_code == 410
    assert Subscriber.objects.get().email == "ailleurs@example.org"


def test_an_address_that_somebody_else_has_by_now_changes_nothing(visitor):
    _subscriber, path = reader()
    ask(visitor, path)
    make_subscriber(email=NEW.upper(), status="pending")
    answer = visitor.post(link_in(Email.objects.get()))
    assert (answer.status_code, title(answer)) == (410, "Cette adresse est déjà dans notre liste")
    assert sorted(Subscriber.objects.values_list("email", "status")) == [
        (NEW.upper(), "pending"), (ADDRESS, "confirmed")
    ]  # fmt: skip
    assert (Email.objects.count(), Consent.objects.count()) == (1, 0)


def test_two_clicks_at_once_change_it_once(visitor, monkeypatch):
    _subscriber, path = reader()
    ask(visitor, path)
    make = moving.Move.make

    def beaten(self, page):
        make(moving.Move(Subscriber.objects.get(), self.old, self.new), page)
        return make(self, page)

    monkeypatch.setattr(moving.Move, "make", beaten)
    answer = visitor.post(link_in(Email.objects.earliest("pk")))
    assert (answer.status_code, Email.objects.count(), Consent.objects.count()) == (200, 2, 1)


@pytest.mark.parametrize("state", ["unsubscribed", "suppressed", "pending"])
def test_whoever_left_meanwhile_is_not_brought_back_by_the_mail_to_the_new_address(visitor, state):
    _subscriber, path = reader()
    ask(visitor, path)
    Subscriber.objects.update(status=state)
    assert visitor.post(link_in(Email.objects.get())).status_code == 410
    assert Subscriber.objects.get().email == ADDRESS


def test_a_new_address_that_was_blocked_meanwhile_is_not_taken(visitor):
    _subscriber, path = reader()
    ask(visitor, path)
    block(NEW)
    assert visitor.post(link_in(Email.objects.get())).status_code == 410
    assert Subscriber.objects.get().email == ADDRESS


def test_the_link_to_a_new_address_is_good_for_seven_days_and_for_nothing_else(visitor, monkeypatch):
    subscriber, _path = reader()

    def link() -> str:
        token = links.sign(moving.MOVE_PURPOSE, [subscriber.pk, digest_of(ADDRESS), NEW])
        return links.path_in("fr", "newsletter:move", token=token)

    old = made_ago(monkeypatch, link, days=7, seconds=2)
    assert [visitor.get(old).status_code, visitor.post(old).status_code] == [410, 410]
    assert "sept jours" in visitor.get(old).content.decode()
    assert visitor.get(made_ago(monkeypatch, link, days=6, hours=23)).status_code == 200
    for token in ("x", subscriber.preferences_token, signing.dumps([subscriber.pk, digest_of(ADDRESS), NEW])):
        assert visitor.post(links.path_in("fr", "newsletter:move", token=token)).status_code == 404
    assert Subscriber.objects.get().email == ADDRESS


@pytest.mark.parametrize(
    ("email", "sentence"),
    [
        ("élodie", "Write an e-mail address such as name@example.org."),
        ("a@example.org\r\nBcc: b@example.org", "Write this on one line, without control characters."),
        ("a" * 308 + "@example.org", "Ensure this value has at most 254 characters (it has 320)."),
        (ADDRESS.upper(), "Your letters go to this address already."),
    ],
)
def test_a_new_address_that_is_none_comes_back_with_a_sentence(visitor, email, sentence):
    _subscriber, path = reader(language="en")
    answer = post(visitor, part(path, "address"), email=email)
    assert (answer.status_code, Email.objects.count()) == (422, 0)
    assert words(soup(answer).select_one("#move-errors li")) == f"New e-mail address: {sentence}"


def test_three_new_addresses_a_day_are_written_to_whoever_holds_the_link(visitor):
    _subscriber, path = reader()
    for number in range(3):
        assert ask(visitor, path, f"nouvelle{number}@example.org").status_code == 303
    answer = ask(visitor, path)
    assert (answer.status_code, int(answer["Retry-After"]) > 0, Email.objects.count()) == (429, True, 3)
    assert soup(answer).select_one("#move_email")["value"] == NEW


def test_the_sixth_change_from_a_network_in_a_minute_waits(visitor, monkeypatch):
    monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda: 1_800_000_010.0)
    _subscriber, path = reader()
    answers = [post(visitor, path, language="fr").status_code for _turn in range(6)]
    assert answers == [303] * 5 + [429]


def test_one_address_is_asked_three_times_a_day_by_forms_and_moves_together(visitor):
    for number in range(5):
        subscriber = make_subscriber(email=f"l{number}@example.org", status="confirmed")
        moving.ask_to_move(subscriber, NEW)
    assert Email.objects.count() == 3


def test_a_mailbox_is_asked_three_times_a_day_by_moves_whatever_stands_behind_the_plus(visitor):
    for number in range(5):
        subscriber = make_subscriber(email=f"l{number}@example.org", status="confirmed")
        moving.ask_to_move(subscriber, f"nouvelle+{number}@example.org")
    assert Email.objects.count() == 3


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_link_older_than_ninety_days_has_a_fresh_one_sent_to_the_address_and_tells_nothing(
    visitor, monkeypatch, language
):
    subscriber, _path = reader(language=language)
    old = made_ago(monkeypatch, lambda: path_of(subscriber.preferences_url), days=90, seconds=2)
    page = visitor.get(old)
    assert (page.status_code, is_private(page), ADDRESS in page.content.decode()) == (410, True, False)
    assert title(page) == {"fr": "Ce lien est trop ancien", "en": "This link is too old"}[language]
    answers = [visitor.post(old) for _turn in range(3)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, answers[0].content)}
    fresh = Email.objects.get()
    assert (fresh.to, fresh.headers["Content-Language"]) == ([ADDRESS], language)
    assert title(visitor.get(link_in(fresh))) == TITLES[language]
    subscriber.delete()
    assert visitor.post(old).content == answers[0].content


def test_a_blocked_reader_is_sent_no_fresh_link(visitor, monkeypatch):
    subscriber, _path = reader()
    old = made_ago(monkeypatch, lambda: path_of(subscriber.preferences_url), days=91)
    block(ADDRESS)
    assert (visitor.post(old).status_code, Email.objects.count()) == (200, 0)


def test_a_link_in_a_letter_to_the_earlier_address_opens_nothing_any_more(visitor, monkeypatch):
    subscriber, _path = reader()
    earlier = made_ago(monkeypatch, lambda: path_of(subscriber.preferences_url), hours=1)
    assert visitor.get(earlier).status_code == 200
    Subscriber.objects.update(email=NEW, address_changed_at=timezone.now())
    for path in (earlier, part(earlier, "donnees"), part(earlier, "adresse")):
        answer = visitor.get(path)
        assert (answer.status_code, NEW in answer.content.decode()) == (410, False)
    assert visitor.get(path_of(subscriber.preferences_url)).status_code == 200


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "fr",
            "Nous ne savons pas quelles lettres vous avez ouvertes, ni sur quoi vous avez cliqué : rien de cela n’est mesuré.",
        ),
        ("en", "We do not know which letters you opened, nor what you clicked on: nothing of that is measured."),
    ],
)
def test_a_reader_sees_and_takes_home_what_is_stored(visitor, language, sentence):
    subscriber, path = reader(language=language)
    Consent.record(subscriber, "requested", "/fr/événements/")
    page = visitor.get(part(path, {"fr": "donnees", "en": "data"}[language]))
    text = words(soup(page).main)
    for word in (ADDRESS, "/fr/événements/", sentence):
        assert word in text
    file = visitor.get(links.path_in(language, "newsletter:data_file", token=subscriber.preferences_token))
    assert (file["Content-Disposition"], is_private(file)) == ('attachment; filename="newsletter-data.json"', True)
    told = json.loads(file.content)
    assert sorted(told) == ["blocked_address", "newsletter"]
    assert [(each["email_address"], each["consents"][0]["page"]) for each in told["newsletter"]] == [
        (ADDRESS, "/fr/événements/")
    ]
    assert subscriber.unsubscribe_token not in file.content.decode()


def test_the_page_leads_to_unsubscribing(visitor):
    subscriber, path = reader()
    assert path_of(subscriber.unsubscribe_url) in [link["href"] for link in soup(visitor.get(path)).select("main a")]
    visitor.post(path_of(subscriber.unsubscribe_url))
    page = soup(visitor.get(path))
    assert (status(), page.select("main form")) == ("unsubscribed", [])


def test_links_that_were_altered_are_no_page_and_those_of_erased_readers_say_so(visitor):
    subscriber, path = reader()
    token = subscriber.preferences_token
    for odd in (token[:-1], token + "A", "x", subscriber.unsubscribe_token, signing.dumps(subscriber.pk)):
        assert visitor.get(path.replace(path.split("/")[-2], odd)).status_code == 404
    subscriber.delete()
    assert [visitor.get(path).status_code, visitor.post(path).status_code] == [410, 410]


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(visitor, method):
    _subscriber, path = reader()
    assert getattr(visitor, method)(path).status_code == 405
    assert getattr(visitor, method)(part(path, "donnees")).status_code == 405
