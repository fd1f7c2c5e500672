"""Writing down who gets an issue, and what it says: once, in one transaction."""

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.utils import timezone

from newsletter.audience import readers_of
from newsletter.composing import compose
from newsletter.letters import Letter
from newsletter.models import Delivery, Issue, IssueContent
from omep_site.lib import public
from omep_site.lib.links import languages

WRITE_DOWN = """
INSERT INTO newsletter_delivery (issue_id, subscriber_id, language, status, attempts, detail)
SELECT %s, reader.id, reader.language, %s, 0, '' FROM (READERS) AS reader WHERE true
ON CONFLICT (issue_id, subscriber_id) DO NOTHING
"""


def queue(issue: Issue) -> bool:
    """Whether it was done now: an issue is queued once, whoever tries."""
    letters = [compose(issue, language) for language in languages()]
    with transaction.atomic():
        waiting = Issue.objects.select_for_update().filter(pk=issue.pk, status=Issue.Status.SENDING, queued_at=None)
        if not waiting.exists():
            return False
        IssueContent.objects.bulk_create(content_of(issue, letter) for letter in letters)
        issue.readers, issue.queued_at = write_down(issue), timezone.now()
        Issue.objects.filter(pk=issue.pk).update(queued_at=issue.queued_at, readers=issue.readers)
        public.bump()  # the archive
    return True


def content_of(issue: Issue, letter: Letter) -> IssueContent:
    return IssueContent(
        issue=issue,
        language=letter.language,
        words_in=letter.words_in,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
    )


def write_down(issue: Issue) -> int:
    """One row for each reader, by one statement of the database: a hundred thousand take seconds. Returns how many."""
    readers = readers_of(issue).order_by("pk").values("id", "language")
    try:
        sql, params = readers.query.sql_with_params()
    except EmptyResultSet:  # Django sees that there can be nobody
        return 0
    # “WHERE true” lets SQLite see that ON CONFLICT belongs to the INSERT. What is put in here is Django's own SQL.
    insert = WRITE_DOWN.replace("READERS", sql)
    with connection.cursor() as cursor:
        cursor.execute(insert, [issue.pk, Delivery.Status.PENDING.value, *params])
        return cursor.rowcount
