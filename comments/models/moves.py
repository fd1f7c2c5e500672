"""The record of what became of comments: who moved which, when, why. Rows are added and never changed or deleted.

No visitor's words, name or address stands in it, so that it may outlive the comments.
"""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omep_site.lib.database import insert

ERASED = "erased"  # not a status of a comment: its words and its author are gone


class Via(models.TextChoices):
    """By which way a comment was moved."""

    ADMIN = "admin", _("in the admin")
    MAIL = "mail", _("by the link in a mail")
    POLICY = "policy", _("by the rules")
    AUTHOR = "author", _("by its author")
    REPORTS = "reports", _("because readers reported it")
    RETENTION = "retention", _("because its time was over")
    COMMAND = "command", _("by a command")


@dataclass(frozen=True)
class By:
    """Who moves a comment, and by which way; without a user it is the site itself or the comment's author."""

    via: Via
    user_id: int | None = None
    user_name: str = ""

    @classmethod
    def account(cls, user, via: Via = Via.ADMIN) -> "By":
        return cls(via, user.pk, user.get_username())


class MoveQuerySet(models.QuerySet):
    def of(self, comment) -> "MoveQuerySet":
        """Oldest first."""
        return self.filter(comment_number=comment.pk).order_by("at", "pk")

    def update(self, **kwargs):
        raise TypeError("The record of moves is only added to.")

    def delete(self):
        raise TypeError("The record of moves is only added to.")


class Move(models.Model):
    # Numbers, not foreign keys: the record stays when the comment or the account goes.
    comment_number = models.BigIntegerField(_("number of the comment"), db_index=True)
    old = models.CharField(_("from"), max_length=10)
    new = models.CharField(_("to"), max_length=10)
    via = models.CharField(_("how"), max_length=10, choices=Via)
    actor_id = models.BigIntegerField(_("number of the account"), null=True)
    actor = models.CharField(_("who"), max_length=150, blank=True)
    reasons = models.JSONField(_("why"), default=list, blank=True)  # comments.reasons
    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)

    objects = MoveQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return gettext("Decision about comment %(number)s") % {"number": self.comment_number}

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError("The record of moves is only added to.")
        insert(self)

    def delete(self, **kwargs):
        raise TypeError("The record of moves is only added to.")

    @classmethod
    def record(cls, comment, old: str, new: str, by: By, reasons=(), at=None) -> "Move":
        move = cls(
            comment_number=comment.pk,
            old=old,
            new=new,
            via=by.via,
            actor_id=by.user_id,
            actor=by.user_name,
            reasons=list(reasons),
            at=at or timezone.now(),
        )
        move.save()
        return move
