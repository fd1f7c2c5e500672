"""After a restore (omep_site/restore.py): no mail about comments goes out a second time. One of settings.AFTER_RESTORE."""

from datetime import datetime

from django.utils import timezone

from comments import announcing
from comments.models import ModeratorChoice


def hold(taken_at: datetime) -> list[str]:
    """What was to be announced is written now, to be held with the other mails that waited; digests begin anew."""
    while announcing.announce_due():
        pass
    announcing.due().update(announced_at=timezone.now())  # whose mails could not be written
    ModeratorChoice.objects.filter(when__in=ModeratorChoice.PAUSES).update(told_at=timezone.now())
    return []
