"""The rules of commenting, as data: one row for the site, and one for each event that has rules of its own.

A row says only what differs: an empty field of an event's row means “as on the whole site”, and an empty field of the
site's row means what `Rules` says here.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models import Event
from omep_site.lib import public
from omep_site.lib.database import Prepared, slot

MOST_LEVELS = 5


class Hold(models.TextChoices):
    """Which comments wait for an editor."""

    ALL = "all", _("every comment")
    FIRST = "first", _("those of people of whom no comment was approved yet, and those in which something was noticed")
    NOTICED = "noticed", _("those in which something was noticed")


class Opening(models.TextChoices):
    """Whether comments can be written."""

    OPEN = "open", _("always")
    DAYS = "days", _("until so many days after the event’s end")
    CLOSED = "closed", _("not any more")


@dataclass(frozen=True)
class Rules:
    """The rules in force for one event, with their defaults. Each field is a column of `Policy`."""

    hold: str = Hold.ALL.value
    opening: str = Opening.OPEN.value
    closes_after: int = 90  # days after the event's end, where `opening` says days
    levels: int = 3  # of a conversation; 1 lets nobody reply
    page_size: int = 20  # comments
    newest_first: bool = False
    per_minute: int = 5  # comments from one network
    per_hour: int = 30
    min_seconds: int = 3  # between the first key in the form and its sending; less is a machine
    repeat_minutes: int = 10  # within which the same words are a repetition
    links_to_hold: int = 2  # so many links are worth a look …
    links_to_spam: int = 8  # … and so many are spam; 0: never
    hold_words: str = ""  # one in a line
    spam_words: str = ""
    spam_days: int = 30  # then spam is deleted
    trash_days: int = 30
    reports_to_hold: int = 3  # so many readers' reports take a comment off the page; 0: never

    def closes_at(self, event: Event) -> datetime | None:
        """The moment from which no comment is taken; None where there is none, or where it was always so."""
        if self.opening != Opening.DAYS or event.is_postponed:
            return None
        return event.ends_at + timedelta(days=self.closes_after)

    def is_open(self, event: Event, now=None) -> bool:
        closes_at = self.closes_at(event)
        return self.opening != Opening.CLOSED and (closes_at is None or closes_at > (now or timezone.now()))

    @property
    def words_that_hold(self) -> list[str]:
        return _lines(self.hold_words)

    @property
    def words_of_spam(self) -> list[str]:
        return _lines(self.spam_words)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _number(name, lowest: int, highest: int, help_text=""):
    validators = [MinValueValidator(lowest), MaxValueValidator(highest)]
    return models.PositiveSmallIntegerField(name, null=True, blank=True, validators=validators, help_text=help_text)


class PolicyQuerySet(models.QuerySet):
    def in_force(self, event: Event | None = None) -> Rules:
        """One query. Without an event: the rules of the site."""
        return rules_of(event.pk if event else 0)


class Policy(models.Model):
    event = models.OneToOneField(
        Event,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="comment_policy",
        verbose_name=_("event"),
        help_text=_("These rules hold for this event alone."),
    )
    hold = models.CharField(
        _("comments that wait"),
        max_length=10,
        choices=Hold,
        null=True,
        blank=True,
        help_text=_(
            "Waiting comments are shown to nobody until an editor approves them. Whoever is known is recognised by a "
            "confirmed e-mail address."
        ),
    )
    opening = models.CharField(_("comments can be written"), max_length=10, choices=Opening, null=True, blank=True)
    closes_after = _number(_("days after the event’s end"), 0, 3650)
    levels = _number(
        _("levels of a conversation"),
        1,
        MOST_LEVELS,
        _("With 1, nobody can reply. Replies below the last level are indented no further."),
    )
    page_size = _number(_("comments on a page"), 5, 200)
    newest_first = models.BooleanField(
        _("order"),
        null=True,
        blank=True,
        choices=[(False, _("oldest conversation first")), (True, _("newest conversation first"))],
    )
    per_minute = _number(_("comments from one network in a minute"), 1, 1000)
    per_hour = _number(_("comments from one network in an hour"), 1, 10000)
    min_seconds = _number(
        _("seconds to write"), 0, 60, _("A form that is filled in faster than this was filled in by a machine.")
    )
    repeat_minutes = _number(_("minutes in which the same words are a repetition"), 0, 1440)
    links_to_hold = _number(_("links that are worth a look"), 1, 100)
    links_to_spam = _number(_("links that are spam"), 0, 100, _("With 0, links alone never are."))
    hold_words = models.TextField(
        _("words that are worth a look"),
        blank=True,
        help_text=_("One in a line. A comment in which one occurs waits; accents and capitals make no difference."),
    )
    spam_words = models.TextField(
        _("words of spam"),
        blank=True,
        help_text=_("One in a line. A comment in which one occurs is put aside as spam; nothing is deleted."),
    )
    spam_days = _number(_("days until spam is deleted"), 1, 3650)
    trash_days = _number(_("days until the trash is emptied"), 1, 3650)
    reports_to_hold = _number(
        _("reports that take a comment off the page"), 0, 100, _("It then waits for an editor. With 0, none do.")
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name = _("rules of commenting")
        verbose_name_plural = _("rules of commenting")
        constraints = [
            models.UniqueConstraint(Coalesce("event", Value(0)), name="comments_one_policy_for_the_site_or_an_event")
        ]

    def __str__(self):
        if self.event_id is None:
            return gettext("Rules of the whole site")
        return gettext("Rules for “%(event)s”") % {"event": self.event}

    def save(self, **kwargs):
        with transaction.atomic():
            super().save(**kwargs)
            public.bump()

    def delete(self, **kwargs):
        with transaction.atomic():
            public.bump()
            return super().delete(**kwargs)

    def said(self) -> dict:
        """What this row says, by the names of `Rules`."""
        return said({name: getattr(self, name) for name in NAMES})


NAMES = [field.name for field in fields(Rules)]


def said(values: dict) -> dict:
    return {name: value for name, value in values.items() if value not in (None, "")}


def of_site_and_event():
    rows = Policy.objects.filter(Q(event=None) | Q(event=slot("event")))
    return rows.order_by(F("event").asc(nulls_first=True)).values(*NAMES)


IN_FORCE = Prepared(of_site_and_event)


def rules_of(event_id: int) -> Rules:
    """`PolicyQuerySet.in_force` for the number of an event, or of none."""
    rules = {}
    for row in IN_FORCE.rows(event=event_id):
        rules |= said(row)
    return Rules(**rules)


# --- For pages: the rows are few, and remembered until the content version moves ------------------------------------

_remembered: tuple[int, dict[int | None, dict]] | None = None  # what each row says, by its event


def known() -> dict[int | None, dict]:
    global _remembered
    remembered, number = _remembered, public.base_version()
    if remembered is None or remembered[0] != number:
        remembered = _remembered = (number, {row.event_id: row.said() for row in Policy.objects.all()})
    return remembered[1]


def rules_of_page(event: Event) -> Rules:
    """The rules in force, as far as a page for everybody needs them. Who stores something asks `in_force`."""
    said = known()
    return Rules(**said.get(None, {}) | said.get(event.pk, {}))


def next_closing(after) -> datetime | None:
    """When comments close next by the clock, on any public event. No query where no rule asks for it, else one."""
    rows = known().copy()
    site = rows.pop(None, {})
    days = [
        rules.closes_after for said in [{}, *rows.values()] if (rules := Rules(**site | said)).opening == Opening.DAYS
    ]
    if not days:
        return None
    events = Event.objects.published(after).filter(ends_at__gt=after - timedelta(days=max(days)))
    events = events.only("pk", "ends_at", "event_status")
    moments = [Rules(**site | rows.get(event.pk, {})).closes_at(event) for event in events]
    return min((moment for moment in moments if moment and moment > after), default=None)
