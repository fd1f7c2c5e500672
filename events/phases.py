"""What an event is at one moment of the clock: its page, its lists and its main button follow from it.

Every moment at which an answer changes is one of `events.models.next_change`, so that no kept page outlives it.
"""

from django.db import models
from django.utils import timezone
from django.utils.translation import pgettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import JOIN_EARLY, Event
from omep_site.lib.links import languages


class Phase(models.TextChoices):
    """With the words of its badge; an announcement needs none."""

    ANNOUNCED = "announced", ""
    OPEN = "open", pgettext_lazy("phase of an event", "registration open")
    LIVE = "live", pgettext_lazy("phase of an event", "now")
    ENDED = "ended", pgettext_lazy("phase of an event", "past")
    RECORDED = "recorded", pgettext_lazy("phase of an event", "recording available")
    POSTPONED = "postponed", pgettext_lazy("event", "postponed")
    CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")


def phase_of(event: Event, now=None) -> Phase:
    now = now or timezone.now()
    if event.is_cancelled:
        return Phase.CANCELLED
    if event.is_postponed:
        return Phase.POSTPONED
    if event.has_ended(now):
        recorded = any(getattr(event, in_language("recording_url", language)) for language in languages())
        return Phase.RECORDED if recorded else Phase.ENDED
    if event.starts_at <= now:
        return Phase.LIVE
    return Phase.OPEN if event.takes_registrations(now) else Phase.ANNOUNCED


def lets_people_in(event: Event, now=None) -> bool:
    """Whether the link to take part online is shown: a little before the start and until the end."""
    now = now or timezone.now()
    over = event.is_cancelled or event.is_postponed or event.has_ended(now)
    return bool(event.conference_url) and not over and event.starts_at - JOIN_EARLY <= now
