"""The hour of an event in other cities, as its page has it; no script has a part in it."""

from datetime import UTC, datetime

import pytest

from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

START = datetime(2087, 12, 6, 12, 30, tzinfo=UTC)  # 13:30 in Paris
PATHS = {"fr": "/fr/evenements/ete/", "en": "/en/events/summer/"}


def elsewhere(client, language, **fields):
    make_event(slug_fr="ete", slug_en="summer", **{"starts_at": START} | fields)
    return soup(client.get(PATHS[language])).select_one(".elsewhere")


@pytest.mark.parametrize(
    ("language", "summary", "cities"),
    [
        ("fr", "Début dans d’autres villes", ["Dakar 12 h 30", "Auckland 1 h 30, dimanche 7 décembre"]),
        ("en", "Start in other cities", ["Dakar 12:30", "Auckland 01:30, Sunday 7 December"]),
    ],
)
def test_the_page_lists_the_cities_that_the_editor_chose(client, language, summary, cities):
    found = elsewhere(client, language, cities=["Pacific/Auckland", "Africa/Dakar"])

    assert words(found.summary) == summary
    assert [words(each) for each in found.select("li")] == cities
    assert found.select_one("[data-start]")["data-start"] == "2087-12-06T13:30+01:00"


@pytest.mark.parametrize(("language", "hour"), [("fr", "12 h 30 UTC"), ("en", "12:30 UTC")])
def test_without_cities_the_page_says_the_universal_time(client, language, hour):
    assert words(elsewhere(client, language)) == hour


@pytest.mark.parametrize(
    "fields",
    [
        {"all_day": True},
        {"event_status": "postponed"},
        {"event_status": "cancelled"},
        {"starts_at": datetime(2021, 12, 6, 12, 30, tzinfo=UTC)},
    ],
)
def test_what_has_no_hour_or_is_over_has_none_elsewhere(client, fields):
    assert elsewhere(client, "fr", cities=["Africa/Dakar"], **fields) is None


def test_a_printed_page_has_its_address_as_letters_and_as_a_code_for_cameras(client):
    make_event(slug_fr="ete", slug_en="summer")

    paper = soup(client.get(PATHS["fr"])).select_one(".paper")
    assert words(paper) == "Cette page sur le web : https://events.example.org/fr/evenements/ete/"
    assert paper.svg["viewbox"] == "0 0 37 37"  # version 3, and four modules of white on each side
