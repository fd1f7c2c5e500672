"""Links that open a new entry in the calendar that somebody keeps on the web. They load nothing until they are followed.

The addresses are those that the makers' own “add to calendar” buttons use; neither Google nor Microsoft documents them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from events.ical import description, place, span, title
from events.reading import Reading
from omep_site.lib.links import path_in

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class CalendarLink:
    name: str
    url: str


def calendar_path_of(reading: Reading) -> str:
    """The address of the event's calendar file in the language of the reading."""
    return path_in(reading.wanted, "events:event_calendar", slug=reading.slug)


def calendar_links(reading: Reading) -> list[CalendarLink]:
    """None for what will not take place at a known date."""
    if reading.has_ended or reading.event.is_cancelled or reading.event.is_postponed:
        return []
    return [
        CalendarLink(_("Google Calendar"), google(reading)),
        CalendarLink(_("Outlook.com"), outlook(reading, OUTLOOK)),
        CalendarLink(_("Outlook at work or school (Microsoft 365)"), outlook(reading, MICROSOFT_365)),
    ]


def google(reading: Reading) -> str:
    dates = "/".join(_compact(each) for each in span(reading.event))
    return _address(
        GOOGLE,
        action="TEMPLATE",
        text=title(reading),
        dates=dates,
        details=description(reading),
        location=place(reading),
    )


def outlook(reading: Reading, base: str) -> str:
    start, end = span(reading.event)
    whole_days = {"allday": "true"} if reading.event.all_day else {}
    return _address(
        base,
        path="/calendar/action/compose",
        rru="addevent",
        subject=title(reading),
        startdt=_iso(start),
        enddt=_iso(end),
        body=description(reading),
        location=place(reading),
        **whole_days,
    )


def _address(base: str, **parameters: str) -> str:
    return f"{base}?{urlencode(parameters, safe='/:', quote_via=quote)}"


def _compact(moment: date | datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if isinstance(moment, datetime) else f"{moment:%Y%m%d}"


def _iso(moment: date | datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}" if isinstance(moment, datetime) else moment.isoformat()
