from itertools import islice

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

AT_ONCE = 2000  # rows in one statement


class Tag(models.Model):
    """A group of subscribers, by a name that only editors see."""

    name = models.CharField(_("name"), max_length=60)

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"), name="newsletter_tag_once", violation_error_message=_("There is a group of this name.")
            )
        ]

    def __str__(self):
        return self.name

    def add(self, subscribers) -> int:
        """These (primary keys, any number) belong to it too; returns how many did not yet."""
        through, before = self.subscribers.through, self.subscribers.count()
        rows = (through(tag=self, subscriber_id=pk) for pk in subscribers.iterator())
        while batch := list(islice(rows, AT_ONCE)):
            through.objects.bulk_create(batch, ignore_conflicts=True)
        return self.subscribers.count() - before

    def remove(self, subscribers) -> int:
        """These belong to it no more; returns how many did."""
        return self.subscribers.through.objects.filter(tag=self, subscriber__in=subscribers).delete()[0]
