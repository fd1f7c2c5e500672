"""What can be wrong with a date before anybody has read it, and how a date is read back. Pure functions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from events.choices import READ_BACK_ZONES
from events.when import When, hour, one_date, when, zone_name
from omep_site.lib.folding import fold

GAP, TWICE = "gap", "twice"


def clock_fault(moment: datetime, zone: str) -> str | None:
    """What a change of the clock makes of a naive local time: GAP where the hour is left out, TWICE where it comes
    twice, None where it is an hour like any other."""
    here = ZoneInfo(zone)
    early, late = moment.replace(tzinfo=here, fold=0), moment.replace(tzinfo=here, fold=1)
    if early.utcoffset() == late.utcoffset():
        return None
    real = early.astimezone(UTC).astimezone(here).replace(tzinfo=None)
    return TWICE if real == moment else GAP


def clock_sentence(moment: datetime, zone: str) -> str:
    """Why a naive local time cannot be used; "" for one that can."""
    fault = clock_fault(moment, zone)
    if fault is None:
        return ""
    # Translators: {zone} is “Paris time”.
    words = {"hour": hour(moment), "day": one_date(moment), "zone": zone_name(zone)}
    if fault == GAP:
        return _("{hour} does not exist on {day}: clocks go forward that night ({zone}). Choose another hour.").format(
            **words
        )
    return _(
        "{hour} comes twice on {day}: clocks go back that night ({zone}). Choose another hour, or enter the event in "
        "universal time."
    ).format(**words)


# --- Weekdays in a title ---------------------------------------------------------------------------------------------


def weekdays_in(text: str, language: str) -> set[int]:
    """The days of the week that a text names, Monday being 0. Plurals (« les vendredis », “Fridays”) name no day."""
    with translation.override(language):
        names = {fold(str(name)): number for number, name in WEEKDAYS.items()}
    return {names[word] for word in fold(text).split() if word in names}


def contradicted_weekday(text: str, language: str, first: date, last: date) -> int | None:
    """A day of the week that the text names although the event, from `first` to `last`, has none."""
    days = {(first + timedelta(days=number)).weekday() for number in range(min((last - first).days, 6) + 1)}
    return min(weekdays_in(text, language) - days, default=None)


# --- Reading back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ReadBack:
    """A date as the page will say it, in universal time, and elsewhere."""

    when: When
    elsewhere: list[str]  # “12:30, universal time”, “01:30 on Tuesday 7 December 2021, Auckland time”


def read_back(start: datetime, end: datetime, zone: str, all_day: bool = False) -> ReadBack:
    """`start` and `end` are aware. Whole days have no hour, so there is nothing to say about elsewhere."""
    others = [] if all_day else [each for each in ("UTC", *READ_BACK_ZONES) if each != zone]
    return ReadBack(when(start, end, zone, all_day), [_elsewhere(start, zone, other) for other in others])


def _elsewhere(moment: datetime, zone: str, other: str) -> str:
    here, there = moment.astimezone(ZoneInfo(zone)), moment.astimezone(ZoneInfo(other))
    words = {"hour": hour(there), "day": one_date(there), "zone": zone_name(other)}
    if here.date() == there.date():
        return _("{hour}, {zone}").format(**words)
    return _("{hour} on {day}, {zone}").format(**words)
