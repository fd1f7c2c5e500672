"""An event as schema.org/Event: what a search engine reads of its page. A pure function; no request in sight.

After Google's “Event structured data”: times have their offset; a cancelled or postponed event keeps its start; a moved
one has its new start and `previousStartDate`; what takes place online has a VirtualLocation.
"""

from zoneinfo import ZoneInfo

from events.models import Event
from events.reading import Reading
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
    """JSON-LD of the event's page in one language; addresses are absolute."""
    event, url = reading.event, absolute(reading.canonical)
    data = {
        "@context": SCHEMA,
        "@type": "Event",
        "name": reading.title.text,
        "description": reading.summary.text,
        "url": url,
        "inLanguage": event.interpretation_languages or [reading.shown],
        "startDate": reading.when.start,
        "endDate": reading.when.end,
        "eventStatus": f"{SCHEMA}/{STATUS[event.event_status]}",
        "eventAttendanceMode": f"{SCHEMA}/{MODE[event.attendance_mode]}",
        "location": _location(reading, url),
        "organizer": {"@type": "Organization", "name": organizer, "url": absolute("/")},
    }
    if event.event_status == Event.EventStatus.MOVED and event.previous_starts_at:
        earlier = event.previous_starts_at.astimezone(ZoneInfo(event.timezone))
        data["previousStartDate"] = (
            earlier.date().isoformat() if event.all_day else earlier.isoformat(timespec="minutes")
        )
    return data


def _location(reading: Reading, url: str):
    place = {"@type": "Place", "name": reading.place.text, "address": reading.place.text}
    online = {"@type": "VirtualLocation", "url": reading.event.registration_url or url}
    on_site = reading.event.attendance_mode != Event.AttendanceMode.ONLINE and reading.place
    if reading.event.attendance_mode == Event.AttendanceMode.BOTH and on_site:
        return [place, online]
    return place if on_site else online
