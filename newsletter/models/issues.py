"""An issue of the newsletter.

The lifecycle is one status. A `draft` is written; `scheduled` goes out at its moment; `sending` goes out now, `paused`
not for the time being; `sent` has gone to everybody it was for, `cancelled` goes to nobody any more. Words are changed
in a draft only: what goes out is what was checked.
"""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.models import Event
from newsletter.models.tags import Tag
from omep_site.lib import public, translating
from omep_site.lib.links import languages
from omep_site.lib.rich_text import RichTextField

REQUIRED_TO_SEND = ("subject", "body")  # a language of an issue is complete with these
# An issue that comes due later than that after its moment (the server was off, a backup was restored), or that nobody
# has worked on for so long while it went out, waits for somebody's word.
TOO_LATE = timedelta(hours=2)


class IssueQuerySet(models.QuerySet):
    def public(self):
        """What visitors find in the archive, newest first. The only place that says so."""
        shown = [Issue.Status.SENDING, Issue.Status.PAUSED, Issue.Status.SENT]
        return self.filter(in_archive=True, status__in=shown).exclude(queued_at=None).order_by("-queued_at", "-pk")

    def drafted_for(self, event, kind: str):
        """Drafts about an event, newest first."""
        return self.filter(about=event, kind=kind, status=Issue.Status.DRAFT).order_by("-pk")


