"""Telling those who asked that a comment is published, and that another answers theirs. A job of the worker."""

import logging
import time
from datetime import timedelta

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone

from comments import mails
from comments.models import SEGMENT, Comment, Follow
from events.models import Event

logger = logging.getLogger(__name__)

# An approval by mistake that is undone within two minutes mails nobody.
SECOND_THOUGHTS = timedelta(minutes=2)
AT_ONCE = 50  # comments in one round, between which the worker can be stopped
LEFT_FOR = 3600  # seconds until a comment whose mails could not be written is tried again

_left: dict[int, float] = {}  # number of a comment → when it is tried again, on this process's clock


def announce_due(now=None) -> int:
    """Writes the mails about comments that were published a while ago. Returns how many comments were announced.

    Each is announced once, whatever becomes of it later. Those of an event that was withdrawn wait until it is back.
    """
    clock = time.monotonic()
    for pk in [pk for pk, until in _left.items() if until <= clock]:
        del _left[pk]
    waiting = due(now).exclude(pk__in=list(_left)).order_by("published_at", "pk")
    return sum(_announce_safely(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:AT_ONCE]))


def due(now=None):
    now = now or timezone.now()
    comments = Comment.objects.visible().filter(announced_at=None, published_at__lte=now - SECOND_THOUGHTS)
    return comments.filter(Exists(Event.objects.published(now).filter(pk=OuterRef("event_id"))))


def _announce_safely(pk: int, now=None) -> bool:
    """A comment whose mails cannot be written does not keep the others from theirs."""
    try:
        return announce(pk, now)
    except (OperationalError, InterfaceError):  # the database is away: for all of them
        raise
    except Exception:
        _left[pk] = time.monotonic() + LEFT_FOR
        logger.exception(
            "comment %s could not be announced", pk
        )  # without the error's own words: omep_site/lib/logs.py
        return False


def announce(pk: int, now=None) -> bool:
    """Claims one comment and writes its mails, or neither. False where it is not due any more."""
    with transaction.atomic():
        if not due(now).filter(pk=pk).update(announced_at=now or timezone.now()):
            return False
        comment = Comment.objects.select_related("event").get(pk=pk)
        for follow in followers(comment):
            if follow.comment_id == comment.pk:
                mails.published(follow)
            else:
                mails.answered(follow, comment)
    return True


def followers(comment: Comment) -> list[Follow]:
    """Whom to tell that a comment is published: its author, and those of the comments above it, who may follow several
    of these and are told once, for the nearest. Nobody is told of an answer of their own."""
    prefixes = [comment.path[:end] for end in range(SEGMENT, len(comment.path), SEGMENT)]
    # Below the last level what is answered stands beside its answer, and not in its path.
    above = Comment.objects.visible().filter(Q(pk=comment.parent_id) | Q(path__in=prefixes), event=comment.event_id)
    follows = Follow.objects.heard().select_related("correspondent", "comment__event")
    own = Q(comment=comment, publication=True)
    answered = Q(comment__in=above.order_by().values("pk"), replies=True)
    found = follows.alias(address=Lower("correspondent__email")).filter(
        own | answered & ~Q(address=Lower(Value(comment.email)))
    )
    nearest_last = found.order_by("comment__path", "comment_id")
    return list({follow.correspondent_id: follow for follow in nearest_last}.values())
