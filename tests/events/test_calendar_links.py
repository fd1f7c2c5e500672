"""Links that open an entry in the calendars that people keep on the web."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from events.calendar_links import calendar_links
from events.reading import read
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

START, END = datetime(2087, 12, 6, 12, 30, tzinfo=UTC), datetime(2087, 12, 6, 13, 30, tzinfo=UTC)
WORDS = {
    "title_fr": "Été & œuvre",
    "title_en": "Summer & work",
    "summary_fr": "Venez\xa0!",
    "summary_en": "Come!",
    "slug_fr": "ete",
    "slug_en": "summer",
    "place_fr": "",
    "place_en": "",
}


def links(language="fr", **fields) -> dict[str, str]:
    event = make_event(**WORDS | {"starts_at": START, "ends_at": END} | fields)
    with translation.override(language):
        return {link.name: link.url for link in calendar_links(read(event, language))}


def test_google_is_given_the_event_in_universal_time():
    assert links()["Google Agenda"] == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=%C3%89t%C3%A9%20%26%20%C5%93uvre"
        "&dates=20871206T123000Z/20871206T133000Z"
        "&details=Venez%E2%80%AF%21%0A%0Ahttps://events.example.org/fr/evenements/ete/&location=En%20ligne"
    )


def test_outlook_is_given_it_in_its_own_form():
    assert links("en")["Outlook.com"] == (
        "https://outlook.live.com/calendar/0/deeplink/compose?path=/calendar/action/compose&rru=addevent"
        "&subject=Summer%20%26%20work&startdt=2087-12-06T12:30:00%2B00:00&enddt=2087-12-06T13:30:00%2B00:00"
        "&body=Come%21%0A%0Ahttps://events.example.org/en/events/summer/&location=Online"
    )


def test_the_calendar_of_a_school_or_a_firm_is_another_address_of_the_same_form():
    found = links("en")
    assert found["Outlook at work or school (Microsoft 365)"] == found["Outlook.com"].replace(
        "outlook.live.com", "outlook.office.com"
    )


def test_whole_days_end_on_the_day_after_the_last():
    days = {"starts_at": datetime(2087, 7, 13, 22, 0, tzinfo=UTC), "ends_at": datetime(2087, 7, 18, 21, 59, tzinfo=UTC)}
    found = links("en", all_day=True, **days)
    assert "&dates=20870714/20870719&" in found["Google Calendar"]
    assert "&startdt=2087-07-14&enddt=2087-07-19&" in found["Outlook.com"]
    assert found["Outlook.com"].endswith("&allday=true")


@pytest.mark.parametrize(
    "fields",
    [
        {"event_status": "cancelled"},
        {"event_status": "postponed"},
        {"starts_at": datetime(2021, 12, 6, tzinfo=UTC), "ends_at": datetime(2021, 12, 7, tzinfo=UTC)},
    ],
)
def test_what_has_no_date_to_come_has_no_links(fields):
    assert links(**fields) == {}


@pytest.mark.parametrize(
    ("path", "heading", "file"),
    [
        ("/fr/evenements/ete/", "Ajouter à votre agenda", "/fr/evenements/ete.ics"),
        ("/en/events/summer/", "Add to your calendar", "/en/events/summer.ics"),
    ],
)
def test_the_page_of_an_event_to_come_offers_them_and_its_file(client, path, heading, file):
    make_event(**WORDS, starts_at=START, ends_at=END)

    section = soup(client.get(path)).select_one(".calendars")
    assert words(section.h2) == heading
    assert [link["href"].split("?")[0] for link in section.select("a")] == [
        file,
        "https://calendar.google.com/calendar/render",
        "https://outlook.live.com/calendar/0/deeplink/compose",
        "https://outlook.office.com/calendar/0/deeplink/compose",
    ]


def test_the_page_of_a_past_event_offers_none(client):
    event = make_event(starts_at=timezone.now() - timedelta(days=9))
    assert soup(client.get(f"/fr/evenements/{event.slug_fr}/")).select(".calendars") == []
