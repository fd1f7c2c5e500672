"""Plain functions that make what tests need; what is not said is a complete, published event to come."""

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from events.completeness import overview
from events.models import Event

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # before any moment at which a test lets its clock stand
_count = 0


def make_event(**fields) -> Event:
    """A published event in both languages, next week; give a language's fields as "" to leave it incomplete."""
    global _count
    _count += 1
    starts_at = fields.pop("starts_at", timezone.now() + timedelta(days=7))
    defaults = {
        "title_fr": f"Événement {_count}",
        "title_en": f"Event {_count}",
        "slug_fr": f"evenement-{_count}",
        "slug_en": f"event-{_count}",
        "summary_fr": "Une rencontre pour la petite enfance.",
        "summary_en": "A meeting for early childhood.",
        "body_fr": "<p>Venez nombreuses et nombreux.</p>",
        "body_en": "<p>Come, everybody.</p>",
        "place_fr": "En ligne",
        "place_en": "Online",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "timezone": "Europe/Paris",
        "status": Event.Status.PUBLISHED,
        "publish_at": LONG_AGO,
    }
    event = Event(**defaults | fields)
    event.language_states = overview(event)
    event.save()
    return event
