"""Marking letters while they go out: one statement for each, so that a worker may be killed between any two."""

from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from newsletter.models import Delivery, SendRun

# The one that was sent is marked together with the one that is begun. A letter is begun only while its issue is being
# sent and while it is still in this run's hands.
STEP = """
UPDATE newsletter_delivery SET
  status = CASE WHEN id = %s THEN 'sent' ELSE status END,
  done_at = CASE WHEN id = %s THEN %s ELSE done_at END,
  begun_at = CASE WHEN id = %s AND EXISTS (
      SELECT 1 FROM newsletter_issue WHERE newsletter_issue.id = issue_id AND newsletter_issue.status = 'sending'
    ) THEN %s ELSE begun_at END
WHERE id IN (%s, %s) AND run_id = %s AND status = 'sending'
RETURNING id, begun_at
"""


@contextmanager
def quickly():
    """Yields a cursor for `step`; while it is open, a commit does not wait for the disk.

    It outlives a process that is killed. Should the machine or PostgreSQL fall, `recovery` trusts no mark of the chunk
    that was in hand; those of the chunks before were made durable by the next claim, which waits for the disk.
    """
    if connection.vendor == "postgresql":
        quick, safe = "SET synchronous_commit TO off", "SET synchronous_commit TO on"
    else:
        quick, safe = "PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL"
    with connection.cursor() as cursor:
        cursor.execute(quick)
        try:
            yield cursor  # one for all steps: to make one costs more than a step
        finally:
            cursor.execute(safe)


def step(cursor, run: SendRun, sent: int | None, begin: int | None) -> tuple[bool, bool]:
    """Marks one as sent and another as begun; whether each happened. Committed when it returns."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    cursor.execute(STEP, [sent or 0, sent or 0, now, begin or 0, now, sent or 0, begin or 0, run.pk])
    found = dict(cursor.fetchall())
    return sent in found, begin in found and found[begin] is not None


def settle(number: int, **changes) -> None:
    """Stores what is known of a letter that was begun, also where another worker has called it uncertain meanwhile."""
    begun = [Delivery.Status.SENDING, Delivery.Status.UNCERTAIN]
    Delivery.objects.filter(pk=number, status__in=begun).update(run=None, **changes)
