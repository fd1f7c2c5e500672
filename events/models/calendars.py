"""What calendars know an event by (RFC 5545, 3.8.4.7 and 3.8.7): its name for ever, and how often it has changed."""

import uuid

from django.db import models
from django.utils import timezone

from events.calendar_digest import calendar_digest


class KnownToCalendars(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    calendar_digest = models.CharField(max_length=32, default="", editable=False)
    calendar_changed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    def _note_for_calendars(self) -> None:
        """Raises `sequence` when what a calendar shows has changed, and only then: another text of the page would make
        every calendar ask its owner to look again.

        Compared with what the database says now, not with what this object was made from: of two who save at once the
        second waits and counts on, so that no two contents ever have the same number, and none has a lower one. Call in
        the transaction of the save.
        """
        now = calendar_digest(self)
        stored = type(self).objects.select_for_update().filter(pk=self.pk).first() if self.pk else None
        if stored is None:
            changed = True
            # One that was deleted comes back from the history with the number that it had.
            self.sequence += bool(self.calendar_digest)
        else:
            # Rows that are older than the digest have none.
            changed = now != (stored.calendar_digest or calendar_digest(stored))
            self.sequence = stored.sequence + changed
            self.calendar_changed_at = stored.calendar_changed_at
        self.calendar_digest = now
        if changed:
            self.calendar_changed_at = timezone.now()
