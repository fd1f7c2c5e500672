"""Spam and trash are erased when their time is over, so that nothing is kept that nobody needs (GDPR, Article 5(1)(e)).

How long that is, the rules say, for the site and for each event: `spam_days` and `trash_days` after the last change.
What its author took back is in the trash.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from comments.models import ERASED, Comment, Move, Policy, Rules, Via
from comments.models.comment import EMPTIED, HIGHEST
from omep_site.lib import public

BATCH = 500  # comments erased in one transaction, which takes well under a second


def erase_old(now=None) -> int:
    """Erases one batch of what is too old, the oldest first; returns how many rows went or were emptied. The number of
    queries is the same for one comment and for a batch."""
    now = now or timezone.now()
    with transaction.atomic():
        due = Comment.objects.filter(_too_old(now), erased_at=None).order_by("updated_at", "pk")
        # What an editor has in hand at this moment is left for the next time: nobody waits for the other.
        rows = list(due.select_for_update(skip_locked=True).values_list("pk", "status")[:BATCH])
        if not rows:
            return _remove_empty_places()
        _erase(dict(rows), now)
        return len(rows)


def _too_old(now) -> Q:
    """By the rules of each event that has its own, and by those of the site for all others. One query."""
    own = {row.event_id: row.said() for row in Policy.objects.all()}
    site = own.pop(None, {})
    old = _older_than(Rules(**site), now) & ~Q(event__in=list(own))
    for event, said in own.items():
        old |= _older_than(Rules(**site | said), now) & Q(event=event)
    return old


def _older_than(rules: Rules, now) -> Q:
    spam = Q(status=Comment.Status.SPAM, updated_at__lt=now - timedelta(days=rules.spam_days))
    return spam | Q(status=Comment.Status.TRASH, updated_at__lt=now - timedelta(days=rules.trash_days))


def _has_others_below():
    """Whether anything stands under a comment, whatever its status."""
    end = Concat(OuterRef("path"), Value(HIGHEST), output_field=CharField())
    below = Comment.objects.filter(event=OuterRef("event"), thread=OuterRef("thread"), path__gt=OuterRef("path"))
    return Exists(below.filter(path__lte=end)) | Exists(Comment.objects.filter(parent=OuterRef("pk")))


def _erase(status_of: dict[int, str], now) -> None:
    """`Comment.erase` for many at once."""
    Move.objects.bulk_create(
        [
            Move(comment_number=pk, old=status, new=ERASED, via=Via.RETENTION, at=now)
            for pk, status in status_of.items()
        ],
        batch_size=BATCH,
    )
    chosen = Comment.objects.filter(pk__in=list(status_of)).order_by()
    held_open = list(chosen.filter(_has_others_below()).values_list("pk", "shown_below"))
    places = Comment.objects.filter(pk__in=[pk for pk, _shown in held_open])
    for related in (Comment.follows, Comment.reports):
        related.field.model.objects.filter(comment__in=list(status_of)).delete()
    Comment.objects.filter(pk__in=set(status_of) - {pk for pk, _shown in held_open}).delete()
    places.update(**EMPTIED, status=Comment.Status.TRASH, erased_at=now, updated_at=now)
    if any(shown for _pk, shown in held_open):
        public.bump(of_readers=True)


def _remove_empty_places() -> int:
    """One level of them: what was erased and has nobody below any more. The places above may then be next."""
    empty = Comment.objects.exclude(erased_at=None).exclude(_has_others_below()).order_by()
    found = list(empty.values_list("pk", flat=True)[:BATCH])
    Comment.objects.filter(pk__in=found).delete()
    return len(found)
