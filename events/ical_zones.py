"""Time zones as calendars carry them: VTIMEZONE (RFC 5545, 3.6.5).

Written from the system's time zones here: `icalendar` could, but says that clocks go forward an hour later than they do
(its onsets are hours of the new offset, the RFC's are hours of the old one), takes all years from 1970 to 2038, and
adds several zones in no order, so that the same calendar would not be the same bytes.

Each change of the clock is an observance of its own, without a rule: the governments that these zones belong to keep to
none (Cairo had no summer time from 2015 to 2022), and no event repeats.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

STEP = timedelta(days=7)  # no summer time is shorter


class Onset(NamedTuple):
    at: datetime  # naive: the hour that clocks show as it comes
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool


def vtimezone(zone: str, years: Iterable[int]) -> Timezone:
    """Right from the first of January to the end of each of these years, by the zone's own clocks."""
    component = Timezone()
    component.add("TZID", zone)
    years = sorted(set(years))
    for year in years:
        first, *changes = onsets(zone, year)
        for onset in changes if year - 1 in years else [first, *changes]:
            component.add_component(_observance(onset))
    return component


def _observance(onset: Onset) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if onset.is_summer else TimezoneStandard()
    component.DTSTART = onset.at
    component.TZOFFSETFROM = onset.before
    component.TZOFFSETTO = onset.after
    component.add("TZNAME", onset.name)
    return component


@cache
def onsets(zone: str, year: int) -> tuple[Onset, ...]:
    """What clocks show as the year begins, then each change in it."""
    here = ZoneInfo(zone)
    now = datetime(year, 1, 1, tzinfo=here)
    end = datetime(year + 1, 1, 1, tzinfo=here).astimezone(UTC)
    found = [Onset(now.replace(tzinfo=None), now.utcoffset(), *_clock(now))]
    moment = now.astimezone(UTC)
    while moment < end:
        later = min(moment + STEP, end)
        if _clock(later.astimezone(here)) != _clock(moment.astimezone(here)):
            change = _first_change(moment, later, here)
            before = (change - timedelta(seconds=1)).astimezone(here).utcoffset()
            found.append(Onset((change + before).replace(tzinfo=None), before, *_clock(change.astimezone(here))))
        moment = later
    return tuple(found)


def _clock(moment: datetime) -> tuple[timedelta, str, bool]:
    return moment.utcoffset(), moment.tzname(), bool(moment.dst())


def _first_change(early: datetime, late: datetime, here: ZoneInfo) -> datetime:
    """The second, in UTC, at which the clock between these two moments changes."""
    old = _clock(early.astimezone(here))
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        early, late = (middle, late) if _clock(middle.astimezone(here)) == old else (early, middle)
    return late
