"""What waits for somebody, on the first page of the admin.

One function for each kind of work: it gives its lines to those who may see the list that the line leads to. Whoever
adds work of another kind writes such a function and names it in `KINDS`. Each asks the database a constant number of
questions, however much there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from post_office.models import STATUS

from comments.models import Comment, Report
from events.choices import LANGUAGE_NAMES
from events.models import Event
from events.reading import read
from events.when import hour, one_date, zone_name
from newsletter.models import Issue
from omep_site import condition, condition_admin, gathering
from omep_site.lib.links import languages
from omep_site.lib.translating import State
from omep_site.queued_mail import HELD, REFUSED, WAITING, QueuedMail
from pages.models import Page

MOST_NAMED = 3  # of the events that go out later; the list has them all
DELIVERED_WITHIN = timedelta(
    minutes=10
)  # a mail that is still here after that tells of a worker or server that is away


@dataclass(frozen=True)
class Line:
    count: int
    text: str  # with its count
    url: str  # the list of exactly these
    details: list[str] = field(default_factory=list)
    urgent: bool = False


def lines(request) -> list[Line]:
    return [line for kind in KINDS for line in kind(request) if line.count]


def list_of(request, model: str, **chosen) -> str | None:
    """The address of a list of the admin with these filters; None for who may not see it, or where there is none."""
    app, name = model.split(".")
    known = admin.site._registry.get(apps.all_models[app].get(name))
    if known is None or not known.has_view_or_change_permission(request):
        return None
    try:
        path = reverse(f"admin:{app}_{name}_changelist")
    except NoReverseMatch:
        return None
    return f"{path}?{urlencode(chosen)}" if chosen else path


# --- The kinds of work ----------------------------------------------------------------------------------------------


def comments(request) -> Iterator[Line]:
    url = list_of(request, "comments.comment", status__exact=Comment.Status.PENDING)
    if url:
        count = Comment.objects.filter(status=Comment.Status.PENDING).count()
        text = ngettext("%(count)d comment waits for your decision", "%(count)d comments wait for your decision", count)
        yield Line(count, text % {"count": count}, url)


def reports(request) -> Iterator[Line]:
    """Of comments that are still published: those that reports took off the page are among the waiting ones."""
    url = list_of(request, "comments.comment", status__exact=Comment.Status.APPROVED, reasons="reported")
    if url:
        reported = Comment.objects.filter(pk__in=Report.objects.open().values("comment"))
        count = reported.filter(status=Comment.Status.APPROVED).count()
        text = ngettext(
            "%(count)d published comment was reported by readers",
            "%(count)d published comments were reported by readers",
            count,
        )
        yield Line(count, text % {"count": count}, url)


def translations(request) -> Iterator[Line]:
    """Of coming events only: nobody has to translate what is over."""
    if not list_of(request, "events.event"):
        return
    coming = Event.objects.coming().order_by()
    counts = coming.aggregate(
        **{
            f"{state.value}_{code}": Count("pk", filter=Q(**{f"language_states__{code}": state.value}))
            for code in languages()
            for state in (State.MISSING, State.OUT_OF_DATE)
        }
    )
    for code in languages():
        count = counts[f"{State.MISSING.value}_{code}"]
        text = ngettext(
            "%(count)d coming event lacks something in %(language)s",
            "%(count)d coming events lack something in %(language)s",
            count,
        )
        url = list_of(request, "events.event", language=f"gaps-{code}", when="coming")
        yield Line(count, text % {"count": count, "language": LANGUAGE_NAMES[code]}, url)
        count = counts[f"{State.OUT_OF_DATE.value}_{code}"]
        text = ngettext(
            "%(count)d coming event has texts to check in %(language)s: its original has changed",
            "%(count)d coming events have texts to check in %(language)s: their originals have changed",
            count,
        )
        url = list_of(request, "events.event", language=f"check-{code}", when="coming")
        yield Line(count, text % {"count": count, "language": LANGUAGE_NAMES[code]}, url)


def drafts(request) -> Iterator[Line]:
    url = list_of(request, "events.event", public="draft")
    if url:
        count = Event.objects.filter(status=Event.Status.DRAFT).count()
        text = ngettext("%(count)d event is a draft", "%(count)d events are drafts", count)
        yield Line(count, text % {"count": count}, url)


def going_out(request) -> Iterator[Line]:
    url = list_of(request, "events.event", public="later")
    if url:
        later = Event.objects.filter(status=Event.Status.PUBLISHED, publish_at__gt=timezone.now())
        count = later.count()
        text = ngettext("%(count)d event goes out later", "%(count)d events go out later", count)
        details = [goes_out(event) for event in later.order_by("publish_at", "pk")[:MOST_NAMED]]
        yield Line(count, text % {"count": count}, url, details)


def goes_out(event) -> str:
    """The event and its moment, in the hours of the event's own zone."""
    local = event.publish_at.astimezone(ZoneInfo(event.timezone))
    title = read(event, get_language()).title.text or event
    # Translators: an event, and when it becomes public.
    words = _("{event}: {day}, {hour} ({zone})")
    return format_html(words, event=title, day=one_date(local), hour=hour(local), zone=zone_name(event.timezone))


