"""What belongs to an event's versions. Partners have versions of their own, and do not come back with an event."""

from events.choices import LANGUAGE_NAMES
from events.models import Event, Partner
from omep_site.lib.history import keep


def _languages(codes: list[str]) -> str:
    return ", ".join(str(LANGUAGE_NAMES.get(code, code)) for code in codes)


keep(
    Event,
    rows=["eventpartner_set", "strategies", "objectives", "pictures", "documents"],
    # Bringing words back neither publishes nor withdraws; what stands in each language is counted anew.
    stays=["status", "publish_at", "publish_incomplete", "language_states", "created_at"],
    words={"interpretation_languages": _languages},
    zone="timezone",
)
keep(Partner)
