"""What can be wrong with a date, and how it is read back."""

from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from events.dates import GAP, TWICE, clock_fault, clock_sentence, contradicted_weekday, read_back, weekdays_in


@pytest.mark.parametrize(
    ("zone", "moment", "fault"),
    [
        ("Europe/Paris", datetime(2027, 3, 28, 1, 59), None),
        ("Europe/Paris", datetime(2027, 3, 28, 2, 0), GAP),
        ("Europe/Paris", datetime(2027, 3, 28, 2, 59), GAP),
        ("Europe/Paris", datetime(2027, 3, 28, 3, 0), None),
        ("Europe/Paris", datetime(2027, 10, 31, 1, 59), None),
        ("Europe/Paris", datetime(2027, 10, 31, 2, 0), TWICE),
        ("Europe/Paris", datetime(2027, 10, 31, 2, 59), TWICE),
        ("Europe/Paris", datetime(2027, 10, 31, 3, 0), None),
        ("Pacific/Auckland", datetime(2027, 9, 26, 2, 30), GAP),
        ("Pacific/Auckland", datetime(2027, 4, 4, 2, 30), TWICE),
        ("Africa/Dakar", datetime(2027, 3, 28, 2, 30), None),
        ("UTC", datetime(2027, 10, 31, 2, 30), None),
    ],
)
def test_an_hour_at_a_change_of_the_clock_is_missing_or_comes_twice(zone, moment, fault):
    assert clock_fault(moment, zone) == fault


def test_the_sentence_about_a_missing_hour_names_it():
    with translation.override("en"):
        assert clock_sentence(datetime(2027, 3, 28, 2, 30), "Europe/Paris") == (
            "02:30 does not exist on Sunday 28\xa0March\xa02027: clocks go forward that night (Paris time). "
            "Choose another hour."
        )
    with translation.override("fr"):
        assert clock_sentence(datetime(2027, 10, 31, 2, 30), "Europe/Paris") == (
            "L’heure choisie, 2\xa0h\xa030, arrive deux fois le dimanche 31\xa0octobre\xa02027\xa0: on recule les "
            "horloges cette nuit-là (heure de Paris). Choisissez une autre heure, ou saisissez l’événement en temps "
            "universel."
        )


@pytest.mark.parametrize(
    ("language", "title", "days"),
    [
        ("fr", "Rendez-vous Lundi à Dakar", {0}),
        ("fr", "SAMEDI ou dimanche", {5, 6}),
        ("fr", "Les vendredis de l’OMEP", set()),
        ("fr", "Monday", set()),
        ("en", "See you on monday", {0}),
        ("en", "Fridays for children", set()),
        ("en", "Sundays, Sunday", {6}),
        ("en", "", set()),
    ],
)
def test_a_title_names_days_of_the_week_but_plurals_name_none(language, title, days):
    assert weekdays_in(title, language) == days


@pytest.mark.parametrize(
    ("first", "last", "contradicted"),
    [
        (date(2027, 12, 6), date(2027, 12, 6), None),  # a Monday
        (date(2027, 12, 7), date(2027, 12, 7), 0),
        (date(2027, 12, 4), date(2027, 12, 6), None),  # from Saturday to Monday
        (date(2027, 12, 1), date(2027, 12, 31), None),
    ],
)
def test_a_weekday_contradicts_a_date_unless_the_event_has_such_a_day(first, last, contradicted):
    assert contradicted_weekday("Lundi des crèches", "fr", first, last) == contradicted


def test_a_date_is_read_back_in_words_in_universal_time_and_in_three_cities():
    start, end = datetime(2027, 12, 6, 20, 30, tzinfo=UTC), datetime(2027, 12, 6, 21, 30, tzinfo=UTC)
    with translation.override("en"):
        words = read_back(start, end, "Europe/Paris")
        assert (words.when.days, words.when.hours) == ("Monday 6\xa0December\xa02027", "21:30–22:30")
        assert words.elsewhere == [
            "20:30, universal time",
            "17:30, Buenos Aires time",
            "20:30, Dakar time",
            "07:30 on Tuesday 7\xa0December\xa02027, Sydney time",
        ]
    with translation.override("fr"):
        assert read_back(start, end, "Europe/Paris").elsewhere[3] == (
            "7\xa0h\xa030 le mardi 7\xa0décembre\xa02027, heure de Sydney"
        )


def test_the_events_own_zone_is_not_said_twice_and_whole_days_have_no_hours():
    start = datetime(2027, 12, 6, 20, 30, tzinfo=UTC)
    with translation.override("en"):
        assert [each.rpartition(", ")[2] for each in read_back(start, start, "Africa/Dakar").elsewhere] == [
            "universal time",
            "Buenos Aires time",
            "Sydney time",
        ]
        assert read_back(start, start, "Africa/Dakar", all_day=True).elsewhere == []
