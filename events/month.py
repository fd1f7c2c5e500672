"""A month of events as a calendar on a wall has it: weeks of seven days, each with what takes place on it."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from events.models import Event
from events.reading import Reading

A_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Month:
    year: int
    month: int

    def __str__(self):
        """As in addresses: “2026-12” (ISO 8601, 5.2.2.2)."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> "Month":
        return month_of(self.first - A_DAY)


@dataclass(frozen=True)
class Day:
    date: date
    is_in_month: bool
    readings: list[Reading] = field(default_factory=list)


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def range_of(events, today: date) -> tuple[Month, Month]:
    """The first and the last month that there is a page of: those of the events, and this one. A month is that of the
    event's own zone, which no database knows."""
    moments = events.order_by().values_list("starts_at", "ends_at", "timezone")
    days = [each.astimezone(ZoneInfo(zone)).date() for start, end, zone in moments for each in (start, end)]
    return month_of(min([today, *days])), month_of(max([today, *days]))


def events_in(events, month: Month):
    """Those that may touch the month in some zone of the earth, and whose date is known."""
    start = datetime.combine(month.first, datetime.min.time(), UTC) - A_DAY
    end = datetime.combine(month.next.first, datetime.min.time(), UTC) + A_DAY
    known = events.exclude(event_status=Event.EventStatus.POSTPONED)
    return known.filter(starts_at__lt=end, ends_at__gte=start).order_by("starts_at", "pk")


def weeks(month: Month, readings: Iterable[Reading]) -> list[list[Day]]:
    """From Monday to Sunday (ISO 8601, 3.1.1.23). An event stands on each of its days, as they are in its own zone."""
    found = [
        [Day(day, day.month == month.month) for day in week]
        for week in calendar.Calendar().monthdatescalendar(month.year, month.month)
    ]
    days = {day.date: day for week in found for day in week if day.is_in_month}
    for reading in readings:
        zone = ZoneInfo(reading.event.timezone)
        day, last = reading.event.starts_at.astimezone(zone).date(), reading.event.ends_at.astimezone(zone)
        # What ends at midnight does not take place on the day that begins then.
        end = last.date() if last.time() > datetime.min.time() else last.date() - A_DAY
        for number in range(max(0, (end - day).days) + 1):
            if day + number * A_DAY in days:
                days[day + number * A_DAY].readings.append(reading)
    return found
