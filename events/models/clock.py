"""When the clock changes what visitors see (settings.PUBLIC_PAGE_CLOCKS)."""

from django.db import models
from django.db.models import Q

from events.models.event import JOIN_EARLY, Event


def next_change(after):
    """When the clock next changes what visitors see: an event becomes public, lets people in, begins or ends, its
    registration closes. None where nothing will."""
    published = Event.objects.filter(status=Event.Status.PUBLISHED)
    moments = published.aggregate(
        goes_public=models.Min("publish_at", filter=Q(publish_at__gt=after)),
        opens=models.Min("starts_at", filter=Q(starts_at__gt=after + JOIN_EARLY)),
        starts=models.Min("starts_at", filter=Q(starts_at__gt=after)),
        ends=models.Min("ends_at", filter=Q(ends_at__gt=after)),
        closes=models.Min("registration_closes_at", filter=Q(registration_closes_at__gt=after)),
    )
    if moments["opens"]:
        moments["opens"] -= JOIN_EARLY
    return min((moment for moment in moments.values() if moment), default=None)
