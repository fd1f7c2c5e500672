"""Marking letters while they go out: one statement for each, so that a worker may be killed between any two."""

from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from newsletter.models import Delivery, SendRun

# The one that was sent is marked together with the one that is begun. A letter is begun only while its issue is being
# sent and while it is still in this run's hands.
STEP = """
UPDATE newsletter_delivery SET
  status = CASE WHEN id = %(sent)s THEN 'sent' ELSE status END,
  done_at = CASE WHEN id = %(sent)s THEN %(now)s ELSE done_at END,
  begun_at = CASE WHEN id = %(begin)s AND EXISTS (
      SELECT 1 FROM newsletter_issue WHERE newsletter_issue.id = issue_id AND newsletter_issue.status = 'sending'
    ) THEN %(now)s ELSE begun_at END
WHERE id IN (%(sent)s, %(begin)s) AND run_id = %(run)s AND status = 'sending'
RETURNING id, begun_at
"""
# PostgreSQL would plan it anew for each letter, which takes as long as doing it.
PREPARE = "PREPARE newsletter_step (bigint, bigint, timestamptz, bigint) AS " + STEP % {
    "sent": "$1",
    "begin": "$2",
    "now": "$3",
    "run": "$4",
}
EXECUTE = "EXECUTE newsletter_step (%(sent)s, %(begin)s, %(now)s, %(run)s)"


@contextmanager
def quickly():
    """Yields a cursor for `step`; while it is open, a commit does not wait for the disk.

    It outlives a process that is killed. Should the machine or PostgreSQL fall, `recovery` trusts no mark of the chunk
    that was in hand; those of the chunks before were made durable by the next claim, which waits for the disk.
    """
    if connection.vendor == "postgresql":
        before = ["SET synchronous_commit TO off", PREPARE]
        after = ["DEALLOCATE newsletter_step", "SET synchronous_commit TO on"]
    else:
        before, after = ["PRAGMA synchronous=NORMAL"], ["PRAGMA synchronous=FULL"]
    with connection.cursor() as cursor:
        for command in before:
            cursor.execute(command)
        try:
            yield cursor  # one for all steps: to make one costs more than a step
        finally:
            for command in after:
                cursor.execute(command)


def step(cursor, run: SendRun, sent: int | None, begin: int | None) -> tuple[bool, bool]:
    """Marks one as sent and another as begun; whether each happened. Committed when it returns."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    command = EXECUTE if connection.vendor == "postgresql" else STEP
    cursor.execute(command, {"sent": sent or 0, "begin": begin or 0, "now": now, "run": run.pk})
    found = dict(cursor.fetchall())
    return sent in found, found.get(begin) is not None


def settle(number: int, **changes) -> None:
    """Stores what is known of a letter that was begun, also where another worker has called it uncertain meanwhile."""
    begun = [Delivery.Status.SENDING, Delivery.Status.UNCERTAIN]
    Delivery.objects.filter(pk=number, status__in=begun).update(run=None, **changes)
