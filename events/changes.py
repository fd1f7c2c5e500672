"""What readers of a public event must hear of: a new date, a date that is off. Told to whoever is named in
settings.EVENT_CHANGES, in the transaction of the save, so that the change and what follows from it stand or fall together.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

MOVED, POSTPONED, CANCELLED = "moved", "postponed", "cancelled"  # as in Event.EventStatus
BACK = "planned"  # it takes place after all


@dataclass(frozen=True)
class Change:
    """`what` is one of the words above; `starts_at` is the beginning that was announced before."""

    what: str
    starts_at: datetime


def change_between(before, now) -> Change | None:
    """What became of an event that everybody could read of and still can; None for anything else, and for what was over
    already. `before` is what the database said, None for a new event."""
    if before is None or not (before.is_published() and now.is_published()) or before.has_ended():
        return None
    status, starts_at = now.event_status, before.starts_at
    if status != before.event_status:
        # Postponed and then given a date: it moved. Its hour may be the old one, after a cancellation say.
        back_with_a_date = status == BACK and before.event_status == POSTPONED and now.starts_at != starts_at
        return Change(MOVED if back_with_a_date else status, starts_at)
    is_on = status in (BACK, MOVED)
    return Change(MOVED, starts_at) if is_on and now.starts_at != starts_at else None


@cache
def _hooks():
    return [import_string(path) for path in settings.EVENT_CHANGES]


def tell(before, event) -> None:
    """Call in the transaction of the save, after it."""
    change = change_between(before, event)
    if change:
        for hook in _hooks():
            hook(event, change)
