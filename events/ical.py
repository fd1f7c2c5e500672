"""Events as calendars read them: iCalendar (RFC 5545, with RFC 7986). Pure functions; no request in sight.

What was decided:

- **UID** is the event's own for ever, and the same in every language: who takes the French file after the English one
  has one entry, not two. SEQUENCE and LAST-MODIFIED move only when what a calendar shows does (`Event.save`), and
  DTSTAMP is the latter, as 3.8.7.2 says of files without a METHOD. The same event is always the same bytes.
- **No METHOD and no ORGANIZER.** PUBLISH demands an ORGANIZER (RFC 5546, 3.2.1), and with an ORGANIZER or an ATTENDEE an
  entry is a meeting: Outlook would offer to accept it and to write to the organiser. Without a METHOD Outlook reads a
  file as if it said PUBLISH (Microsoft's [MS-STANOICAL], 2.2.51), and every other programme as a plain calendar.
- **A cancelled event stays**, as CANCELLED: an entry that vanishes tells people nothing. So does a postponed one, as
  TENTATIVE, at the date that everybody has in mind; both say so before their title, which all calendars show, and take
  up nobody's time (TRANSPARENT). A moved event is simply CONFIRMED at its new date: its UID moves the entry.
- **Hours** are those of the event's zone, with a VTIMEZONE for programmes that do not know it. The second of two hours
  of the same name, when clocks go back, can only be said in UTC (3.3.5: a local time means the first).
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import override
from icalendar import STATUS as STATUSES
from icalendar import TRANSP, Calendar, vDatetime, vDuration, vText, vUri
from icalendar import Event as Vevent
from icalendar.prop import vCategory
from icalendar.prop.conference import Conference

from events.calendar_entry import Entry, entry, one_line
from events.ical_zones import vtimezone
from events.models import Event
from events.reading import Phrase, Reading, phrase
from omep_site.lib.links import absolute, path_in

PRODUCT = "-//OMEP//Events//{language}"
LOOK_AGAIN = timedelta(hours=6)  # how often a calendar that subscribes is asked to look for news
STATUS = {
    Event.EventStatus.PLANNED: STATUSES.CONFIRMED,
    Event.EventStatus.POSTPONED: STATUSES.TENTATIVE,
    Event.EventStatus.MOVED: STATUSES.CONFIRMED,
    Event.EventStatus.CANCELLED: STATUSES.CANCELLED,
}


class Text(vText):
    """Text with every backslash kept: the library takes one before an N for a line break and not for itself."""

    def to_ical(self) -> bytes:
        return rb"\\N".join(vText(part).to_ical() for part in self.split(r"\N"))


def event_calendar(reading: Reading) -> str:
    """A calendar with one event, to be added to somebody's own."""
    return _text(_calendar([reading], reading.wanted))


def feed_calendar(readings: Iterable[Reading], language: str, site_name: str) -> str:
    """A calendar to subscribe to, in one language."""
    calendar = _calendar(readings, language)
    with override(language):
        calendar.calendar_name = Text(feed_name(site_name))
    calendar.add("REFRESH-INTERVAL", LOOK_AGAIN, {"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(LOOK_AGAIN))  # what Outlook reads instead
    calendar.add("SOURCE", vUri(absolute(path_in(language, "events:calendar")), params={"VALUE": "URI"}))
    calendar.add("URL", vUri(absolute(path_in(language, "events:list"))))
    return _text(calendar)


def feed_name(site_name: str) -> str:
    """How the calendar is called among somebody’s own: “OMEP: events”, in the active language."""
    return one_line(_("{site}: events").format(site=site_name))


def _calendar(readings: Iterable[Reading], language: str) -> Calendar:
    calendar = Calendar()
    calendar.prodid = PRODUCT.format(language=language.upper())
    calendar.version = "2.0"
    found = [(reading, entry(reading)) for reading in readings]
    for zone, years in sorted(_years_by_zone(found).items()):
        calendar.add_component(vtimezone(zone, years))
    for reading, shown in found:
        calendar.add_component(_vevent(reading, shown))
    if not found:
        calendar.add_component(vtimezone("UTC", [1970]))  # a calendar has at least one component (3.4)
    return calendar


def _years_by_zone(found: Iterable[tuple[Reading, Entry]]) -> dict[str, set[int]]:
    """Which years of which zones their hours are in; UTC needs no word of explanation."""
    years = defaultdict(set)
    for reading, shown in found:
        if not shown.is_all_day and shown.start.tzinfo is not UTC:
            years[reading.event.timezone].update(range(shown.start.year, shown.end.year + 1))
    return years


def _vevent(reading: Reading, shown: Entry) -> Vevent:
    event = reading.event
    changed = event.calendar_changed_at or event.updated_at
    vevent = Vevent.new(
        uid=str(event.uid),
        stamp=changed,
        last_modified=changed,
        created=min(event.created_at, changed),  # the database is told a moment later
        sequence=event.sequence,
        status=STATUS[event.event_status],
        transparency=TRANSP.TRANSPARENT if event.is_postponed or event.is_cancelled else TRANSP.OPAQUE,
    )
    vevent.add("DTSTART", _moment(shown.start))
    if shown.end > shown.start:  # 3.8.2.2; without an end, an entry ends as it starts
        vevent.add("DTEND", _moment(shown.end))
    _add_text(vevent, "SUMMARY", shown.title)
    _add_text(vevent, "DESCRIPTION", shown.details)
    _add_text(vevent, "LOCATION", shown.place)
    vevent.add("URL", vUri(shown.page))
    if shown.conference:
        with override(reading.wanted):
            label = _("Take part online")
        vevent.add("CONFERENCE", Conference(shown.conference, "VIDEO", label, reading.wanted).to_uri())
    subjects = [name.text for each in event.subjects.all() if (name := phrase(each, "name", reading.shown))]
    if subjects:
        vevent.add("CATEGORIES", vCategory([Text(one_line(each)) for each in subjects]))
    return vevent


def _add_text(vevent: Vevent, name: str, words: Phrase) -> None:
    if words:
        vevent.add(name, Text(words.text), {"LANGUAGE": words.language})


def _moment(moment: date | datetime) -> date | vDatetime:
    """As `add` takes it. The zone is named here, because the library takes those that never differed from UTC, such as
    Dakar’s, for UTC itself."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is UTC:
        return vDatetime(moment)
    local = vDatetime(moment.replace(tzinfo=None))
    local.params["TZID"] = moment.tzinfo.key
    return local


def _text(calendar: Calendar) -> str:
    """Lines end with CRLF and are folded before 75 bytes, never within a character (3.1)."""
    return calendar.to_ical().decode()
