"""Digests for moderators who want to hear of waiting comments once an hour or once a day; the worker's job."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from comments import notifications
from comments.models import Comment, ModeratorChoice

# What came or began to wait within this last while is for the next digest: its transaction may not have ended yet,
# and a digest that said “until now” would leave it out for ever.
SETTLED = timedelta(minutes=1)


def tell_due(now=None) -> int:
    """Writes each digest that is due: its pause is over and something new waits. Returns how many it wrote.

    Any number of workers may do this at once: a digest belongs to the one that moves `told_at`, and its mail is in the
    same transaction.
    """
    until = (now or timezone.now()) - SETTLED
    waiting = Comment.objects.filter(status=Comment.Status.PENDING)
    settled = waiting.filter(updated_at__lte=until).order_by("-updated_at")
    newest = settled.values_list("updated_at", flat=True).first()
    if newest is None:
        return 0
    written = 0
    for choice in ModeratorChoice.objects.due(until, newest):
        news = settled.filter(updated_at__gt=choice.told_at) if choice.told_at else settled
        with transaction.atomic():
            if choice.claim(until):
                comments = list(news.select_related("event")[: notifications.NAMED])
                notifications.waiting_digest(choice.user, comments, waiting.count())
                written += 1
    return written
