"""Links that bring an event, or all of them, into a calendar. Pure functions; a link loads nothing until it is followed.

Neither Google nor Microsoft documents its address for a new entry; these are the forms that both have answered to for
years. They make a copy: who wants to hear of changes subscribes to the feed.
"""

from dataclasses import dataclass
from datetime import UTC
from html import escape
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from events.calendar_entry import Entry, entry
from events.reading import Reading
from omep_site.lib.links import absolute, path_in

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
OUTLOOK_AT_WORK = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class CalendarLink:
    words: str
    address: str


@dataclass(frozen=True)
class Subscription:
    address: str  # to copy
    webcal: str  # opens the calendar programme of a phone or a computer


def calendar_links(reading: Reading) -> list[CalendarLink]:
    """Nothing for an event that has ended, is cancelled, or has no date."""
    if reading.has_ended or reading.event.is_cancelled or reading.event.is_postponed:
        return []
    shown = entry(reading)
    return [
        CalendarLink(_("Google Calendar"), google(shown)),
        CalendarLink(_("Outlook.com"), outlook(shown, OUTLOOK)),
        CalendarLink(_("Outlook at work or at school"), outlook(shown, OUTLOOK_AT_WORK)),
    ]


def google(shown: Entry) -> str:
    dates = "%Y%m%d" if shown.is_all_day else "%Y%m%dT%H%M%SZ"
    start, end = (each.strftime(dates) for each in _in_utc(shown))
    words = {"text": shown.title.text, "details": shown.details.text, "location": shown.place.text}
    return _address(GOOGLE, {"action": "TEMPLATE", "dates": f"{start}/{end}"} | words)


def outlook(shown: Entry, base: str) -> str:
    """Its text is read as HTML, where the end of a line is an element."""
    dates = "%Y-%m-%d" if shown.is_all_day else "%Y-%m-%dT%H:%M:%SZ"
    start, end = (each.strftime(dates) for each in _in_utc(shown))
    body = escape(shown.details.text, quote=False).replace("\n", "<br>")
    words = {"subject": shown.title.text, "body": body, "location": shown.place.text}
    when = {"startdt": start, "enddt": end} | ({"allday": "true"} if shown.is_all_day else {})
    return _address(base, {"path": "/calendar/action/compose", "rru": "addevent"} | when | words)


def subscription(language: str) -> Subscription:
    address = absolute(path_in(language, "events:calendar"))
    return Subscription(address, f"webcal://{address.partition('://')[2]}")


def _in_utc(shown: Entry) -> list:
    return [each if shown.is_all_day else each.astimezone(UTC) for each in (shown.start, shown.end)]


def _address(base: str, query: dict[str, str]) -> str:
    """A space is %20: Outlook would show a plus."""
    return f"{base}?{urlencode({name: value for name, value in query.items() if value}, quote_via=quote)}"
