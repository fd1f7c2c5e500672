"""Dates and hours in languages for which the site has no formats of its own: Django's serve."""

from datetime import datetime

import pytest
from django.utils import translation

from events.when import date_range, hours, one_date, when

FIRST, LAST = datetime(2025, 12, 1, 9, 0), datetime(2025, 12, 4, 17, 30)


@pytest.mark.parametrize(
    ("language", "day", "days", "hour_range"),
    [
        ("es", "lunes, 1\xa0de\xa0diciembre\xa0de\xa02025", "1–4\xa0de\xa0diciembre\xa0de\xa02025", "09:00–17:30"),
        ("de", "Montag, 1.\xa0Dezember\xa02025", "1.\xa0Dezember\xa0– 4.\xa0Dezember\xa02025", "09:00–17:30"),
        (
            "pt",
            "Segunda-feira, 1\xa0de\xa0Dezembro\xa0de\xa02025",
            "1–4\xa0de\xa0Dezembro\xa0de\xa02025",
            "09:00–17:30",
        ),
        ("hu", "hétfő, 2025. december 1.", "december 1.\xa0– 2025. december 4.", "09:00–17:30"),
        ("ja", "月曜日, 2025年12月1日", "12月1日\xa0– 2025年12月4日", "9:00–17:30"),
        ("vi", "Thứ 2, Ngày 01 tháng 12 năm 2025", "1\xa0Tháng\xa012\xa0– Ngày 04 tháng 12 năm 2025", "09:00–17:30"),
    ],
)
def test_a_language_without_formats_of_ours_is_written_as_django_writes_it(language, day, days, hour_range):
    with translation.override(language):
        assert (one_date(FIRST), date_range(FIRST, LAST), hours(FIRST, LAST)) == (day, days, hour_range)


def test_two_days_with_hours_are_told_without_words_of_another_language():
    with translation.override("es"):
        told = when(
            datetime.fromisoformat("2022-05-31T20:00Z"), datetime.fromisoformat("2022-06-01T23:30Z"), "UTC"
        ).days
    assert told == "martes, 31\xa0de\xa0mayo\xa0de\xa02022, 20:00\xa0– miércoles, 1\xa0de\xa0junio\xa0de\xa02022, 23:30"
