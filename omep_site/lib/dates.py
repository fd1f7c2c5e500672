"""Dates and hours as a language writes them, from its format module.

A module of omep_site/formats may have, beside Django's names, those of `HOUSE_FORMATS`. A language without a module of
ours is written with Django's own formats for it, and with what stands here: another language's would be no language.
"""

import re
from datetime import date, datetime

from django.utils.formats import date_format, get_format, time_format
from django.utils.html import mark_safe

# What serves a language whose format module does not say it; no line begins with a dash.
HOUSE_FORMATS = {
    "WEEKDAY_FORMAT": "l, ",  # before DATE_FORMAT or MONTH_DAY_FORMAT
    "FULL_HOUR_FORMAT": "",  # TIME_FORMAT
    "SHORT_MONTHS": [],  # from January on; Django’s own
    "FIRST_OF_A_MONTH": "1",  # as HTML
    "DAY_RANGE": "{start}–{end}",  # days of one month: the first is a number alone
    "DATE_RANGE": "{start}\xa0– {end}",
    "HOUR_RANGE": "{start}–{end}",
    "MOMENT_RANGE": "{start_day}, {start_hour}\xa0– {end_day}, {end_hour}",
}
THE_DAY = re.compile(r"(?<!\\)j")  # in one of Django's date formats, where it is not escaped


def house_format(name: str):
    """One of `HOUSE_FORMATS` in the active language."""
    found = get_format(name)
    return HOUSE_FORMATS[name] if found == name else found


def dated(day: date, pattern: str) -> str:
    """A day in one of Django's date formats, as HTML: with no-break spaces from its number on and, where the language
    has it, a first of the month."""
    before, *after = THE_DAY.split(pattern, maxsplit=1)
    number = house_format("FIRST_OF_A_MONTH") if day.day == 1 else str(day.day)
    words = [_formatted(day, before), *(_formatted(day, part).replace(" ", "\xa0") for part in after)]
    return mark_safe(number.join(words))


def _formatted(day: date, pattern: str) -> str:
    return date_format(day, pattern) if pattern.strip() else pattern


def short_month(day: date) -> str:
    """“Dec.”, « déc. », « juill. »: Django's French says « jan. », « fév. » and « juil. », which no dictionary does."""
    months = house_format("SHORT_MONTHS")
    return months[day.month - 1] if months else date_format(day, "N")


def hour(moment: datetime) -> str:
    """“13:30”, « 13 h 30 », « 9 h »."""
    return time_format(moment, (moment.minute == 0 and house_format("FULL_HOUR_FORMAT")) or None)
