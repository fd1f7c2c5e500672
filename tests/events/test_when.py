"""Dates and hours in words, as each language prints them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from events.choices import ZONES
from events.reading import enumerate_words
from events.when import City, Tile, When, elsewhere, short, tile, utc_offset, when


def moment(text, zone="Europe/Paris"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def in_words(language, start, end, zone="Europe/Paris", all_day=False) -> When:
    with translation.override(language):
        return when(moment(start, zone), moment(end, zone), zone, all_day)


@pytest.mark.parametrize(
    ("language", "days", "hours", "zone"),
    [
        (
            "fr",
            "lundi 6\xa0décembre\xa02021",
            "de 13\xa0h\xa030 à 14\xa0h\xa030",
            "heure de Paris\xa0(UTC+1)",
        ),
        ("en", "Monday 6\xa0December\xa02021", "13:30–14:30", "Paris time\xa0(CET, UTC+1)"),
    ],
)
def test_the_launch_is_said_as_each_language_says_it(language, days, hours, zone):
    assert in_words(language, "2021-12-06T13:30", "2021-12-06T14:30") == When(
        days, hours, zone, "2021-12-06T13:30+01:00", "2021-12-06T14:30+01:00"
    )


@pytest.mark.parametrize(
    ("language", "days", "hours"),
    [
        ("fr", "mercredi 1<sup>er</sup>\xa0juin\xa02022", "de 9\xa0h à 10\xa0h\xa005"),
        ("en", "Wednesday 1\xa0June\xa02022", "09:00–10:05"),
    ],
)
def test_the_first_of_a_month_and_a_full_hour(language, days, hours):
    found = in_words(language, "2022-06-01T09:00", "2022-06-01T10:05")

    assert (found.days, found.hours) == (days, hours)


@pytest.mark.parametrize(
    ("language", "start", "end", "days"),
    [
        ("fr", "2025-07-14", "2025-07-18", "du 14 au 18\xa0juillet\xa02025"),
        ("en", "2025-07-14", "2025-07-18", "14–18\xa0July\xa02025"),
        ("fr", "2025-06-30", "2025-07-01", "du 30\xa0juin au 1<sup>er</sup>\xa0juillet\xa02025"),
        ("en", "2025-06-30", "2025-07-01", "30\xa0June\xa0– 1\xa0July\xa02025"),
        ("fr", "2025-12-31", "2026-01-02", "du 31\xa0décembre\xa02025 au 2\xa0janvier\xa02026"),
        ("en", "2025-12-31", "2026-01-02", "31\xa0December\xa02025\xa0– 2\xa0January\xa02026"),
        ("fr", "2021-08-28", "2021-08-28", "samedi 28\xa0août\xa02021"),
        ("en", "2021-08-28", "2021-08-28", "Saturday 28\xa0August\xa02021"),
    ],
)
def test_whole_days_are_said_without_hours_and_say_month_and_year_once(language, start, end, days):
    assert in_words(language, f"{start}T00:00", f"{end}T23:59", all_day=True) == When(days, "", "", start, end)


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("fr", "du mardi 31\xa0mai\xa02022 à 22\xa0h au mercredi 1<sup>er</sup>\xa0juin\xa02022 à 1\xa0h\xa030"),
        ("en", "from Tuesday 31\xa0May\xa02022, 22:00, to Wednesday 1\xa0June\xa02022, 01:30"),
    ],
)
def test_an_event_that_runs_past_midnight_names_both_days(language, days):
    found = in_words(language, "2022-05-31T22:00", "2022-06-01T01:30")

    assert (found.days, found.hours) == (days, "")


@pytest.mark.parametrize(
    ("zone", "day", "french", "english"),
    [
        ("Europe/Paris", "2022-07-06", "heure de Paris\xa0(UTC+2)", "Paris time\xa0(CEST, UTC+2)"),
        ("America/Argentina/Buenos_Aires", "2021-10-08", "heure de Buenos Aires\xa0(UTC−3)", "Buenos Aires time\xa0(UTC−3)"),
        ("Asia/Kolkata", "2021-10-08", "heure de New Delhi\xa0(UTC+5:30)", "New Delhi time\xa0(IST, UTC+5:30)"),
        ("Pacific/Auckland", "2021-12-07", "heure d’Auckland\xa0(UTC+13)", "Auckland time\xa0(NZDT, UTC+13)"),
        ("UTC", "2021-12-07", "temps universel\xa0(UTC)", "universal time\xa0(UTC)"),
    ],
)  # fmt: skip
def test_the_zone_is_named_with_the_offset_of_its_season(zone, day, french, english):
    assert in_words("fr", f"{day}T09:00", f"{day}T10:00", zone).zone == french
    assert in_words("en", f"{day}T09:00", f"{day}T10:00", zone).zone == english


def test_every_zone_that_an_editor_may_choose_exists_and_has_a_french_name():
    with translation.override("fr"):
        names = {zone: str(name) for zone, name in ZONES.items()}
    assert all(ZoneInfo(zone) for zone in names)
    assert [name for name in names.values() if not name.startswith(("heure d", "temps universel"))] == []


def test_offsets_are_written_with_a_minus_sign():
    assert utc_offset(datetime(2021, 1, 1, tzinfo=ZoneInfo("America/St_Johns"))) == "UTC−3:30"


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        ([], "", ""),
        (["a"], "a", "a"),
        (["a", "b"], "a et b", "a and b"),
        (["a", "b", "c"], "a, b et c", "a, b and c"),
    ],
)
def test_words_are_enumerated_in_each_language(words, french, english):
    with translation.override("fr"):
        assert enumerate_words(words) == french
    with translation.override("en"):
        assert enumerate_words(words) == english


CITIES = ["Pacific/Auckland", "Africa/Dakar", "Europe/Paris", "Europe/Brussels", "Asia/Kolkata", "Mars/Olympus"]


@pytest.mark.parametrize(
    ("language", "cities"),
    [
        (
            "fr",
            [
                City("Dakar", "12\xa0h\xa030", "", "2021-12-06T12:30+00:00"),
                City("Bruxelles", "13\xa0h\xa030", "", "2021-12-06T13:30+01:00"),
                City("New Delhi", "18\xa0h", "", "2021-12-06T18:00+05:30"),
                City("Auckland", "1\xa0h\xa030", "mardi 7\xa0décembre", "2021-12-07T01:30+13:00"),
            ],
        ),
        (
            "en",
            [
                City("Dakar", "12:30", "", "2021-12-06T12:30+00:00"),
                City("Brussels", "13:30", "", "2021-12-06T13:30+01:00"),
                City("New Delhi", "18:00", "", "2021-12-06T18:00+05:30"),
                City("Auckland", "01:30", "Tuesday 7\xa0December", "2021-12-07T01:30+13:00"),
            ],
        ),
    ],
)
def test_the_hour_elsewhere_goes_from_west_to_east_and_names_another_day(language, cities):
    with translation.override(language):
        assert elsewhere(moment("2021-12-06T13:30"), "Europe/Paris", CITIES) == cities


def test_the_hour_elsewhere_knows_each_citys_summer():
    start = moment("2021-07-06T13:30")
    with translation.override("en"):
        found = [(city.name, city.hour) for city in elsewhere(start, "Europe/Paris", ["Europe/London", "Africa/Dakar"])]
    assert found == [("Dakar", "11:30"), ("London", "12:30")]


@pytest.mark.parametrize(
    ("language", "start", "end", "leaf", "words"),
    [
        ("fr", "2021-12-06T13:30", "2021-12-06T14:30", Tile("6", "déc.", "2021"), "lundi, de 13\xa0h\xa030 à 14\xa0h\xa030"),
        ("en", "2021-12-06T13:30", "2021-12-06T14:30", Tile("6", "Dec.", "2021"), "Monday, 13:30–14:30"),
        ("fr", "2025-07-14T09:00", "2025-07-18T17:00", Tile("14–18", "juill.", "2025"), "du 14 au 18\xa0juillet\xa02025"),
        ("fr", "2025-07-31T09:00", "2025-08-01T17:00", Tile("31", "juill.", "2025"), "du 31\xa0juillet au 1<sup>er</sup>\xa0août\xa02025"),
        ("en", "2024-12-31T09:00", "2025-12-31T17:00", Tile("31", "Dec.", "2024"), "31\xa0December\xa02024\xa0– 31\xa0December\xa02025"),
    ],
)  # fmt: skip
def test_a_leaf_of_a_calendar_and_what_it_leaves_unsaid(language, start, end, leaf, words):
    with translation.override(language):
        assert tile(moment(start), moment(end), "Europe/Paris") == leaf
        assert short(moment(start), moment(end), "Europe/Paris") == words


def test_of_a_whole_day_the_weekday_is_said():
    with translation.override("fr"):
        assert short(moment("2021-08-28"), moment("2021-08-28T23:59"), "Europe/Paris", all_day=True) == "samedi"
