"""After a restore (omep_site/restore.py): no letter goes out a second time without somebody's word. One of
settings.AFTER_RESTORE.

What goes out, is scheduled or is paused may have gone out since the backup, and nobody but people can know. So it is paused,
whatever it was paused for before, and its page says why (newsletter/admin/issue_words.py).
"""

from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import ngettext

from newsletter.models import Delivery, ImportJob, Issue, SendRun
from omep_site.lib import public


def hold(taken_at: datetime) -> list[str]:
    held = Issue.objects.filter(status__in=[Issue.Status.SCHEDULED, Issue.Status.SENDING, Issue.Status.PAUSED])
    letters = held.update(
        status=Issue.Status.PAUSED,
        hold=Issue.Hold.RESTORED,
        hold_detail=taken_at.isoformat(),
        updated_at=timezone.now(),
    )
    in_hand = Delivery.objects.filter(issue__in=Issue.objects.values("pk"), status=Delivery.Status.SENDING)
    uncertain = in_hand.update(status=Delivery.Status.UNCERTAIN, run=None, done_at=timezone.now())
    SendRun.objects.all().delete()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM newsletter_living_run")
    lists = sum(job.finish("restored") for job in ImportJob.objects.to_be_read())
    public.bump()  # the archive
    sentences = [
        ngettext(
            "%(count)d letter is paused, because it may have gone out since: see “Issues”.",
            "%(count)d letters are paused, because they may have gone out since: see “Issues”.",
            letters,
        ),
        ngettext(
            "%(count)d letter to one reader was on its way at that moment, and is uncertain: see “Deliveries”.",
            "%(count)d letters to one reader were on their way at that moment, and are uncertain: see “Deliveries”.",
            uncertain,
        ),
        ngettext(
            "%(count)d list was being read: bring it again.",
            "%(count)d lists were being read: bring them again.",
            lists,
        ),
    ]
    return [
        sentence % {"count": count}
        for sentence, count in zip(sentences, (letters, uncertain, lists), strict=True)
        if count
    ]
