"""The rules of a time zone as calendars take them (RFC 5545, 3.6.5), read from the system's zones.

The icalendar library can make them too, but writes the start of summer time as an hour of summer time; the RFC asks for
the hour that clocks show when they change, and some programmes then shift an event near it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

A_DAY = timedelta(days=1)
A_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Change:
    """Clocks go from one offset to another at a moment of UTC."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def rule(self) -> tuple:
        return self.is_summer, self.name, self.before, self.after

    @property
    def onset(self) -> datetime:
        """What clocks show at that moment, before they are changed."""
        return (self.at + self.before).replace(tzinfo=None)


@lru_cache(maxsize=128)
def timezone(zone: str, first: int, last: int) -> Timezone:
    """The rules of a zone for the years from `first` to `last`."""
    made = Timezone()
    made.add("tzid", zone)
    found = sorted(changes(ZoneInfo(zone), first, last), key=lambda each: (each.rule, each.at))
    for _rule, same in groupby(found, key=lambda each: each.rule):
        start, *again = same
        part = TimezoneDaylight() if start.is_summer else TimezoneStandard()
        part.add("dtstart", start.onset)
        part.add("tzoffsetfrom", start.before)
        part.add("tzoffsetto", start.after)
        part.add("tzname", start.name)
        if again:
            part.add("rdate", [each.onset for each in again])
        made.add_component(part)
    return made


def changes(zone: ZoneInfo, first: int, last: int) -> Iterator[Change]:
    """What holds when `first` begins, then every change of the clock until `last` is over."""
    day, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    offset = _offset(zone, day)
    yield _change(zone, day, offset)
    while day < end:
        if _offset(zone, day + A_DAY) != offset:
            early, late = day, day + A_DAY
            while late - early > A_SECOND:
                middle = early + (late - early) // A_SECOND // 2 * A_SECOND
                early, late = (middle, late) if _offset(zone, middle) == offset else (early, middle)
            yield _change(zone, late, offset)
            offset = _offset(zone, late)
        day += A_DAY


def _change(zone: ZoneInfo, at: datetime, before: timedelta) -> Change:
    local = at.astimezone(zone)
    return Change(at, before, local.utcoffset(), local.tzname(), bool(local.dst()))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset()
