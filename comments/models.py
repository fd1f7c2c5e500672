"""A comment on an event.

The lifecycle is one status. Visitors see `approved` and nothing else; a new comment is `pending` until an editor
decides. Every move is open from every other state, so that each decision can be taken back.
"""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models import Event
from omep_site.lib import public


class CommentQuerySet(models.QuerySet):
    def visible(self):
        """What visitors may read, oldest first. The only place that says so for many rows."""
        return self.filter(status=Comment.Status.APPROVED).order_by("created_at", "pk")


class Comment(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        TRASH = "trash", _("in the trash")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="comments", verbose_name=_("event"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="replies",
        null=True,
        blank=True,
        verbose_name=_("in reply to"),
    )
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"), max_length=254)
    website = models.URLField(_("website"), max_length=200, blank=True)
    body = models.TextField(_("comment"))
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        help_text=_("The language of the page on which it was written."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["event", "status", "created_at"])]

    def __str__(self):
        # The admin's log keeps this for ever: no address and no words of the visitor's but the name.
        return _("Comment by %(name)s") % {"name": self.name}

    @property
    def anchor(self) -> str:
        """Its place on the event's page, as a fragment without “#”."""
        return f"comment-{self.pk}"

    # Lifecycle

    def is_visible(self) -> bool:
        """`CommentQuerySet.visible()` for one row."""
        return self.status == self.Status.APPROVED

    def approve(self) -> bool:
        return self._move(self.Status.APPROVED)

    def mark_spam(self) -> bool:
        return self._move(self.Status.SPAM)

    def trash(self) -> bool:
        return self._move(self.Status.TRASH)

    def restore(self) -> bool:
        """Back to waiting, whatever was decided."""
        return self._move(self.Status.PENDING)

    def _move(self, new) -> bool:
        """From every other state to `new`. False where it was there already."""
        hidden = [each for each in self.Status if each not in (self.Status.APPROVED, new)]
        change = {"status": new, "updated_at": timezone.now()}
        row = Comment.objects.filter(pk=self.pk)
        with transaction.atomic():
            # Two updates, because only the database knows whether the comment was public until now.
            was_public = new != self.Status.APPROVED and row.filter(status=self.Status.APPROVED).update(**change)
            moved = was_public or row.filter(status__in=hidden).update(**change)
            if moved and (was_public or new == self.Status.APPROVED):
                public.bump()
        if moved:
            self.status, self.updated_at = new, change["updated_at"]
        return bool(moved)
