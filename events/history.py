"""What belongs to an event's versions. Partners and subjects have versions of their own, and do
not come back with an event."""

from modeltranslation.utils import get_translation_fields

from events.choices import CITIES, LANGUAGE_NAMES
from events.models import Event, Partner, Subject
from omep_site.lib.history import keep


def _languages(codes: list[str]) -> str:
    return ", ".join(str(LANGUAGE_NAMES.get(code, code)) for code in codes)


def _cities(zones: list[str]) -> str:
    return ", ".join(str(CITIES.get(zone, zone)) for zone in zones)


keep(
    Event,
    rows=["eventpartner_set", "eventsubject_set", "strategies", "objectives", "speakers", "pictures", "documents"],
    # Bringing words back neither publishes nor withdraws; what stands in each language is counted anew. Calendars
    # hear of it as of any other change: `uid` never differs, and comes back with a deleted event; an event that is there
    # counts on from its own `sequence`, whatever the version's (`Event.save`).
    stays=[
        *("status", "publish_at", "publish_incomplete", "language_states", "created_at"),
        *get_translation_fields("search_words"),
    ],
    words={"interpretation_languages": _languages, "cities": _cities},
    zone="timezone",
)
keep(Partner)
keep(Subject)
