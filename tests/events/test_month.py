"""The events of a month, day by day."""

from datetime import UTC, date, datetime

import pytest

from events.month import Month, weeks
from events.reading import read_all
from tests.factories import make_event
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db


def event_from(start: str, end: str, **fields):
    moments = [datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (start, end)]
    return make_event(starts_at=moments[0], ends_at=moments[1], **fields)


def days_of(month: Month, *events) -> list[int]:
    found = weeks(month, read_all(events, "fr"))
    return [day.date.day for week in found for day in week if day.readings]


@pytest.mark.parametrize(
    ("month", "first", "last", "count"),
    [
        (Month(2025, 7), date(2025, 6, 30), date(2025, 8, 3), 5),
        (Month(2027, 2), date(2027, 2, 1), date(2027, 2, 28), 4),
        (Month(2026, 8), date(2026, 7, 27), date(2026, 9, 6), 6),
    ],
)
def test_weeks_go_from_monday_to_sunday(month, first, last, count):
    found = weeks(month, [])
    assert (found[0][0].date, found[-1][-1].date, len(found)) == (first, last, count)


@pytest.mark.parametrize(
    ("start", "end", "zone", "days"),
    [
        ("2025-07-14 07:00", "2025-07-18 15:00", "Europe/Rome", [14, 15, 16, 17, 18]),
        ("2025-07-14 12:30", "2025-07-14 13:30", "Europe/Paris", [14]),
        ("2025-07-14 12:30", "2025-07-14 13:30", "Pacific/Auckland", [15]),
        ("2025-06-30 23:30", "2025-07-01 01:00", "UTC", [1]),
        ("2025-07-30 12:00", "2025-08-02 12:00", "UTC", [30, 31]),
        ("2025-07-14 10:00", "2025-07-14 22:00", "Europe/Paris", [14]),  # until midnight there
        ("2025-07-14 12:00", "2025-07-14 12:00", "UTC", [14]),
        ("2025-07-14 00:00", "2025-07-14 00:00", "UTC", [14]),
    ],
)
def test_an_event_stands_on_each_of_its_days_in_its_own_zone(start, end, zone, days):
    assert days_of(Month(2025, 7), event_from(start, end, timezone=zone)) == days


@pytest.mark.parametrize(
    ("path", "title", "day", "switch"),
    [
        ("/fr/evenements/mois/2025-07/", "Juillet 2025", "lundi 14 Été", "/en/events/month/2025-07/"),
        ("/en/events/month/2025-07/", "July 2025", "Monday 14 Summer", "/fr/evenements/mois/2025-07/"),
    ],
)
def test_a_month_has_a_page_in_each_language(client, path, title, day, switch):
    event_from("2025-07-14 07:00", "2025-07-14 15:00", title_fr="Été", title_en="Summer")

    page = soup(client.get(path))
    assert words(page.h1) == title
    assert [words(each) for each in page.select("td:has(.month-event)")] == [day]
    assert page.select_one(".languages a")["href"] == switch
    site = "https://events.example.org"
    assert alternates(page) == {
        "fr": f"{site}/fr/evenements/mois/2025-07/",
        "en": f"{site}/en/events/month/2025-07/",
        "x-default": f"{site}/fr/evenements/mois/2025-07/",
    }


def test_cancelled_events_say_so_and_postponed_ones_have_no_day(client):
    event_from("2025-07-14 07:00", "2025-07-14 15:00", title_fr="Fête", event_status="cancelled")
    event_from("2025-07-15 07:00", "2025-07-15 15:00", event_status="postponed")

    page = soup(client.get("/fr/evenements/mois/2025-07/"))
    assert [words(each) for each in page.select(".month-event")] == ["Annulé Fête"]


def test_a_month_between_events_says_that_it_is_empty_and_leads_on(client):
    event_from("2025-05-14 07:00", "2025-05-14 15:00")

    page = soup(client.get("/fr/evenements/mois/2025-06/"))
    assert words(page.select_one(".empty")) == "Rien n’a lieu ce mois-ci."
    assert [link["href"] for link in page.select(".months a")] == [
        "/fr/evenements/mois/2025-05/",
        "/fr/evenements/mois/2025-07/",
    ]


def test_an_event_at_the_edge_has_the_month_of_its_own_zone(client):
    event_from("2090-12-31 20:00", "2090-12-31 22:00", timezone="Pacific/Auckland", title_en="Sunrise")
    event_from("2010-01-01 02:00", "2010-01-01 04:00", timezone="America/New_York", title_en="Midnight")

    for month, title in (("2091-01", "Sunrise"), ("2009-12", "Midnight")):
        response = client.get(f"/en/events/month/{month}/")
        assert (response.status_code, title in response.content.decode()) == (200, True)
    assert [client.get(f"/en/events/month/{month}/").status_code for month in ("2091-02", "2009-11")] == [404, 404]


@pytest.mark.parametrize("month", ["2025-04", "1000-01", "9999-12", "2025-13", "2025-00", "0000-01", "2025-5", "ete"])
def test_there_is_no_page_beyond_the_first_event_or_for_what_is_no_month(client, month):
    event_from("2025-05-14 07:00", "2025-05-14 15:00")
    event_from("2024-05-14 07:00", "2024-05-14 15:00", status="draft")

    response = client.get(f"/fr/evenements/mois/{month}/")
    assert (response.status_code, words(soup(response).h1)) == (404, "Page introuvable")


def test_the_short_address_leads_to_this_month(client, monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # in Paris it is January
    response = client.get("/en/events/month/")
    assert (response.status_code, response["Location"]) == (302, "/en/events/month/2027-01/")
    assert (response["Cache-Control"], client.get(response["Location"]).status_code) == ("no-cache", 200)


@pytest.mark.parametrize("count", [1, 30])
def test_a_month_asks_the_database_four_times_however_many_events_it_has(client, django_assert_num_queries, count):
    for day in range(1, count + 1):
        event_from(f"2025-06-{day:02} 07:00", f"2025-06-{day:02} 09:00")

    with django_assert_num_queries(4):  # version, range, events, clock
        assert client.get("/fr/evenements/mois/2025-06/").status_code == 200
