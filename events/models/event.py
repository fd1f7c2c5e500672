"""An event.

The lifecycle of its page is one status. `draft` is nobody's but the editors'; `published` is public from `publish_at`
on, in each language whose title, slug, summary and body are all filled. What happens to the event itself (it moves, it
is cancelled) is another field, after schema.org's eventStatus.
"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events import changes, search
from events.calendar_digest import note_change
from events.choices import ZONES
from omep_site.lib import former_addresses, public, translating
from omep_site.lib.links import languages
from omep_site.lib.rich_text import RichTextField

REQUIRED_TO_READ = ("title", "slug", "summary", "body")  # a language of an event is complete with these
JOIN_EARLY = timedelta(minutes=15)  # before its start an event online lets people in
KEPT_IN_CALENDARS = timedelta(days=365)  # after its end; whoever subscribes then still finds what was


class EventQuerySet(models.QuerySet):
    def complete_in(self, language: str):
        return self.filter(translating.complete_in(REQUIRED_TO_READ, language))

    def published(self, now=None):
        """What is public at this moment, in at least one language. The only place that says so for many rows."""
        somewhere = translating.complete_somewhere(REQUIRED_TO_READ)
        return self.filter(somewhere, status=Event.Status.PUBLISHED, publish_at__lte=now or timezone.now())

    def coming(self, now=None):
        """Not ended yet, soonest first; what is postponed without a date comes last."""
        waits = Q(event_status=Event.EventStatus.POSTPONED)
        return (
            self.filter(Q(ends_at__gt=now or timezone.now()) | waits)
            .alias(waits=models.Case(models.When(waits, then=1), default=0))
            .order_by("waits", "starts_at", "pk")
        )

    def past(self, now=None):
        """Ended, latest first."""
        ended = self.filter(ends_at__lte=now or timezone.now())
        return ended.exclude(event_status=Event.EventStatus.POSTPONED).order_by("-starts_at", "-pk")

    def coming_first(self, now=None):
        """`coming()` and then `past()`, each in its order."""
        now = now or timezone.now()
        waits = Q(event_status=Event.EventStatus.POSTPONED)
        part = models.Case(models.When(waits, then=1), models.When(ends_at__lte=now, then=2), default=0)
        starts = models.Case(models.When(Q(ends_at__gt=now) | waits, then="starts_at"))  # nothing for what is past
        return self.alias(part=part, starts=starts).order_by("part", "starts", "-starts_at", "-pk")

    def in_calendars(self, now=None):
        """What a calendar that subscribes holds, soonest first: what is cancelled or postponed too, at the date that it
        had. The clock takes the oldest out; no page needs to hear of it (`next_change`)."""
        return self.filter(ends_at__gt=(now or timezone.now()) - KEPT_IN_CALENDARS).order_by("starts_at", "pk")


class Event(models.Model):
    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        PUBLISHED = "published", _("published")

    class EventStatus(models.TextChoices):
        """schema.org/EventStatusType."""

        PLANNED = "planned", _("takes place as announced")
        POSTPONED = "postponed", _("postponed, new date unknown")
        MOVED = "moved", _("moved to another date")
        CANCELLED = "cancelled", _("cancelled")

    class AttendanceMode(models.TextChoices):
        """schema.org/EventAttendanceModeEnumeration."""

        ONLINE = "online", _("online")
        ON_SITE = "on_site", _("on site")
        BOTH = "both", _("on site and online")

    source_language = translating.source_language_field()
    title = models.CharField(_("title"), max_length=200, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=100,
        blank=True,
        null=True,
        help_text=_("The last part of the page’s address. Leave it empty and it is made from the title."),
    )
    summary = models.TextField(
        _("announcement"),
        blank=True,
        max_length=600,
        help_text=_("One or two sentences that open the page and present the event in lists and search engines."),
    )
    body = RichTextField(
        _("invitation"), blank=True, help_text=_("The text of the page: why to come, what to expect, whom to invite.")
    )
    event_status = models.CharField(
        _("event status"),
        max_length=10,
        choices=EventStatus,
        default=EventStatus.PLANNED,
        help_text=_("Anything but the first is written at the top of the page and in all lists."),
    )
    attendance_mode = models.CharField(
        _("how people take part"), max_length=10, choices=AttendanceMode, default=AttendanceMode.ONLINE
    )
    place = models.CharField(
        _("where"),
        max_length=200,
        blank=True,
        help_text=_("The place as the page says it, for example “Bologna, Italy”. An event online needs none."),
    )

    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    timezone = models.CharField(
        _("time zone"),
        max_length=64,
        choices=list(ZONES.items()),
        default="Europe/Paris",
        help_text=_("Start and end are hours of this zone; the page says so."),
    )
    previous_starts_at = models.DateTimeField(
        _("first announced for"),
        null=True,
        blank=True,
        help_text=_("The page of an event that moved says for when it was announced before."),
    )
    all_day = models.BooleanField(
        _("days only"), default=False, help_text=_("The page shows the days and no hours, as for a conference.")
    )

    registration_url = models.URLField(
        _("registration link"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Where people register: the page shows a button that leads there."),
    )
    registration_label = models.CharField(
        _("text of the registration button"),
        max_length=80,
        blank=True,
        help_text=_("What the button says, for example “Register on the UNESCO site”."),
    )
    registration_closes_at = models.DateTimeField(
        _("registration closes"),
        null=True,
        blank=True,
        help_text=_(
            "From this moment on the page has no registration button. Left empty, it closes when the event ends."
        ),
    )
    interpretation_languages = models.JSONField(_("interpretation"), default=list, blank=True)
    conference_url = models.URLField(
        _("link to take part online"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_(
            "The page shows it shortly before the event begins, and calendars have it. Everybody can then use it: leave "
            "it empty where only people who registered may come in."
        ),
    )
    cities = models.JSONField(_("hours elsewhere"), default=list, blank=True)  # keys of events.choices.ZONES

    subjects = models.ManyToManyField(
        "events.Subject", through="events.EventSubject", verbose_name=_("subjects"), blank=True
    )

    strategies_title = models.CharField(
        _("words above the strategies"), max_length=200, blank=True, help_text=_("Left empty: “Strategies”.")
    )
    objectives_title = models.CharField(
        _("words above the objectives"), max_length=200, blank=True, help_text=_("Left empty: “Objectives”.")
    )
    credit = models.CharField(
        _("source and licence"),
        max_length=300,
        blank=True,
        help_text=_("Whose words the page quotes, and under which licence. Shown in small letters under the text."),
    )

    recording_url = models.URLField(
        _("recording"),
        max_length=500,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text=_("Where the recording can be seen. Where one language has none, its page leads to the other’s."),
    )
    transcript = RichTextField(
        _("transcript"),
        blank=True,
        help_text=_("What was said, in writing: for people who cannot hear the recording, and for search engines."),
    )

    partners = models.ManyToManyField(
        "events.Partner", through="events.EventPartner", verbose_name=_("partners"), blank=True
    )

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        help_text=_("Leave it empty to publish at once. A later moment keeps the page hidden until then."),
    )
    publish_incomplete = models.BooleanField(_("publish although a language is missing"), default=False)

    made_from = models.JSONField(default=dict, editable=False)  # omep_site.lib.translating
    # {"fr": "filled", "en": "missing"}: `completeness.overview`, kept so that lists can ask for it.
    language_states = models.JSONField(default=dict, editable=False)

    # Folded words of the page, one column for each language: events.search.
    search_words = models.TextField(blank=True, default="", editable=False)

    # What calendars know an event by (RFC 5545, 3.8.4.7 and 3.8.7): its name for ever, and how often it has changed.
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    calendar_digest = models.CharField(max_length=32, default="", editable=False)
    calendar_changed_at = models.DateTimeField(null=True, editable=False)

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["status", "publish_at"]), models.Index(fields=["ends_at"])]
        constraints = [
            # Not `unique=True`: on a translated field it would also bind the base column, which holds whichever
            # language was saved last.
            *(
                models.UniqueConstraint(fields=[in_language("slug", code)], name=f"event_slug_{code}_unique")
                for code, _name in settings.LANGUAGES
            ),
            models.CheckConstraint(condition=Q(ends_at__gte=models.F("starts_at")), name="event_ends_after_its_start"),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(publish_at__isnull=False), name="event_published_has_a_moment"
            ),
        ]

    def __str__(self):
        return self.title or str(_("Untitled event"))

    def save(self, *, tell=True, **kwargs):
        """`tell=False` where nobody needs to hear that its date is another one: the demo's example moves every week."""
        translating.note(self, self.source_language)
        for column, words in search.words_of(self).items():
            setattr(self, column, words)
        with transaction.atomic(), former_addresses.noted(self):
            before = note_change(self)
            super().save(**kwargs)
            if tell:
                changes.tell(before, self)

    # Languages

    def missing_in(self, language: str) -> list[str]:
        """Names of the fields that this language still needs to be public."""
        return translating.missing_in(self, REQUIRED_TO_READ, language)

    def complete_languages(self) -> list[str]:
        return [language for language in languages() if not self.missing_in(language)]

    # Lifecycle

    def is_published(self, now=None) -> bool:
        """`EventQuerySet.published()` for one row."""
        moment = now or timezone.now()
        return self.status == self.Status.PUBLISHED and self.publish_at <= moment and bool(self.complete_languages())

    def has_ended(self, now=None) -> bool:
        """An event without a new date has not ended, whatever the old one was."""
        return not self.is_postponed and self.ends_at <= (now or timezone.now())

    @property
    def is_postponed(self) -> bool:
        return self.event_status == self.EventStatus.POSTPONED

    @property
    def is_cancelled(self) -> bool:
        return self.event_status == self.EventStatus.CANCELLED

    def takes_registrations(self, now=None) -> bool:
        now = now or timezone.now()
        over = self.registration_closes_at is not None and self.registration_closes_at <= now
        return bool(self.registration_url) and not (
            over or self.is_postponed or self.is_cancelled or self.has_ended(now)
        )

    def publish(self, at=None) -> bool:
        """From draft to published: from the moment given, else from the one that is planned, else at once. False where
        it was published already, or where no language is complete, or where one is not and nobody agreed to go without
        it."""
        complete = self.complete_languages()
        if not complete or (len(complete) < len(languages()) and not self.publish_incomplete):
            return False
        now = timezone.now()
        planned = self.publish_at if self.publish_at and self.publish_at > now else now
        return self._move(self.Status.DRAFT, self.Status.PUBLISHED, publish_at=at or planned)

    def withdraw(self) -> bool:
        """From published back to draft."""
        return self._move(self.Status.PUBLISHED, self.Status.DRAFT)

    def _move(self, old, new, **also) -> bool:
        moved = Event.objects.filter(pk=self.pk, status=old).update(status=new, updated_at=timezone.now(), **also)
        if moved:
            self.refresh_from_db()
            public.bump()
        return bool(moved)
