"""Calendar files and the calendar to subscribe to, as calendar programmes ask for them."""

from datetime import timedelta

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from events.models import Event
from omep_site.lib import public
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

FEEDS = {"fr": "/fr/evenements.ics", "en": "/en/events.ics"}


def titles(response) -> list[str]:
    return [str(entry["summary"]) for entry in icalendar.Calendar.from_ical(response.content).walk("VEVENT")]


def test_the_calendar_holds_what_comes_and_what_was_during_a_year(client):
    now = timezone.now()
    make_event(title_fr="Il y a longtemps", starts_at=now - timedelta(days=370))
    make_event(title_fr="L’an dernier", starts_at=now - timedelta(days=360))
    make_event(title_fr="Bientôt", starts_at=now + timedelta(days=9))
    make_event(title_fr="Annulée", starts_at=now + timedelta(days=10), event_status="cancelled")
    make_event(title_fr="Brouillon", status="draft")
    make_event(title_fr="Plus tard public", publish_at=now + timedelta(days=1))
    make_event(title_fr="Sans date", starts_at=now - timedelta(days=400), event_status="postponed")

    assert titles(client.get(FEEDS["fr"])) == [
        "Reporté\xa0: Sans date",
        "L’an dernier",
        "Bientôt",
        "Annulé\xa0: Annulée",
    ]


@pytest.mark.parametrize(("language", "name"), [("fr", "OMEP\xa0: événements"), ("en", "OMEP: events")])
def test_it_is_kept_and_answered_as_public_pages_are(client, language, name):
    make_event()
    first = client.get(FEEDS[language])
    assert (first.status_code, first["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert first["Content-Disposition"] == f'inline; filename="{FEEDS[language].rpartition("/")[2]}"'
    assert icalendar.Calendar.from_ical(first.content)["name"] == name
    assert (dict(first.cookies), "cookie" in first.get("Vary", "").lower()) == ({}, False)
    again = client.get(FEEDS[language], headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_the_database_three_times_however_many_events_there_are(client, django_assert_num_queries, count):
    for day in range(count):
        make_event(starts_at=timezone.now() + timedelta(days=day), cities=["Africa/Dakar"])

    with django_assert_num_queries(3):  # version, events, clock
        assert len(titles(client.get(FEEDS["en"]))) == count


@pytest.mark.parametrize(("path", "title"), [("/fr/evenements/ete.ics", "Été"), ("/en/events/summer.ics", "Summer")])
def test_each_event_has_a_file(client, path, title):
    make_event(title_fr="Été", title_en="Summer", slug_fr="ete", slug_en="summer")

    response = client.get(path)
    assert titles(response) == [title]
    assert response["Content-Disposition"] == f'inline; filename="{path.rpartition("/")[2]}"'


def test_the_file_of_what_is_not_translated_stands_under_the_other_languages_address(client):
    event = make_event(title_fr="Été", slug_fr="ete", slug_en="summer", body_en="")
    assert titles(client.get("/en/events/ete.ics")) == ["Été"]

    event.body_en = "<p>Come</p>"
    event.save()
    public.bump()
    response = client.get("/en/events/ete.ics")
    assert (response.status_code, response["Location"]) == (302, "/en/events/summer.ics")


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"publish_at": timezone.now() + timedelta(days=365)}])
def test_what_is_not_public_has_no_file(client, fields):
    event = make_event(**fields)
    assert client.get(f"/fr/evenements/{event.slug_fr}.ics").status_code == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/fr/", ["/fr/evenements.ics"]),
        ("/en/events/", ["/en/events.ics"]),
        ("/fr/evenements/ete/", ["/fr/evenements/ete.ics"]),
        ("/en/events/summer/", ["/en/events/summer.ics"]),
    ],
)
def test_pages_name_their_calendar_in_their_head(client, path, expected):
    make_event(slug_fr="ete", slug_en="summer")

    found = soup(client.get(path)).select("head link[rel=alternate][type='text/calendar']")
    assert [link["href"].removeprefix("https://events.example.org") for link in found] == expected


