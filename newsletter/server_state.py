"""What all workers know of the mail server: whether it answers, and how much it was given in this minute."""

import math
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from newsletter.models import MailServer
from omep_site.lib import incidents
from omep_site.models import Kind

FIRST_PAUSE = timedelta(seconds=5)  # after a connection that failed; twice as long after each further one
LONGEST_PAUSE = timedelta(minutes=10)


def may_be_asked(now=None) -> bool:
    """Whether the pause after the last failure is over."""
    return not MailServer.objects.filter(pk=1, next_try__gt=now or timezone.now()).exists()


def note_down(said: str) -> None:
    """A connection failed: no letter lost a try by it, and all workers wait."""
    incidents.note(Kind.MAIL_AWAY)
    with transaction.atomic():
        MailServer.row()
        state = MailServer.objects.select_for_update().get(pk=1)
        pause = min(FIRST_PAUSE * 2 ** min(state.failures, 20), LONGEST_PAUSE)
        now = timezone.now()
        MailServer.objects.filter(pk=1).update(
            failures=F("failures") + 1,
            down_since=Coalesce("down_since", now),
            next_try=now + pause,
            said=said[:300],
        )


def note_up() -> None:
    """A letter was taken."""
    MailServer.objects.filter(pk=1, failures__gt=0).update(failures=0, down_since=None, next_try=None, said="")


def give(count: int, now=None) -> int:
    """How many of `count` letters may go out now, evenly over each minute; those are counted."""
    limit = settings.NEWSLETTER_PER_MINUTE
    if not limit:
        return count
    now = now or timezone.now()
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        MailServer.row()
        state = MailServer.objects.select_for_update().get(pk=1)
        given = state.given if state.minute == minute else 0
        by_now = math.ceil(limit * ((now - minute).total_seconds() + 1) / 60)
        allowed = max(0, min(count, by_now - given, limit - given))
        MailServer.objects.filter(pk=1).update(minute=minute, given=given + allowed)
    return allowed
