"""How far the sending of an issue is, for whoever looks on. A few queries, however many readers there are."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from newsletter.models import Delivery, Issue, MailServer

LOOKED_AT = 500  # letters whose pace is taken as that of the rest
AT_REST = timedelta(minutes=2)  # nothing left for so long: there is no pace to speak of
OPEN = (Delivery.Status.PENDING, Delivery.Status.SENDING, Delivery.Status.DEFERRED)


@dataclass(frozen=True)
class Progress:
    counts: dict[str, int]  # by status, zeros included
    pace: float  # letters in a second; 0 where nobody knows
    next_try: datetime | None  # of those that were put off, where nothing else waits
    server: MailServer | None  # where the mail server does not answer

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def left(self) -> int:
        return sum(self.counts[status] for status in OPEN)

    @property
    def done(self) -> int:
        return self.total - self.left

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0

    @property
    def minutes_left(self) -> int | None:
        """None where nobody knows; at least one."""
        at_once = self.left - self.counts[Delivery.Status.DEFERRED]
        return math.ceil(at_once / self.pace / 60) or 1 if self.pace and at_once else None


def progress_of(issue: Issue) -> Progress:
    counts = issue.deliveries.counts()
    deferred = counts[Delivery.Status.DEFERRED]
    only_deferred = deferred and not counts[Delivery.Status.PENDING] + counts[Delivery.Status.SENDING]
    again = issue.deliveries.filter(status=Delivery.Status.DEFERRED).order_by("next_try") if only_deferred else None
    return Progress(
        counts,
        pace_of(issue) if issue.status == Issue.Status.SENDING else 0,
        again.values_list("next_try", flat=True).first() if again is not None else None,
        MailServer.objects.filter(pk=1, down_since__isnull=False).first(),
    )


def pace_of(issue: Issue) -> float:
    """Of the last letters that went out; those of the setting where they are fewer."""
    latest = issue.deliveries.filter(status=Delivery.Status.SENT).order_by("-pk")
    moments = [moment for moment in latest.values_list("done_at", flat=True)[:LOOKED_AT] if moment]
    now = timezone.now()
    if len(moments) < 2 or max(moments) < now - AT_REST:
        return 0
    pace = len(moments) / max((now - min(moments)).total_seconds(), 1)
    return min(pace, settings.NEWSLETTER_PER_MINUTE / 60) if settings.NEWSLETTER_PER_MINUTE else pace
