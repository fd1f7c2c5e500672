"""What every calendar shows of an event, whichever way it gets there: as a file, in a feed, by a link."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from unicodedata import category
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from events.models import Event
from events.reading import Phrase, Reading
from omep_site.lib.links import absolute

# A calendar has no other place in which everybody sees it: Outlook shows no status of a calendar that it subscribes to.
BEFORE_THE_TITLE = {
    Event.EventStatus.POSTPONED: pgettext_lazy("in a calendar", "Postponed: {title}"),
    Event.EventStatus.CANCELLED: pgettext_lazy("in a calendar", "Cancelled: {title}"),
}


@dataclass(frozen=True)
class Entry:
    """Plain text throughout; only `details` has lines.

    `start` and `end` are both dates, or both moments in whole seconds: in the event's own zone, or in UTC where that is
    its zone, and where clocks go back and one of the two is the second of two hours of the same name. The end is
    exclusive, as calendars have it: of whole days the day after the last.
    """

    title: Phrase
    details: Phrase
    place: Phrase  # empty where nobody has said where
    page: str  # absolute
    conference: str  # "" where there is none
    start: date | datetime
    end: date | datetime

    @property
    def is_all_day(self) -> bool:
        return not isinstance(self.start, datetime)


def entry(reading: Reading) -> Entry:
    start, end = _moments(reading.event)
    page, conference = absolute(reading.path), iri_to_uri(reading.event.conference_url)
    with translation.override(reading.wanted):
        place = _place(reading)
        details = _details(reading, page, conference)
    return Entry(_title(reading), details, place, page, conference, start, end)


def _title(reading: Reading) -> Phrase:
    """With what became of the event before it, in the language that the title is in."""
    title = Phrase(one_line(reading.title.printed), reading.title.language)
    with translation.override(title.language):
        pattern = BEFORE_THE_TITLE.get(reading.event.event_status)
        return Phrase(pattern.format(title=title.text), title.language) if pattern else title


def _details(reading: Reading, page: str, conference: str) -> Phrase:
    """The announcement, how to take part (few calendars know what a conference is), and the page's address."""
    take_part = _("Take part online: {address}").format(address=conference) if conference else ""
    parts = [lines(reading.summary.printed), take_part, page]
    return Phrase("\n\n".join(part for part in parts if part), reading.summary.language)


def _place(reading: Reading) -> Phrase:
    if reading.place:
        return Phrase(one_line(reading.place.printed), reading.place.language)
    if reading.event.attendance_mode == Event.AttendanceMode.ONLINE:
        return Phrase(pgettext("where", "Online"), reading.wanted)
    return Phrase("", reading.wanted)


def _moments(event: Event) -> tuple:
    zone = ZoneInfo(event.timezone)
    start, end = (moment.astimezone(zone).replace(microsecond=0) for moment in (event.starts_at, event.ends_at))
    if event.all_day:
        return start.date(), end.date() + timedelta(days=1)
    if event.timezone == "UTC" or start.fold or end.fold:
        return start.astimezone(UTC), end.astimezone(UTC)
    return start, end


def one_line(text: str) -> str:
    return " ".join(lines(text).split("\n"))


def lines(text: str) -> str:
    """Without what RFC 5545 (3.1, CONTROL) keeps out of text, and without the mark that begins a file (U+FEFF). Whatever
    some programme takes for the end of a line is one, so that no text can begin a line of its own in a file."""
    return "\n".join("".join(filter(_is_text, line)) for line in text.splitlines())


def _is_text(char: str) -> bool:
    return category(char) not in ("Cc", "Cs") and char != "\ufeff"
