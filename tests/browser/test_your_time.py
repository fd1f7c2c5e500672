"""The few lines of script that say an event's hour where its reader is."""

from datetime import UTC, datetime

import pytest

from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

PATHS = {"fr": "/fr/evenements/ete/", "en": "/en/events/summer/"}


@pytest.mark.parametrize(
    ("language", "zone", "start", "words"),
    [
        ("fr", "Pacific/Auckland", datetime(2087, 12, 6, 12, 30, tzinfo=UTC), "Chez vous\xa0: 1\xa0h\xa030, dimanche 7\xa0décembre"),
        ("en", "Pacific/Auckland", datetime(2087, 12, 6, 12, 30, tzinfo=UTC), "Your time: 01:30, Sunday 7 December"),
        ("fr", "America/Argentina/Buenos_Aires", datetime(2087, 12, 6, 13, 0, tzinfo=UTC), "Chez vous\xa0: 10\xa0h"),
        ("en", "Asia/Kolkata", datetime(2087, 12, 6, 12, 30, tzinfo=UTC), "Your time: 18:00"),
        ("fr", "Pacific/Auckland", datetime(2087, 5, 31, 21, 0, tzinfo=UTC), "Chez vous\xa0: 9\xa0h, dimanche 1er\xa0juin"),
        ("fr", "Europe/Brussels", datetime(2087, 12, 6, 12, 30, tzinfo=UTC), "12\xa0h\xa030\xa0UTC"),
    ],
)  # fmt: skip
def test_the_page_says_the_readers_own_hour_where_it_is_another_one(new_context, site, language, zone, start, words):
    make_event(slug_fr="ete", slug_en="summer", starts_at=start)
    page = new_context(timezone_id=zone).new_page()

    page.goto(site + PATHS[language])

    assert page.locator(".elsewhere").inner_text() == words


def test_the_list_of_cities_stays_behind_the_readers_own_hour(new_context, site):
    start = datetime(2087, 12, 6, 12, 30, tzinfo=UTC)
    make_event(slug_fr="ete", slug_en="summer", starts_at=start, cities=["Africa/Dakar", "Asia/Tokyo"])
    page = new_context(timezone_id="America/New_York").new_page()

    page.goto(site + PATHS["fr"])
    assert page.locator(".elsewhere summary").inner_text() == "Chez vous\xa0: 7\xa0h\xa030 · autres\xa0villes"
    page.locator(".elsewhere summary").press("Enter")
    assert page.locator(".elsewhere li").all_inner_texts() == ["Dakar\n12\xa0h\xa030", "Tokyo\n21\xa0h\xa030"]
