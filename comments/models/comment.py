"""A comment on an event.

The lifecycle is one status. Visitors see `approved` and nothing else. Every move is open from every other state, so
that each decision can be taken back, and each is recorded (comments.models.moves). What its author took back, and what
was erased, is moved no more.
"""

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comments.models.moves import ERASED, By, Move, Via
from comments.models.policy import MOST_LEVELS
from comments.reasons import sentence
from events.models import Event
from omep_site.lib import public
from omep_site.lib.constraints import CompositeForeignKey
from omep_site.lib.database import insert
from omep_site.lib.folding import fold

BY_COMMAND = By(Via.COMMAND)
BY_AUTHOR = By(Via.AUTHOR)
SEGMENT = 22  # digits of one level of a path: microseconds since 1970, and six at random
HIGHEST = "9" * SEGMENT * MOST_LEVELS
# What is left of a comment that was erased while others stand under it.
EMPTIED = {"name": "", "email": "", "website": "", "body": "", "words_digest": "", "network": "", "held_for": []}


@dataclass(frozen=True)
class Seen:
    """What somebody had before their eyes when they decided: a move with it happens only where it is still so."""

    status: str
    revision: int


class CommentQuerySet(models.QuerySet):
    def visible(self):
        """What visitors may read, oldest first. The only place that says so for many rows."""
        return self.filter(status=Comment.Status.APPROVED).order_by("created_at", "pk")

    def public(self):
        """Those of `visible()` whose event is public now, with the event: what anybody can read anywhere on the site."""
        return self.visible().filter(event__in=Event.objects.published()).select_related("event")

    def threaded(self, newest_first: bool = False):
        """What the page shows, in the order of reading: each conversation whole, answers below what they answer, oldest
        first; and the empty places of what was removed, while answers stand under them."""
        shown = self.filter(Q(status=Comment.Status.APPROVED) | Q(shown_below__gt=0))
        return shown.order_by("-thread" if newest_first else "thread", "path")

    def from_address(self, address: str):
        """One address is one person, whatever its capitals."""
        return self.alias(lowered=Lower("email")).filter(lowered=Lower(Value(address)))

    def below(self, comment: "Comment"):
        """All that stands under a comment in its conversation, whatever its status."""
        return self.filter(event=comment.event_id, path__gt=comment.path, path__lte=comment.path + HIGHEST)

    def next_waiting(self, after: "Comment") -> "Comment | None":
        """The next comment to decide about: the newest below `after` in a list, else the newest of all."""
        waiting = self.filter(status=Comment.Status.PENDING).exclude(pk=after.pk).order_by("-created_at", "-pk")
        below = Q(created_at__lt=after.created_at) | Q(created_at=after.created_at, pk__lt=after.pk)
        return waiting.filter(below).first() or waiting.first()


def digest_of(words: str) -> str:
    """The same for words that differ in capitals, accents and spaces alone; 32 hexadecimal digits."""
    plain = fold(words) or " ".join(words.split())  # what has no letter, “❤️” say, folds to nothing
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


