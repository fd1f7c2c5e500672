"""The words of a draft that the site writes itself: to announce an event, and to tell of a change.

Each language's are written in that language. What we wrote is remembered as a digest, so that words which nobody has
touched may be written anew, and an editor's never are.
"""

import hashlib
import json
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.html import escape, format_html, strip_tags
from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events.changes import CANCELLED, MOVED, POSTPONED, Change
from events.models import Event
from events.reading import Reading, read
from events.when import hour, one_date, zone_name
from newsletter.models import Issue, IssueEvent
from omep_site.lib.links import languages

LONGEST = Issue._meta.get_field("subject").max_length
PLAIN_SPACES = str.maketrans({"\xa0": " ", "\u202f": " "})
WORDS = ("subject", "summary", "body")


def announcement_of(event: Event) -> Issue:
    """A draft that is stored, in each language in which the event can be read."""
    issue = Issue(kind=Issue.Kind.ANNOUNCEMENT, about=event, source_language=event.source_language)
    for language in event.complete_languages():
        with translation.override(language):
            reading = read(event, language)
            write(issue, language, reading.title.text, format_html("<p>{}</p>", reading.summary.text))
    return store(issue, event)


def notice_of(event: Event, change: Change, issue: Issue | None = None) -> Issue:
    """A draft that is stored, in every language: whoever planned to come must hear of it, also where the event's page is
    not translated. `issue` is one to be written anew."""
    issue = issue or Issue(kind=Issue.Kind.CHANGE, about=event, source_language=event.source_language)
    issue.change = change.what
    for language in languages():
        with translation.override(language):
            reading = read(event, language)
            write(issue, language, _subject(change.what).format(event=reading.title.text), _body(reading, change))
    return store(issue, event)


def _subject(what: str) -> str:
    return {
        MOVED: _("New date: {event}"),
        POSTPONED: _("Postponed: {event}"),
        CANCELLED: _("Cancelled: {event}"),
    }[what]


def _body(reading: Reading, change: Change) -> str:
    event, title = reading.event, escape(reading.title.text)
    zone = ZoneInfo(event.timezone)
    earlier = event.previous_starts_at if change.what == MOVED and event.previous_starts_at else change.starts_at
    before = _moment(earlier.astimezone(zone), event)
    if change.what == MOVED:
        now = _moment(event.starts_at.astimezone(zone), event)
        sentence = _("“{event}” has a new date: {now}. It was announced for {before}.").format(
            event=title, now=now, before=before
        )
    elif change.what == POSTPONED:
        sentence = _(
            "“{event}” is postponed. It was announced for {before}. We will tell you the new date as soon as it is known."
        ).format(event=title, before=before)
    else:
        sentence = _("“{event}” is cancelled. It was announced for {before}. We are sorry.").format(
            event=title, before=before
        )
    return f"<p>{sentence}</p>"


def _moment(local, event: Event) -> str:
    day = strip_tags(one_date(local))
    if event.all_day:
        return day
    # Translators: a moment within a sentence: “Monday 6 December 2021, 13:30 (Paris time)”.
    return _("{day}, {hour} ({zone})").format(day=day, hour=hour(local), zone=zone_name(event.timezone))


# --- Storing ----------------------------------------------------------------------------------------------------------


def write(issue: Issue, language: str, subject: str, body: str) -> None:
    short = subject if len(subject) <= LONGEST else subject[: LONGEST - 1] + "…"
    for field, words in (("subject", short), ("summary", ""), ("body", body)):
        # As an editor would type it: letters are set in print when they are read.
        setattr(issue, in_language(field, language), words.translate(PLAIN_SPACES))


def store(issue: Issue, event: Event) -> Issue:
    for language in languages():
        column = in_language("body", language)
        setattr(
            issue, column, Issue._meta.get_field("body").sanitize(getattr(issue, column) or "")
        )  # as it is read again
    issue.drafted = digest(issue)
    issue.save()
    IssueEvent.objects.get_or_create(issue=issue, event=event, defaults={"position": 1})
    return issue


def is_untouched(issue: Issue) -> bool:
    """Whether its words are still those that we wrote."""
    return issue.drafted == digest(issue)


def digest(issue: Issue) -> str:
    words = [getattr(issue, in_language(field, language)) or "" for field in WORDS for language in languages()]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()
