from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import signing
from django.utils.translation import override

from newsletter.models import CONSENT, Consent, Key, Subscriber
from omep_site.lib import links, public
from tests.newsletter.factories import everything, form_path, make_subscriber, path_of, status

pytestmark = pytest.mark.django_db

TITLES = {
    "fr": {
        "ask": "Confirmez votre abonnement",
        "done": "Votre abonnement est confirmé",
        "over": "Ce lien n’est plus valable",
    },
    "en": {"ask": "Confirm your subscription", "done": "You are subscribed", "over": "This link is no longer valid"},
}


def title(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").h1.get_text()


def is_private(answer) -> bool:
    robots = BeautifulSoup(answer.content, "html.parser").select_one("meta[name=robots]")
    return (answer["Cache-Control"], answer["X-Robots-Tag"], robots["content"], dict(answer.cookies)) == (
        "no-store", "noindex", "noindex", {},
    )  # fmt: skip


def made_ago(monkeypatch, subscriber, **ago) -> str:
    """The path of a link that was signed some time ago."""
    import time

    then = time.time() - timedelta(**ago).total_seconds()
    with monkeypatch.context() as clock:
        clock.setattr("django.core.signing.time.time", lambda: then)
        return path_of(subscriber.confirm_url)


def test_opening_the_link_three_times_changes_nothing(visitor):
    path = path_of(make_subscriber().confirm_url)
    before = everything()
    for _turn in range(3):
        assert (visitor.get(path).status_code, visitor.head(path).status_code) == (200, 200)
    assert everything() == before


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_asks_with_one_button_beside_the_wording(visitor, language):
    answer = visitor.get(path_of(make_subscriber(language=language).confirm_url))
    page = BeautifulSoup(answer.content, "html.parser")
    with override(language):
        assert page.select_one("form p").get_text() == str(CONSENT)
    assert [button.get_text() for button in page.select("form button")] == [
        {"fr": "Confirmer mon abonnement", "en": "Confirm my subscription"}[language]
    ]
    assert (title(answer), page.html["lang"], is_private(answer)) == (TITLES[language]["ask"], language, True)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pressing_the_button_twice_confirms_once_and_shows_the_same_page(visitor, language):
    subscriber = make_subscriber(language=language)
    path = path_of(subscriber.confirm_url)
    first, second, later = visitor.post(path), visitor.post(path), visitor.get(path)
    assert [answer.status_code for answer in (first, second, later)] == [200, 200, 200]
    assert first.content == second.content == later.content
    assert (title(first), is_private(first)) == (TITLES[language]["done"], True)
    assert path_of(subscriber.unsubscribe_url) in first.content.decode()
    assert (status(), Consent.objects.count()) == ("confirmed", 1)


def test_the_consent_names_the_page_without_its_token(visitor):
    path = path_of(make_subscriber().confirm_url)
    visitor.post(path)
    consent = Consent.objects.get()
    assert (consent.kind, consent.page, consent.text.language) == ("confirmed", "/fr/lettre/confirmer/…/", "fr")


def test_the_button_works_from_a_mail_programme_s_own_window(visitor):
    path = path_of(make_subscriber().confirm_url)
    answer = visitor.post(path, headers={"origin": "null", "sec-fetch-site": "cross-site"})
    assert (answer.status_code, status()) == (200, "confirmed")


def test_two_clicks_at_once_both_see_the_confirmed_page(visitor, monkeypatch):
    subscriber = make_subscriber()
    confirm = Subscriber.confirm

    def beaten(self, page):
        confirm(Subscriber.objects.get(), page)  # the other click, between our look and our verb
        return confirm(self, page)

    monkeypatch.setattr(Subscriber, "confirm", beaten)
    answer = visitor.post(path_of(subscriber.confirm_url))
    assert (title(answer), Consent.objects.count()) == (TITLES["fr"]["done"], 1)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("state", ["unsubscribed", "suppressed"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_after_unsubscribing_the_old_link_is_used_up(visitor, method, state, language):
    path = path_of(make_subscriber(status=state, language=language).confirm_url)
    answer = getattr(visitor, method)(path)
    assert (answer.status_code, title(answer), is_private(answer)) == (410, TITLES[language]["over"], True)
    assert form_path(language) in answer.content.decode()
    assert (status(), Consent.objects.count()) == (state, 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_is_good_for_seven_days(visitor, monkeypatch, method):
    subscriber = make_subscriber()
    over = getattr(visitor, method)(made_ago(monkeypatch, subscriber, days=7, seconds=2))
    assert (over.status_code, title(over), is_private(over), status()) == (410, TITLES["fr"]["over"], True, "pending")
    assert "sept jours" in over.content.decode()
    good = getattr(visitor, method)(made_ago(monkeypatch, subscriber, days=6, hours=23, minutes=59))
    assert good.status_code == 200


def test_a_link_that_was_altered_or_made_for_something_else_is_no_page(visitor):
    subscriber = make_subscriber()
    path = path_of(subscriber.confirm_url)
    token = path.split("/")[-2]
    for other in (token[:-1], token + "A", "é" + token, "x", signing.dumps(subscriber.pk), subscriber.unsubscribe_token,
                  links.sign("comments.author", subscriber.pk)):  # fmt: skip
        for method in (visitor.get, visitor.head, visitor.post):
            assert method(path.replace(token, other)).status_code == 404, other
    assert status() == "pending"


def test_a_link_of_a_subscriber_who_is_gone_is_used_up(visitor):
    subscriber = make_subscriber()
    path = path_of(subscriber.confirm_url)
    subscriber.delete()
    assert [visitor.get(path).status_code, visitor.post(path).status_code, everything()] == [410, 410, [[], [], []]]


def test_the_link_works_in_the_other_language_too(visitor):
    page = BeautifulSoup(visitor.get(path_of(make_subscriber().confirm_url)).content, "html.parser")
    english = page.select_one("nav.languages a")["href"]
    assert english.startswith("/en/newsletter/confirm/")
    assert title(visitor.post(english)) == TITLES["en"]["done"]
    assert Consent.objects.get().text.language == "en"


def test_how_many_queries_the_link_costs(visitor, django_assert_num_queries):
    path = path_of(make_subscriber().confirm_url)
    Key.bytes()  # made when it is first needed
    public.forget_version()
    with django_assert_num_queries(2):  # the content version, the subscriber
        visitor.get(path)
    # The subscriber, the verb, the wording (new here), the consent, the hash of who was erased and its key; two
    # transactions.
    with django_assert_num_queries(11):
        visitor.post(path)
    with django_assert_num_queries(5):  # the subscriber before and after the verb, a transaction
        visitor.post(path)