class Comment(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        APPROVED = "approved", _("approved")
        SPAM = "spam", _("spam")
        TRASH = "trash", _("in the trash")

    OPEN_TO_ITS_AUTHOR = (Status.PENDING, Status.SPAM)  # who is not told which of the two

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="comments", verbose_name=_("event"))
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="replies",
        null=True,
        blank=True,
        verbose_name=_("in reply to"),
    )
    # Its place in the conversation: the segments of what it stands under, and its own. Digits alone, so that every
    # database sorts them alike. `thread` is the first of them.
    path = models.CharField(max_length=SEGMENT * MOST_LEVELS, editable=False)
    thread = models.CharField(max_length=SEGMENT, editable=False)
    shown_below = models.PositiveIntegerField(default=0, editable=False)  # approved comments under this one
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail address"), max_length=254)
    website = models.URLField(_("website"), max_length=200, blank=True)
    body = models.TextField(_("comment"))
    words_digest = models.CharField(max_length=32, editable=False)
    network = models.CharField(max_length=64, default="", editable=False)  # a trace of the day: omep_site.lib.throttle
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        help_text=_("The language of the page on which it was written."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    # Counts the author's versions of the words: a moderator's link is good for the one that it showed.
    revision = models.PositiveIntegerField(default=1, editable=False)
    held_for = models.JSONField(_("worth a look"), default=list, blank=True, editable=False)  # comments.reasons
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)  # when it was approved last
    announced_at = models.DateTimeField(null=True, editable=False)  # when those who follow were told, once for all
    withdrawn_at = models.DateTimeField(_("taken back by its author"), null=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, editable=False)  # an empty place under which others stand

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["event", "status", "created_at"]),
            models.Index(fields=["event", "thread", "path", "status", "shown_below"], name="comments_reading_order"),
            models.Index(fields=["status", "created_at"], name="comments_moderation"),
            models.Index(fields=["event", "created_at"], name="comments_of_one_event"),
            models.Index(fields=["created_at"], name="comments_received"),
            models.Index(fields=["status", "updated_at"], name="comments_retention"),
            models.Index(fields=["words_digest", "created_at"], name="comments_same_words"),
            models.Index(Lower("email"), name="comments_address"),
            # The status is a column of it, and no condition: SQLite does not see that a parameter is the word there.
            models.Index(
                fields=["status", "published_at"], condition=Q(announced_at=None), name="comments_to_announce"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "event"], name="comments_with_their_event"),
            CompositeForeignKey(
                name="comments_reply_on_the_same_event",
                columns=["parent_id", "event_id"],
                to_table="comments_comment",
                to_columns=["id", "event_id"],
            ),
        ]

    def __str__(self):
        # The admin's log keeps this for ever: nothing of the visitor's.
        return gettext("Comment %(number)s") % {"number": self.pk}

    def save(self, **kwargs):
        if not self._state.adding:
            super().save(**kwargs)
            return
        self.path = self._new_path()
        self.thread = self.path[:SEGMENT]
        self.words_digest = self.words_digest or digest_of(self.body)
        if self.is_visible():
            self.published_at = self.published_at or self.created_at
        if not self.is_visible():  # nothing changes on any page: one statement, which needs no transaction
            insert(self)
            return
        with transaction.atomic():
            insert(self)
            self._note_on_the_page("", self.status)

    def _new_path(self) -> str:
        moment = max(0, int(self.created_at.timestamp() * 1_000_000))
        segment = f"{moment:016d}{secrets.randbelow(10**6):06d}"
        if self.parent is None:
            return segment
        # Below the last level answers stand beside what they answer.
        above = self.parent.path[: SEGMENT * (MOST_LEVELS - 1)]
        return above + segment

    @property
    def level(self) -> int:
        """1 for what begins a conversation."""
        return len(self.path) // SEGMENT

    @property
    def anchor(self) -> str:
        """Its place on the event's page, as a fragment without “#”."""
        return f"comment-{self.pk}"

    @property
    def reasons(self) -> list[str]:
        """What was noticed when it came in, in sentences."""
        return [sentence(code) for code in self.held_for]

    @property
    def seen(self) -> Seen:
        """For whoever decides about the row as it is in hand."""
        return Seen(self.status, self.revision)

    # Lifecycle

    def is_visible(self) -> bool:
        """`CommentQuerySet.visible()` for one row."""
        return self.status == self.Status.APPROVED

    def may_be_moved(self) -> bool:
        return self.withdrawn_at is None and self.erased_at is None

    def may_be_edited(self) -> bool:
        """Whether its author may change it, or take it back."""
        return self.status in self.OPEN_TO_ITS_AUTHOR and self.may_be_moved()

    def approve(self, by: By = BY_COMMAND, *, reasons=(), seen: Seen | None = None) -> bool:
        return self._move(self.Status.APPROVED, by, reasons, seen)

    def mark_spam(self, by: By = BY_COMMAND, *, reasons=(), seen: Seen | None = None) -> bool:
        return self._move(self.Status.SPAM, by, reasons, seen)

    def trash(self, by: By = BY_COMMAND, *, reasons=(), seen: Seen | None = None) -> bool:
        return self._move(self.Status.TRASH, by, reasons, seen)

    def restore(self, by: By = BY_COMMAND, *, reasons=(), seen: Seen | None = None) -> bool:
        """Back to waiting, whatever was decided."""
        return self._move(self.Status.PENDING, by, reasons, seen)

    def keep(self, by: By = BY_COMMAND, *, seen: Seen | None = None) -> bool:
        """It stays published in spite of what readers reported: it takes new reports to hold it. False where nothing is
        open, or where it is not as it was `seen`."""
        row = Comment.objects.filter(pk=self.pk, status=self.Status.APPROVED)
        if seen:
            row = row.filter(status=seen.status, revision=seen.revision)
        with transaction.atomic():
            kept = row.select_for_update().exists() and self.reports.open().update(weighed_at=timezone.now())
            if kept:
                Move.record(self, self.Status.APPROVED, self.Status.APPROVED, by)
        return bool(kept)

    def take_back(self, old: str, moved_at, by: By = BY_COMMAND) -> bool:
        """Undoes the move of `moved_at`: back to the state `old`, unless somebody has moved it since."""
        return self._move(old, by, updated_at=moved_at)

    def withdraw(self) -> bool:
        """The author takes it back while it waits (also where it was put aside as spam, which they are not told)."""
        also = {"withdrawn_at": timezone.now()}
        return self._move(self.Status.TRASH, BY_AUTHOR, also=also, status__in=self.OPEN_TO_ITS_AUTHOR)

    def send_again(self) -> bool:
        """The author lets it wait again after all: where it stood, or taking it back would be a way out of spam."""
        row = Comment.objects.filter(pk=self.pk, erased_at=None).exclude(withdrawn_at=None)
        taken_back = Move.objects.of(self).filter(via=Via.AUTHOR, new=self.Status.TRASH).last()
        was_spam = taken_back is not None and taken_back.old == self.Status.SPAM
        stood = self.Status.SPAM if was_spam else self.Status.PENDING
        return self._move(stood, BY_AUTHOR, row=row, also={"withdrawn_at": None})

    def edit(self, name: str, website: str, body: str, *, revision: int, held_for=(), spam: bool = False) -> bool:
        """The author's new words, where nobody decided and nothing was changed since `revision` was shown.

        It is no move, and never makes a status better; where the new words are `spam`, they are put aside by the rules,
        which is one. `held_for` is what is to be said of the new words.
        """
        row = Comment.objects.filter(
            pk=self.pk, status__in=self.OPEN_TO_ITS_AUTHOR, withdrawn_at=None, erased_at=None, revision=revision
        )
        words = {"name": name, "website": website, "body": body, "words_digest": digest_of(body)}
        noted = {"held_for": list(held_for), "revision": revision + 1, "updated_at": timezone.now()}
        with transaction.atomic():
            edited = row.update(**words, **noted)
            if edited:
                self.refresh_from_db()
                if spam:
                    self.mark_spam(By(Via.POLICY), reasons=held_for, seen=Seen(self.Status.PENDING, revision + 1))
        return bool(edited)

    def last_move(self) -> Move | None:
        """Who decided last, and when: for whoever comes second."""
        return Move.objects.of(self).last()

    def _move(self, new, by: By, reasons=(), seen: Seen | None = None, *, row=None, also=None, **only_if) -> bool:
        """From every other state to `new`. False where it was there already, or is not as it was `seen`.

        `moved_from` then says where it stood until now, as the database knew it.
        """
        if row is None:
            row = Comment.objects.filter(pk=self.pk, withdrawn_at=None, erased_at=None)
        if seen:
            row = row.filter(status=seen.status, revision=seen.revision)
        row = row.filter(**only_if)
        change = {"status": new, "updated_at": timezone.now()} | (also or {})
        with transaction.atomic():
            # Asked under a lock, because the row in hand may be old (SQLite locks the whole database for a write).
            old = row.exclude(status=new).select_for_update().values_list("status", flat=True).first()
            if new == self.Status.APPROVED:
                change["published_at"] = change["updated_at"]
            moved = old is not None and row.filter(status=old).update(**change)
            if moved:
                Move.record(self, old, new, by, reasons, change["updated_at"])
                if new == self.Status.APPROVED:  # in spite of what readers reported: it takes new reports to hold it
                    self.reports.open().update(weighed_at=change["updated_at"])
                self._note_on_the_page(old, new)
        if moved:
            self.moved_from = old
            for field, value in change.items():
                setattr(self, field, value)
        return bool(moved)

    def _note_on_the_page(self, old: str, new: str) -> None:
        """What visitors see has changed: by this comment, and by the empty places that it holds open above."""
        if self.Status.APPROVED not in (old, new):
            return
        above = [self.path[:end] for end in range(SEGMENT, len(self.path), SEGMENT)]
        if above:
            one = 1 if new == self.Status.APPROVED else -1
            rows = Comment.objects.filter(event=self.event_id, path__in=above)
            if connection.features.has_select_for_update:
                # From below upwards, as whoever moves the row below comes to them: two never wait for each other.
                list(rows.order_by("-path").select_for_update().values_list("pk"))
            rows.update(shown_below=F("shown_below") + one)
        public.bump(of_readers=True)

    def erase(self, by: By = BY_COMMAND) -> bool:
        """Deletes words, name and addresses for good. Where others stand under it, an empty place stays for them."""
        with transaction.atomic():
            row = Comment.objects.filter(pk=self.pk, erased_at=None).select_for_update()
            old = row.values_list("status", flat=True).first()
            if old is None:
                return False
            Move.record(self, old, ERASED, by)
            self._note_on_the_page(old, ERASED)
            if Comment.objects.filter(Q(parent=self.pk) | Q(pk__in=Comment.objects.below(self).values("pk"))).exists():
                now = timezone.now()
                row.update(**EMPTIED, status=self.Status.TRASH, erased_at=now, updated_at=now)
                self.follows.all().delete()
                self.reports.all().delete()
            else:
                row.delete()
        return True
