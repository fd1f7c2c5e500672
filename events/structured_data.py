"""An event as schema.org/Event: what a search engine reads of its page. A pure function; no request in sight.

After Google's “Event structured data”: times have their offset; a cancelled or postponed event keeps its start; a moved
one has its new start and `previousStartDate`; what takes place online has a VirtualLocation.
"""

from zoneinfo import ZoneInfo

from events.models import Event, EventPartner
from events.reading import Reading
from events.sharing import shared_picture
from omep_site.lib.links import absolute

STATUS = {
    Event.EventStatus.PLANNED: "EventScheduled",
    Event.EventStatus.POSTPONED: "EventPostponed",
    Event.EventStatus.MOVED: "EventRescheduled",
    Event.EventStatus.CANCELLED: "EventCancelled",
}
MODE = {
    Event.AttendanceMode.ONLINE: "OnlineEventAttendanceMode",
    Event.AttendanceMode.ON_SITE: "OfflineEventAttendanceMode",
    Event.AttendanceMode.BOTH: "MixedEventAttendanceMode",
}
SCHEMA = "https://schema.org"


def structured_data(reading: Reading, organizer: str) -> dict:
    """JSON-LD of the event's page in one language; addresses are absolute. What is not known is left out."""
    event = reading.event
    picture = shared_picture(reading)
    data = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": reading.title.printed,
        "description": reading.summary.printed,
        "url": absolute(reading.canonical),
        "image": [picture.url] if picture else [],
        "inLanguage": event.interpretation_languages or [reading.shown],
        "startDate": reading.when.start,
        "endDate": reading.when.end,
        "previousStartDate": _previous_start(event),
        "eventStatus": f"{SCHEMA}/{STATUS[event.event_status]}",
        "eventAttendanceMode": f"{SCHEMA}/{MODE[event.attendance_mode]}",
        "location": _one_or_all(_locations(reading)),
        "organizer": _one_or_all(_organizers(event, organizer)),
        "performer": [_named("Person", speaker.name, speaker.url) for speaker in event.speakers.all()],
    }
    return {name: value for name, value in data.items() if value}


def _previous_start(event: Event) -> str:
    if event.event_status != Event.EventStatus.MOVED or not event.previous_starts_at:
        return ""
    earlier = event.previous_starts_at.astimezone(ZoneInfo(event.timezone))
    return earlier.date().isoformat() if event.all_day else earlier.isoformat(timespec="minutes")


def _locations(reading: Reading) -> list[dict]:
    """Where it takes place, and where it is followed from afar: on the page at least, which says how. The room itself is
    for people: robots that look for open rooms read this too."""
    event, place = reading.event, reading.place.printed
    found = []
    if place and event.attendance_mode != Event.AttendanceMode.ONLINE:
        found.append({"@type": "Place", "name": place, "address": place})
    if event.attendance_mode != Event.AttendanceMode.ON_SITE:
        url = event.registration_url or absolute(reading.canonical)
        found.append({"@type": "VirtualLocation", "url": url})
    return found


def _organizers(event: Event, name: str) -> list[dict]:
    rows = [row for row in event.eventpartner_set.all() if row.role == EventPartner.Role.ORGANISER]
    partners = [_named("Organization", row.partner.name, row.partner.url) for row in rows]
    return [_named("Organization", name, absolute("/")), *partners]


def _named(kind: str, name: str, url: str) -> dict:
    return {"@type": kind, "name": name} | ({"url": url} if url else {})


def _one_or_all(found: list[dict]):
    return found[0] if len(found) == 1 else found
