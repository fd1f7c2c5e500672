"""Events as calendar programmes know them (RFC 5545 and its extensions in RFC 7986). Pure functions; no request in sight.

An event keeps its UID for ever and in every language, and its SEQUENCE grows when what a calendar shows has changed and
only then (Event.save), so that whoever has subscribed sees an event move and never twice. Times are those of its own zone,
with the rules of that zone.

There is no ORGANIZER and no METHOD:REQUEST: with one of them Outlook takes the event for an invitation and answers it.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from icalendar import Calendar
from icalendar import Event as Entry
from icalendar.prop import vDuration, vText, vUri

from events.models import Event
from events.reading import Reading
from events.zone_rules import timezone
from omep_site.lib.links import absolute

CONTENT_TYPE = "text/calendar; charset=utf-8"
LOOK_AGAIN = timedelta(hours=6)  # how often a subscriber's calendar should ask (RFC 7986, 5.7)
A_DAY = timedelta(days=1)
# A postponed event stays where it was, as something that may not happen: to take it away would tell nobody anything,
# and CONFIRMED would be wrong.
STATUS = {
    Event.EventStatus.PLANNED: "CONFIRMED",
    Event.EventStatus.MOVED: "CONFIRMED",
    Event.EventStatus.POSTPONED: "TENTATIVE",
    Event.EventStatus.CANCELLED: "CANCELLED",
}
CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")  # all but the line feed (RFC 5545, 3.1)


def calendar(readings: Iterable[Reading], name: str, address: str) -> bytes:
    """A calendar of these events, called `name`, that stands at `address` (absolute), in the active language."""
    readings = list(readings)
    made = Calendar()
    made.add("prodid", "-//OMEP//Events//EN")
    made.add("version", "2.0")
    made.add("name", one_line(name))
    made.add("x-wr-calname", one_line(name))  # the same for programmes from before RFC 7986
    made.add("refresh-interval", LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(LOOK_AGAIN).to_ical().decode())
    made.add("source", vUri(address), parameters={"VALUE": "URI"})
    for zone in sorted({reading.event.timezone for reading in readings if not reading.event.all_day} - {"UTC"}):
        moments = [each for r in readings if r.event.timezone == zone for each in (r.event.starts_at, r.event.ends_at)]
        made.add_component(timezone(zone, min(moments).year - 1, max(moments).year + 1))
    for reading in readings:
        made.add_component(entry(reading))
    return made.to_ical()


def entry(reading: Reading) -> Entry:
    event, language = reading.event, {"LANGUAGE": reading.shown}
    made = Entry()
    made.add("uid", str(event.uid))
    made.add("sequence", event.sequence)
    changed = (event.calendar_changed_at or event.updated_at).astimezone(UTC)
    made.add("dtstamp", changed)
    made.add("last-modified", changed)
    made.add("created", event.created_at.astimezone(UTC))
    start, end = span(event)
    made.add("dtstart", start)
    made.add("dtend", end)
    made.add("summary", vText(title(reading)), parameters=language)
    made.add("description", vText(description(reading)), parameters=language)
    made.add("url", vUri(absolute(reading.canonical)))
    if where := place(reading):
        made.add("location", vText(where), parameters=language)
    made.add("status", STATUS[event.event_status])
    if event.is_postponed or event.is_cancelled:
        made.add("transp", "TRANSPARENT")
    if event.conference_url and not event.is_cancelled:
        parameters = {"VALUE": "URI", "FEATURE": "VIDEO", "LABEL": _("Take part online")}
        made.add("conference", vUri(event.conference_url), parameters=parameters)
    return made


def span(event: Event) -> tuple[datetime, datetime] | tuple[date, date]:
    """Start and end as a calendar takes them: whole days are dates, and the end is the day after the last (3.8.2.2)."""
    zone = UTC if event.timezone == "UTC" else ZoneInfo(event.timezone)
    start, end = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    return (start.date(), end.date() + A_DAY) if event.all_day else (start, end)


def title(reading: Reading) -> str:
    """With what became of the event: not every calendar shows a STATUS."""
    words = one_line(reading.title.printed)
    if reading.event.is_cancelled:
        return _("Cancelled: {title}").format(title=words)
    if reading.event.is_postponed:
        return _("Postponed: {title}").format(title=words)
    return words


def place(reading: Reading) -> str:
    return ", ".join(each for each in (one_line(reading.place.printed), reading.attendance) if each)


def description(reading: Reading) -> str:
    return f"{plain(reading.summary.printed)}\n\n{absolute(reading.canonical)}"


def one_line(text: str) -> str:
    return re.sub("[ \n]+", " ", plain(text)).strip()


def plain(text: str) -> str:
    return CONTROLS.sub(" ", text.replace("\r\n", "\n"))