def letters(request) -> Iterator[Line]:
    if not list_of(request, "newsletter.issue"):
        return
    paused = Q(status=Issue.Status.PAUSED, hold__in=[Issue.Hold.LATE, Issue.Hold.REFUSED, Issue.Hold.RESTORED])
    notice = Q(status=Issue.Status.DRAFT, kind=Issue.Kind.CHANGE)
    counts = Issue.objects.aggregate(paused=Count("pk", filter=paused), notices=Count("pk", filter=notice))
    count = counts["paused"]
    text = ngettext(
        "%(count)d letter has stopped, and waits for your word",
        "%(count)d letters have stopped, and wait for your word",
        count,
    )
    url = list_of(request, "newsletter.issue", status__exact=Issue.Status.PAUSED)
    yield Line(count, text % {"count": count}, url, urgent=True)
    count = counts["notices"]
    text = ngettext(
        "%(count)d notice of a changed event is drafted: read it and send it",
        "%(count)d notices of changed events are drafted: read them and send them",
        count,
    )
    url = list_of(request, "newsletter.issue", kind__exact=Issue.Kind.CHANGE, status__exact=Issue.Status.DRAFT)
    yield Line(count, text % {"count": count}, url)


def mail(request) -> Iterator[Line]:
    if list_of(request, "omep_site.queuedmail"):
        there = QueuedMail.objects.exclude(status=STATUS.sent).with_last_failure().order_by()
        # Not what the server did not take for its address, which anybody can type into a form: where that is about the
        # site itself, the page of its condition says so (gathering.oldest_mail).
        known = Q(failure=None) | ~Q(failure__in=REFUSED)
        counts = there.aggregate(
            failed=Count("pk", filter=Q(status=STATUS.failed) & known),
            held=Count("pk", filter=Q(status=STATUS.failed, failure=HELD)),
            late=Count("pk", filter=Q(status__in=WAITING, created__lt=timezone.now() - DELIVERED_WITHIN) & known),
        )
        count = counts["held"]
        text = ngettext(
            "%(count)d e-mail from a backup waits for your word",
            "%(count)d e-mails from a backup wait for your word",
            count,
        )
        url = list_of(request, "omep_site.queuedmail", status__exact="held")
        yield Line(count, text % {"count": count}, url, urgent=True)
        count = counts["failed"] - counts["held"]
        text = ngettext("%(count)d e-mail could not be delivered", "%(count)d e-mails could not be delivered", count)
        url = list_of(request, "omep_site.queuedmail", status__exact=STATUS.failed)
        yield Line(count, text % {"count": count}, url, urgent=True)
        count = counts["late"]
        text = ngettext(
            "%(count)d e-mail is still waiting to go out", "%(count)d e-mails are still waiting to go out", count
        )
        url = list_of(request, "omep_site.queuedmail", status__exact="waiting")
        yield Line(count, text % {"count": count}, url, urgent=True)


def notices(request) -> Iterator[Line]:
    """What the law asks of every site (pages.models.Page.Kind)."""
    if list_of(request, "pages.page"):
        public = set(Page.objects.published().values_list("kind", flat=True))
        sentences = {
            Page.Kind.LEGAL: _("The legal notice is not public yet"),
            Page.Kind.PRIVACY: _("The privacy notice is not public yet"),
        }
        for kind, sentence in sentences.items():
            yield Line(int(kind not in public), sentence, list_of(request, "pages.page", kind__exact=kind.value))


def the_site_itself(request) -> Iterator[Line]:
    if condition_admin.may_enter(request.user):
        count = len(condition.wrong(gathering.recent_facts()))
        text = ngettext(
            "%(count)d thing is wrong with the site: read what it means",
            "%(count)d things are wrong with the site: read what they mean",
            count,
        )
        yield Line(count, text % {"count": count}, reverse("admin_condition"), urgent=True)


# In the order of the page.
KINDS = [the_site_itself, mail, letters, comments, reports, translations, drafts, going_out, notices]
