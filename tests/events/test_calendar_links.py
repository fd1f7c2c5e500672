"""Links that bring an event into Google's and Microsoft's calendars, to the character."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events.calendar_links import calendar_links, subscription
from events.reading import read
from tests.factories import make_event

pytestmark = pytest.mark.django_db

START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)


def links_of(language="fr", now=None, **fields) -> dict[str, str]:
    """A week before it begins, where nothing else is said."""
    event = make_event(**{"starts_at": START, "slug_fr": "ete", "slug_en": "summer"} | fields)
    now = now or event.starts_at - timedelta(days=7)
    with translation.override(language):
        return {link.words: link.address for link in calendar_links(read(event, language, now))}


def asked(address: str) -> dict[str, str]:
    return {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}


def test_an_event_of_an_hour_in_french():
    links = links_of(
        title_fr="L’œuvre & l’été : 100 % jeu", summary_fr="Venez\navec <vous>.", place_fr="Dakar, Sénégal"
    )

    details = "https%3A%2F%2Fevents.example.org%2Ffr%2Fevenements%2Fete%2F"
    compose = (
        "/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent&startdt=2027-12-06T12%3A30%3A00Z"
        "&enddt=2027-12-06T13%3A30%3A00Z&subject=L%E2%80%99%C5%93uvre%20%26%20l%E2%80%99%C3%A9t%C3%A9%C2%A0%3A%20100%C2%A0%25%20jeu"
        f"&body=Venez%3Cbr%3Eavec%20%26lt%3Bvous%26gt%3B.%3Cbr%3E%3Cbr%3E{details}&location=Dakar%2C%20S%C3%A9n%C3%A9gal"
    )
    assert links == {
        "Google Agenda": "https://calendar.google.com/calendar/render?action=TEMPLATE"
        "&dates=20271206T123000Z%2F20271206T133000Z"
        "&text=L%E2%80%99%C5%93uvre%20%26%20l%E2%80%99%C3%A9t%C3%A9%C2%A0%3A%20100%C2%A0%25%20jeu"
        f"&details=Venez%0Aavec%20%3Cvous%3E.%0A%0A{details}&location=Dakar%2C%20S%C3%A9n%C3%A9gal",
        "Outlook.com": f"https://outlook.live.com{compose}",
        "Outlook au travail ou à l’école": f"https://outlook.office.com{compose}",
    }


def test_whole_days_in_english_end_on_the_day_after():
    first, last = (datetime(2027, 9, day, tzinfo=ZoneInfo("Pacific/Auckland")) for day in (26, 28))
    fields = {"timezone": "Pacific/Auckland", "all_day": True, "starts_at": first, "ends_at": last}
    links = links_of("en", **fields, title_en="Play", summary_en="Come.", place_en="Auckland")

    body = "https%3A%2F%2Fevents.example.org%2Fen%2Fevents%2Fsummer%2F&location=Auckland"
    assert links["Google Calendar"] == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&dates=20270926%2F20270929&text=Play"
        f"&details=Come.%0A%0A{body}"
    )
    assert links["Outlook at work or at school"] == (
        "https://outlook.office.com/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
        f"&startdt=2027-09-26&enddt=2027-09-29&allday=true&subject=Play&body=Come.%3Cbr%3E%3Cbr%3E{body}"
    )


@pytest.mark.parametrize(
    ("language", "words", "place"), [("fr", "Participer en ligne\xa0: ", "En ligne"), ("en", "Take part online: ", "Online")]
)  # fmt: skip
def test_the_link_to_take_part_is_among_the_words(language, words, place):
    links = links_of(language, conference_url="https://example.org/z?a=1&b=é", place_fr="", place_en="")
    google, outlook = (asked(address) for address in list(links.values())[:2])

    assert f"\n\n{words}https://example.org/z?a=1&b=%C3%A9\n\nhttps://events" in google["details"]
    assert f"<br><br>{words}https://example.org/z?a=1&amp;b=%C3%A9<br><br>https://events" in outlook["body"]
    assert (google["location"], outlook["location"]) == (place, place)


@pytest.mark.parametrize(
    ("fields", "count"),
    [
        ({}, 3),
        ({"event_status": "moved"}, 3),
        ({"event_status": "cancelled"}, 0),
        ({"event_status": "postponed"}, 0),
        ({"now": START + timedelta(minutes=59)}, 3),
        ({"now": START + timedelta(hours=1)}, 0),
    ],
)
def test_what_is_over_cancelled_or_without_a_date_has_no_link(fields, count):
    assert len(links_of(**{"now": START - timedelta(days=1)} | fields)) == count


@pytest.mark.parametrize(
    ("site", "language", "address", "webcal"),
    [
        ("https://example.org", "fr", "https://example.org/fr/evenements.ics", "webcal://example.org/fr/evenements.ics"),
        ("http://127.0.0.1:8000", "en", "http://127.0.0.1:8000/en/events.ics", "webcal://127.0.0.1:8000/en/events.ics"),
    ],
)  # fmt: skip
def test_the_feed_has_an_address_to_copy_and_one_to_open(settings, site, language, address, webcal):
    settings.SITE_URL = site
    found = subscription(language)
    assert (found.address, found.webcal) == (address, webcal)