class Issue(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        SCHEDULED = "scheduled", _("scheduled")
        SENDING = "sending", _("being sent")
        PAUSED = "paused", _("paused")
        SENT = "sent", pgettext_lazy("letter", "sent")
        CANCELLED = "cancelled", pgettext_lazy("letter", "cancelled")

    class Kind(models.TextChoices):
        LETTER = "letter", _("letter")
        ANNOUNCEMENT = "announcement", _("announcement of an event")
        CHANGE = "change", _("notice of a change")

    class Hold(models.TextChoices):
        """Why it is paused."""

        EDITOR = "editor", _("somebody paused it")
        LATE = "late", _("its moment passed while nothing was sent, and it waits for your word")
        REFUSED = "refused", _("the mail server refuses what we send")
        RESTORED = "restored", _("it comes from a backup, and may have gone out since")
        FAULT = "fault", _("the letter could not be made: tell whoever looks after the site")

    source_language = translating.source_language_field()
    subject = models.CharField(pgettext_lazy("mail", "subject"), max_length=200, blank=True)
    summary = models.CharField(
        _("first line"),
        max_length=200,
        blank=True,
        help_text=_("Many mail programmes show it beside the subject. The letter itself does not."),
    )
    body = RichTextField(_("text"), blank=True)
    made_from = models.JSONField(default=dict, editable=False)  # omep_site.lib.translating
    kind = models.CharField(
        pgettext_lazy("letter", "kind"), max_length=12, choices=Kind, default=Kind.LETTER, editable=False
    )
    # What an announcement or a notice of a change is about, and what had changed ("moved", "postponed", "cancelled").
    about = models.ForeignKey(
        Event, on_delete=models.SET_NULL, null=True, editable=False, related_name="issues_about_it"
    )
    change = models.CharField(max_length=12, blank=True, editable=False)
    drafted = models.CharField(
        max_length=64, blank=True, editable=False
    )  # newsletter.drafts: the words as we wrote them
    events = models.ManyToManyField(Event, through="newsletter.IssueEvent", verbose_name=_("events"), blank=True)

    only_language = models.CharField(
        _("readers"),
        max_length=12,
        blank=True,
        help_text=_("Each reader gets the letter in their own language."),
    )
    tags = models.ManyToManyField(
        Tag, verbose_name=_("groups"), blank=True, help_text=_("None chosen: every subscriber.")
    )
    # Said when it was sent off: should its groups be deleted meanwhile, it is for nobody, and not for everybody.
    to_groups_only = models.BooleanField(default=False, editable=False)
    incomplete = models.BooleanField(
        _("send although a language is missing"),
        default=False,
        help_text=_("Readers of the missing language then get the other one, and are told so."),
    )
    in_archive = models.BooleanField(
        _("show it in the archive"), default=True, help_text=_("Everybody can then read it on the site.")
    )

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    hold = models.CharField(max_length=10, choices=Hold, blank=True, editable=False)
    hold_detail = models.CharField(max_length=300, blank=True, editable=False)  # what a mail server said
    send_at = models.DateTimeField(_("goes out"), null=True, editable=False)
    queued_at = models.DateTimeField(null=True, editable=False)  # when its readers were written down, and its words
    readers = models.PositiveIntegerField(_("readers"), null=True, editable=False)  # how many those were
    worked_on_at = models.DateTimeField(null=True, editable=False)  # when a worker last looked after it
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = _("issue")
        verbose_name_plural = _("issues")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "send_at"], name="newsletter_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="scheduled") | Q(send_at__isnull=False), name="newsletter_scheduled_has_a_moment"
            )
        ]

    def __str__(self):
        return self.subject or str(_("Letter without a subject"))

    def save(self, **kwargs):
        translating.note(self, self.source_language)
        super().save(**kwargs)

    # Languages

    def missing_in(self, language: str) -> list[str]:
        """Names of the fields that this language still needs."""
        return translating.missing_in(self, REQUIRED_TO_SEND, language)

    def complete_languages(self) -> list[str]:
        return [language for language in languages() if not self.missing_in(language)]

    def may_go_out(self) -> bool:
        """Whether its words are there in every language, or in one and somebody agreed to go without the others."""
        complete = self.complete_languages()
        return bool(complete) and (len(complete) == len(languages()) or self.incomplete)

    # Lifecycle

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def waits_whole(self) -> bool:
        """Whether it is paused before anybody's letter was written, and its moment is over, or nobody knows whether."""
        return (
            self.status == self.Status.PAUSED
            and not self.queued_at
            and self.hold in (self.Hold.LATE, self.Hold.RESTORED)
        )

    def is_public(self) -> bool:
        """`IssueQuerySet.public()` for one row."""
        return Issue.objects.public().filter(pk=self.pk).exists()

    def schedule(self, at) -> bool:
        """From draft to scheduled, where it may go out and nobody has saved it since it was read."""
        as_read, also = Q(updated_at=self.updated_at), {"send_at": at, "to_groups_only": self.tags.exists()}
        return self.may_go_out() and self._move([self.Status.DRAFT], self.Status.SCHEDULED, as_read, **also)

    def send_now(self) -> bool:
        """From draft or scheduled, as `schedule`, to being sent; the worker does it."""
        now, as_read = timezone.now(), Q(updated_at=self.updated_at)
        also = {"send_at": now, "worked_on_at": now}
        if self.is_draft:
            also["to_groups_only"] = self.tags.exists()
        old = [self.Status.DRAFT, self.Status.SCHEDULED]
        return self.may_go_out() and self._move(old, self.Status.SENDING, as_read, **also)

    def come_due(self) -> bool:
        """From scheduled to being sent at its moment; to paused where that is long ago."""
        now = timezone.now()
        due = Q(send_at__lte=now)
        if self._move(
            [self.Status.SCHEDULED], self.Status.SENDING, Q(send_at__gt=now - TOO_LATE), due, worked_on_at=now
        ):
            return True
        self._move([self.Status.SCHEDULED], self.Status.PAUSED, Q(send_at__lte=now - TOO_LATE), hold=self.Hold.LATE)
        return False

    def change_again(self) -> bool:
        """Back to draft, while nobody's letter was written."""
        old = [self.Status.SCHEDULED, self.Status.SENDING, self.Status.PAUSED]
        return self._move(old, self.Status.DRAFT, Q(queued_at=None), send_at=None, hold="", to_groups_only=False)

    def pause(self, hold: str = Hold.EDITOR, detail: str = "") -> bool:
        return self._move([self.Status.SENDING], self.Status.PAUSED, hold=hold, hold_detail=detail[:300])

    def go_on(self) -> bool:
        """From paused to being sent."""
        also = {"hold": "", "hold_detail": "", "worked_on_at": timezone.now()}
        return self._move([self.Status.PAUSED], self.Status.SENDING, **also)

    def reopen(self) -> bool:
        """From sent back to being sent, because some are to be tried again."""
        also = {"finished_at": None, "worked_on_at": timezone.now()}
        return self._move([self.Status.SENT], self.Status.SENDING, **also)

    def cancel(self) -> bool:
        """Nobody gets it any more, except those whose letter is on its way at this moment."""
        old = [self.Status.SCHEDULED, self.Status.SENDING, self.Status.PAUSED]
        with transaction.atomic():
            moved = self._move(old, self.Status.CANCELLED, hold="", finished_at=timezone.now())
            if moved:
                self.deliveries.still_to_send().update(status="cancelled")
        return moved

    def finish(self) -> bool:
        """From being sent to sent, once nobody waits for it."""
        with transaction.atomic():
            open_ones = self.deliveries.still_to_send() | self.deliveries.filter(status="sending")
            return not open_ones.exists() and self._move(
                [self.Status.SENDING], self.Status.SENT, ~Q(queued_at=None), finished_at=timezone.now()
            )

    def keep_in_archive(self, shown: bool) -> bool:
        """Whether everybody finds it on the site: a letter that went out is changed in nothing else."""
        with transaction.atomic():
            changed = Issue.objects.filter(pk=self.pk).exclude(in_archive=shown).update(in_archive=shown)
            if changed:
                public.bump()
        self.in_archive = shown
        return bool(changed)

    def _move(self, old, new, *conditions, **also) -> bool:
        also |= {"status": new, "updated_at": timezone.now()}
        with transaction.atomic():
            moved = Issue.objects.filter(*conditions, pk=self.pk, status__in=old).update(**also)
            if moved:
                public.bump()  # the archive
        if moved:
            for field, value in also.items():
                setattr(self, field, value)
        return bool(moved)


class IssueEvent(models.Model):
    """An event that a letter presents, by a card in each reader's language."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="cards")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, verbose_name=_("event"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "event"], name="newsletter_event_once_in_an_issue")]

    def __str__(self):
        return str(self.event)


class IssueContent(models.Model):
    """What went out in one language, kept as it was when the readers were written down."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="contents")
    language = models.CharField(max_length=12)  # of the readers; the words may be another's (`Issue.incomplete`)
    words_in = models.CharField(max_length=12)  # the language of the words
    subject = models.TextField()  # longer than typed: typography adds spaces
    html = models.TextField()  # with marks where each reader's own links go (newsletter.letters)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issue", "language"], name="newsletter_content_once")]
