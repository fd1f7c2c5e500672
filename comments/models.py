"""A comment on an event.

The lifecycle is one status. Visitors see `approved` and nothing else; a new comment is `pending` until an editor
decides. Every move is open from every other state, so that each decision can be taken back.
"""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comments.reasons import sentence
from events.models import Event
from omep_site.lib import public


class CommentQuerySet(models.QuerySet):
    def visible(self):
        """What visitors may read, oldest first. The only place that says so for many rows."""
        return self.filter(status=Comment.Status.APPROVED).order_by("created_at", "pk")

    def from_address(self, address: str):
        """One address is one person, whatever its capitals."""
        return self.filter(email__iexact=address)

    def next_waiting(self, after: "Comment") -> "Comment | None":
        """The next comment to decide about: the newest below `after` in a list, else the newest of all."""
        waiting = self.filter(status=Comment.Status.PENDING).exclude(pk=after.pk).order_by("-created_at", "-pk")
        below = Q(created_at__lt=after.created_at) | Q(created_at=after.created_at, pk__lt=after.pk)
        return waiting.filter(below).first() or waiting.first()


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
    held_for = models.JSONField(_("worth a look"), default=list, blank=True, editable=False)  # comments.reasons
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

    @property
    def reasons(self) -> list[str]:
        """What was noticed when it came in, in sentences."""
        return [sentence(code) for code in self.held_for]

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

    def take_back(self, old: str, moved_at) -> bool:
        """Undoes the move of `moved_at`: back to the state `old`, unless somebody has moved it since."""
        return self._move(old, updated_at=moved_at)

    def _move(self, new, **only_if) -> bool:
        """From every other state to `new`. False where it was there already.

        `moved_from` then says where it stood until now, as the database knew it.
        """
        row = Comment.objects.filter(pk=self.pk, **only_if)
        with transaction.atomic():
            # Asked under a lock, because the row in hand may be old (SQLite locks the whole database for a write).
            old = row.exclude(status=new).select_for_update().values_list("status", flat=True).first()
            change = {"status": new, "updated_at": timezone.now()}
            moved = old is not None and row.filter(status=old).update(**change)
            if moved and self.Status.APPROVED in (old, new):
                public.bump()
        if moved:
            self.moved_from, self.status, self.updated_at = old, new, change["updated_at"]
        return bool(moved)
