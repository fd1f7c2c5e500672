"""What calendars must hear of: when it changes, and only then, an event's SEQUENCE grows."""

import hashlib
import json
from datetime import UTC, datetime

from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages

# What a calendar shows of an event; the first two in every language.
IN_CALENDARS = (
    "title",
    "place",
    "starts_at",
    "ends_at",
    "timezone",
    "all_day",
    "event_status",
    "attendance_mode",
    "conference_url",
)


def note_change(event):
    """Raises `sequence` when what a calendar shows has changed, and only then: another text of the page would make every
    calendar ask its owner to look again. Returns the event as the database had it, None for a new one.

    Compared with what the database says now, not with what this object was made from: of two who save at once the second
    waits and counts on, so that no two contents ever have the same number, and none has a lower one. Call in the
    transaction of the save.
    """
    now = calendar_digest(event)
    stored = type(event).objects.select_for_update().filter(pk=event.pk).first() if event.pk else None
    if stored is None:
        changed = True
        # One that was deleted comes back from the history with the number that it had.
        event.sequence += bool(event.calendar_digest)
    else:
        # Rows that are older than the digest have none.
        changed = now != (stored.calendar_digest or calendar_digest(stored))
        event.sequence = stored.sequence + changed
        event.calendar_changed_at = stored.calendar_changed_at
    event.calendar_digest = now
    if changed:
        event.calendar_changed_at = timezone.now()
    return stored


def calendar_digest(event) -> str:
    """Of what a calendar shows, in every language."""
    fields = [name for field in IN_CALENDARS for name in _columns(field)]
    values = [getattr(event, name) for name in fields]
    return hashlib.sha256(json.dumps([_as_shown(each) for each in values]).encode()).hexdigest()[:32]


def _as_shown(value):
    """No text is an empty text; a moment is one in seconds, although the history keeps thousandths and the database
    more."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(microsecond=0).isoformat()
    return "" if value is None else value


def _columns(field: str) -> list[str]:
    translated = field in ("title", "place")
    return [in_language(field, language) for language in languages()] if translated else [field]