@pytest.mark.parametrize(
    ("path", "calendar", "words_of_the_link"),
    [
        ("/fr/evenements/", "/fr/evenements.ics", "S’abonner à l’agenda"),
        ("/en/events/", "/en/events.ics", "Subscribe to the calendar"),
    ],
)
def test_the_list_says_how_to_subscribe(client, path, calendar, words_of_the_link):
    section = soup(client.get(path)).select_one(".subscribe")
    assert (words(section.a), section.a["href"]) == (words_of_the_link, f"webcal://events.example.org{calendar}")
    assert words(section.code) == f"https://events.example.org{calendar}"


# --- What makes a calendar look again --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "raised"),
    [
        ({"title_fr": "Autre"}, 1),
        ({"title_en": "Another"}, 1),
        ({"place_fr": "Lomé"}, 1),
        ({"starts_at": "+1", "ends_at": "+1"}, 1),
        ({"timezone": "Africa/Dakar"}, 1),
        ({"all_day": True}, 1),
        ({"event_status": "cancelled"}, 1),
        ({"attendance_mode": "both"}, 1),
        ({"conference_url": "https://example.org/salle"}, 1),
        ({"title_fr": "Autre", "place_en": "Lome", "event_status": "moved"}, 1),
        ({}, 0),
        ({"summary_fr": "Autre annonce."}, 0),
        ({"body_en": "<p>Other words</p>"}, 0),
        ({"slug_fr": "autre"}, 0),
        ({"registration_url": "https://example.org/"}, 0),
        ({"recording_url_fr": "https://example.org/"}, 0),
        ({"cities": ["Africa/Dakar"]}, 0),
        ({"status": "draft"}, 0),
    ],
)
def test_the_sequence_grows_by_what_a_calendar_shows_and_by_nothing_else(changes, raised):
    event = Event.objects.get(pk=make_event().pk)
    before = event.calendar_changed_at
    for field, value in changes.items():
        setattr(event, field, getattr(event, field) + timedelta(days=1) if value == "+1" else value)
    event.save()
    event.save()

    event.refresh_from_db()
    assert (event.sequence, event.calendar_changed_at > before) == (raised, bool(raised))


def test_an_old_version_that_comes_back_is_one_more_change():
    from omep_site.lib.history import bring_back, last_entry, record

    event = make_event(title_fr="Avant")
    record(event)
    old = last_entry(Event, event.pk).snapshot
    event.title_fr = "Après"
    event.save()
    uid = event.uid
    bring_back(old, Event.objects.get(pk=event.pk))

    event.refresh_from_db()
    assert (event.title_fr, event.sequence, event.uid) == ("Avant", 2, uid)


def test_an_event_that_comes_back_after_it_was_deleted_keeps_its_name_for_calendars():
    from omep_site.lib.history import bring_back, last_entry, record

    event = make_event(title_fr="Avant")
    uid = event.uid
    record(event)
    old = last_entry(Event, event.pk).snapshot
    event.delete()
    back, lost = bring_back(old, None)
    assert (back.title_fr, back.uid, lost) == ("Avant", uid, [])


def test_a_copy_is_another_event_to_calendars():
    from events.duplicate import duplicate

    event = make_event()
    event.title_fr = "Autre"
    event.save()
    copy = duplicate(event, starts_at=event.starts_at, ends_at=event.ends_at, zone="Europe/Paris", all_day=False)
    assert (copy.uid != event.uid, copy.sequence, event.sequence) == (True, 0, 1)


def test_a_moved_event_reaches_subscribers_at_once():
    event = make_event()
    subscriber = Client()
    first = subscriber.get(FEEDS["fr"])
    event.title_fr = "Déplacé"
    event.save()
    public.bump()
    second = subscriber.get(FEEDS["fr"], headers={"if-none-match": first["ETag"]})
    assert (second.status_code, titles(second)) == (200, ["Déplacé"])
