"""What calendars must hear of: when it changes, and only then, an event's SEQUENCE grows."""

import hashlib
import json
from datetime import UTC, datetime

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
