"""When an event is, in words: pure functions from moments to text, in the active language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, get_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from events.choices import CITIES, ZONES
from omep_site.lib.dates import dated, hour, house_format, short_month


@dataclass(frozen=True)
class When:
    """“Monday 6 December 2021”, “13:30–14:30”, “Paris time (CET, UTC+1)”; hours and zone are empty for whole days.

    `start` and `end` are ISO 8601 for <time datetime>, without microseconds.
    """

    days: str
    hours: str
    zone: str
    start: str
    end: str


@dataclass(frozen=True)
class Tile:
    """A date as a leaf of a calendar: “6”, “Dec.”, “2021”; the days of one month together: “14–18”."""

    day: str
    month: str
    year: str

    @property
    def is_long(self) -> bool:
        return len(self.day) > 2


@dataclass(frozen=True)
class City:
    """What time it is elsewhere when an event begins: “Auckland”, “01:30”, and the day where it is another one."""

    name: str
    hour: str
    day: str
    start: str  # ISO 8601


def when(starts_at: datetime, ends_at: datetime, zone: str, all_day: bool = False) -> When:
    start, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    one_day = start.date() == end.date()
    if all_day:
        days = one_date(start) if one_day else date_range(start, end)
        return When(days, "", "", start.date().isoformat(), end.date().isoformat())
    iso = [moment.isoformat(timespec="minutes") for moment in (start, end)]
    if one_day:
        return When(one_date(start), hours(start, end), zone_in_words(start, zone), *iso)
    days = format_html(
        house_format("MOMENT_RANGE"),
        start_day=one_date(start),
        start_hour=hour(start),
        end_day=one_date(end),
        end_hour=hour(end),
    )
    return When(days, "", zone_in_words(start, zone), *iso)


def tile(starts_at: datetime, ends_at: datetime, zone: str) -> Tile:
    start, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    one_month = (start.year, start.month) == (end.year, end.month)
    day = f"{start.day}–{end.day}" if one_month and start.day != end.day else str(start.day)
    return Tile(day, short_month(start), str(start.year))


def short(starts_at: datetime, ends_at: datetime, zone: str, all_day: bool = False) -> str:
    """What a tile does not say: “Monday, 13:30–14:30”; for several days all of it, “14–18 July 2025”."""
    start, end = starts_at.astimezone(ZoneInfo(zone)), ends_at.astimezone(ZoneInfo(zone))
    if start.date() != end.date():
        return date_range(start, end)
    weekday = date_format(start, "l")
    return weekday if all_day else f"{weekday}, {hours(start, end)}"


def elsewhere(starts_at: datetime, zone: str, zones: Iterable[str]) -> list[City]:
    """The hour in other zones, from west to east. What is no zone of ours, or the event's own, is left out."""
    own = starts_at.astimezone(ZoneInfo(zone))
    moments = [
        (CITIES[each], starts_at.astimezone(ZoneInfo(each))) for each in zones if each in CITIES and each != zone
    ]
    moments.sort(key=lambda city: (city[1].utcoffset(), str(city[0])))
    return [
        City(
            str(name),
            hour(local),
            one_day(local) if local.date() != own.date() else "",
            local.isoformat(timespec="minutes"),
        )
        for name, local in moments
    ]


def one_day(moment: datetime) -> str:
    """“Tuesday 7 December”."""
    return dated(moment, house_format("WEEKDAY_FORMAT") + get_format("MONTH_DAY_FORMAT"))


def one_date(moment: datetime) -> str:
    """“Monday 6 December 2021”, « lundi 6 décembre 2021 », « mercredi 1er décembre 2021 » (the er raised)."""
    return dated(moment, house_format("WEEKDAY_FORMAT") + get_format("DATE_FORMAT"))


def date_range(start: datetime, end: datetime) -> str:
    """“14–18 July 2025”, « du 14 au 18 juillet 2025 »; months and years are said once where they are the same."""
    whole = get_format("DATE_FORMAT")
    pattern, first = "DATE_RANGE", whole
    if start.year == end.year:
        first = get_format("MONTH_DAY_FORMAT")
        if start.month == end.month and whole.startswith(("j ", "j\xa0")):  # German has 1.–4. Dezember
            pattern, first = "DAY_RANGE", "j"
    return format_html(house_format(pattern), start=dated(start, first), end=dated(end, whole))


def hours(start: datetime, end: datetime) -> str:
    if start == end:
        return hour(start)
    return house_format("HOUR_RANGE").format(start=hour(start), end=hour(end))


def zone_name(zone: str) -> str:
    """“Paris time”, « heure de Paris »."""
    return str(ZONES.get(zone, zone))


def zone_in_words(moment: datetime, zone: str) -> str:
    """“Paris time (CET, UTC+1)”, « heure de Paris (UTC+1) »; the offset is that of the moment's season."""
    local = moment.astimezone(ZoneInfo(zone))
    name, offset, abbreviation = zone_name(zone), utc_offset(local), local.tzname() or ""
    if abbreviation.isalpha() and abbreviation != "UTC":
        # French knows no CET: a catalogue may leave the abbreviation out.
        # xgettext:no-python-brace-format
        pattern = _("{zone} ({abbreviation}, {offset})")
    else:
        pattern = _("{zone} ({offset})")
    return pattern.format(zone=name, abbreviation=abbreviation, offset=offset).replace(" (", "\xa0(")


def utc_offset(moment: datetime) -> str:
    """UTC, UTC+1, UTC+5:30, UTC−3 (with a minus sign, not a hyphen)."""
    offset = moment.utcoffset() or timedelta()
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    sign = "+" if offset > timedelta() else "−"
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
