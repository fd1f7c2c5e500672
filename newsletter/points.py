"""What letters that come back mean for an address: points, at most one a day, and the end of sending when they are enough.

The counting is Mailman's: a hard bounce is a point, a soft one half, each day counts once with the worst that happened.
"""

import re
from collections import defaultdict
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from newsletter.blocking import block
from newsletter.models import Bounce, Delivery, Subscriber, Suppression

POINTS = {Bounce.Kind.HARD: 1.0, Bounce.Kind.SOFT: 0.5}
ENOUGH = 2.0  # two days with hard bounces, or four with soft ones …
REMEMBERED = timedelta(days=120)  # … within as long as this


# Codes that speak of us and not of the reader: our address, or what a server thinks of us (RFC 3463, 3.2 and 3.8). They
# are noted and cost nothing: a week on somebody's blocklist would else end the sending to all readers of a provider.
ABOUT_US = re.compile(r"[45]\.(1\.[78]|7\.\d+)")
CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


def code_in(said: str) -> str:
    """The status code of RFC 3463 in what a server said (“5.1.1”), else the reply's own (“550”)."""
    found = CODE.search(said)
    return found[0] if found else said[:3]


def points_of(subscriber: Subscriber, now=None) -> float:
    """The points of the last months, and of the address that its reader has now. A complaint is none: it ends the sending
    by itself."""
    since = (now or timezone.now()) - REMEMBERED
    if subscriber.address_changed_at:
        since = max(since, subscriber.address_changed_at)
    days = defaultdict(float)
    for kind, at, code in subscriber.bounces.filter(at__gt=since).values_list("kind", "at", "code"):
        if not ABOUT_US.fullmatch(code):
            day = at.date()
            days[day] = max(days[day], POINTS.get(kind, 0.0))
    return sum(days.values())


def record(subscriber: Subscriber, kind: str, code: str, digest: str, delivery: Delivery | None = None) -> bool:
    """Notes what came back, and blocks the address where that is enough. False for a report that was noted before.

    `digest` is of the report, 64 characters at most. A delivery that was sent, or may have been, becomes `bounced`.
    """
    with transaction.atomic():
        try:
            with transaction.atomic():
                Bounce.objects.create(
                    subscriber=subscriber, delivery=delivery, kind=kind, code=code[:20], digest=digest[:64]
                )
        except IntegrityError:
            return False
        if delivery and kind != Bounce.Kind.COMPLAINT:
            went_out = [Delivery.Status.SENT, Delivery.Status.UNCERTAIN]
            row = Delivery.objects.filter(pk=delivery.pk, status__in=went_out)
            row.update(status=Delivery.Status.BOUNCED, detail=code[:200])
        if kind == Bounce.Kind.COMPLAINT:
            block(subscriber.email, Suppression.Reason.COMPLAINT)
        elif points_of(subscriber) >= ENOUGH:
            block(subscriber.email, Suppression.Reason.BOUNCES, code)
    return True
