from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from newsletter.models import Consent, Key, Subscriber
from omep_site.lib import public
from tests.newsletter.factories import make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/newsletter/subscriber/"


def rows(answer) -> list[list[str]]:
    table = BeautifulSoup(answer.content, "html.parser").select("#result_list tbody tr")
    return [[cell.get_text(strip=True) for cell in row.select("th, td:not(.action-checkbox)")][:3] for row in table]


def make_three():
    make_subscriber(email="elodie@example.org", status="confirmed")
    make_subscriber(email="zoe@example.org", language="en")
    make_subscriber(email="noe@example.org", status="unsubscribed")


def test_an_editor_finds_subscribers_by_address_status_and_language(editor):
    make_three()
    noe = ["noe@example.org", "French", "unsubscribed"]
    zoe = ["zoe@example.org", "English", "waiting for confirmation"]
    elodie = ["elodie@example.org", "French", "subscribed"]
    assert rows(editor.get(LIST)) == [noe, zoe, elodie]
    assert rows(editor.get(LIST + "?q=elodie")) == [elodie]
    assert rows(editor.get(LIST + "?status__exact=pending")) == [zoe]
    assert rows(editor.get(LIST + "?language__exact=fr")) == [noe, elodie]


def test_a_subscriber_s_page_shows_the_consents_and_nothing_to_type(editor):
    subscriber = make_subscriber()
    consent = Consent.record(subscriber, Consent.Kind.REQUESTED, "/fr/événements/")
    answer = editor.get(f"{LIST}{subscriber.pk}/change/")
    page = BeautifulSoup(answer.content, "html.parser")
    words = page.select_one("#consents-group").get_text(" ", strip=True)
    for word in ("/fr/événements/", consent.text.text, "sent the form"):
        assert word in words
    assert (
        page.select("#subscriber_form input:not([type=hidden]), #subscriber_form textarea, #subscriber_form select")
        == []
    )
    assert subscriber.unsubscribe_token not in answer.content.decode()


def test_nobody_adds_changes_or_deletes_a_subscriber_by_hand(editor):
    subscriber = make_subscriber()
    assert editor.get(LIST + "add/").status_code == 403
    assert editor.post(f"{LIST}{subscriber.pk}/change/", {"email": "autre@example.org"}).status_code == 403
    assert editor.post(f"{LIST}{subscriber.pk}/delete/", {"post": "yes"}).status_code == 403
    assert list(Subscriber.objects.values_list("email", "status")) == [(subscriber.email, "pending")]


def test_an_editor_unsubscribes_people_who_ask_by_letter(editor):
    make_three()
    data = {"action": "unsubscribe", "_selected_action": Subscriber.objects.values_list("pk", flat=True)}
    answer = editor.post(LIST, data, follow=True)
    assert "2 addresses unsubscribed." in answer.content.decode()
    assert set(Subscriber.objects.values_list("status", flat=True)) == {"unsubscribed"}
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()


LATE = "?status__exact=late"


@pytest.mark.parametrize(
    ("language", "heading", "standings"),
    [
        (
            "en",
            "Subscribers",
            [
                "subscribed",
                "waiting for confirmation",
                "waiting for more than a week",
                "unsubscribed",
                "blocked",
            ],
        ),
        (
            "fr",
            "Abonnés",
            [
                "abonné",
                "en attente de confirmation",
                "en attente depuis plus d’une semaine",
                "désabonné",
                "bloqué",
            ],
        ),
    ],
)
def test_the_standings_to_choose_from_are_in_the_editors_language(editor, language, heading, standings):
    make_subscriber()
    page = soup(editor.get(LIST, headers={"accept-language": language}))
    assert words(page.h1) == heading
    [first, *_others] = page.select("#changelist-filter details")
    assert [words(link) for link in first.select("a")][1:] == standings


def test_who_never_pressed_the_button_of_a_mail_that_is_a_week_old_is_found(editor):
    now = timezone.now()
    asked = {"elodie": timedelta(days=8), "zoe": timedelta(days=6)}
    for name, ago in asked.items():
        make_subscriber(email=f"{name}@example.org", confirmation_sent_at=now - ago)
    make_subscriber(email="abonne@example.org", status="confirmed", confirmation_sent_at=now - timedelta(days=8))
    make_subscriber(email="jamais@example.org")
    make_subscriber(email="recent@example.org")
    Subscriber.objects.filter(email="jamais@example.org").update(created_at=now - timedelta(days=8))
    found = [row[0] for row in rows(editor.get(LIST + LATE))]
    assert found == ["jamais@example.org", "elodie@example.org"]


@pytest.mark.parametrize("count", [10, 500])
def test_the_list_costs_the_same_queries_however_long_it_is(editor, django_assert_num_queries, count):
    Subscriber.objects.bulk_create(
        Subscriber(email=f"lectrice{number}@example.org", language="fr") for number in range(count)
    )
    public.forget_version()
    with django_assert_num_queries(SUBSCRIBERS):
        assert len(rows(editor.get(LIST))) == min(count, 50)


SUBSCRIBERS = 8  # version, session, account with its language, count, groups twice, site's words, subscribers


@pytest.mark.parametrize("count", [1, 3])
def test_a_page_costs_the_same_queries_however_many_consents_it_shows(editor, django_assert_num_queries, count):
    subscriber = make_subscriber()
    for _number in range(count):
        Consent.record(subscriber, Consent.Kind.REQUESTED, "/fr/")
    Key.bytes()  # made when it is first needed
    public.forget_version()
    with django_assert_num_queries(SUBSCRIBER):
        editor.get(f"{LIST}{subscriber.pk}/change/")


# Version, session, account with its language, the subscriber twice, groups, consents, bounces, block with its key, site's words,
# type for “History”.
SUBSCRIBER = 12
