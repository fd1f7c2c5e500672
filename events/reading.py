"""An event as the readers of one language meet it: which language its words are in, and every value of its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy
from modeltranslation.utils import build_localized_fieldname as in_language

from events.choices import LANGUAGE_NAMES
from events.models import Event
from events.phases import Phase, lets_people_in, phase_of
from events.when import City, Tile, When, elsewhere, hour, one_date, short, tile, when
from omep_site.lib.links import Translation, languages, path_in
from omep_site.lib.typography import typeset

SHORTLY = {
    Event.EventStatus.POSTPONED: pgettext_lazy("event", "postponed"),
    Event.EventStatus.MOVED: pgettext_lazy("event", "new date"),
    Event.EventStatus.CANCELLED: pgettext_lazy("event", "cancelled"),
}


@dataclass(frozen=True)
class Phrase:
    """A text and the language that it is in."""

    text: str
    language: str

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def printed(self) -> str:
        """As its language prints it, where there is no markup."""
        return typeset(self.text, self.language)


class InALanguage:
    """Something for readers of one language, in the words of the same or another."""

    wanted: str  # the language of the page
    shown: str  # the language of its words

    @property
    def is_fallback(self) -> bool:
        return self.shown != self.wanted

    @property
    def shown_name(self) -> str:
        """The language of the words, as it is called in a sentence: “French”, « français »."""
        return name_languages([self.shown])

    @property
    def wanted_name(self) -> str:
        return name_languages([self.wanted])


@dataclass(frozen=True)
class Reading(InALanguage):
    event: Event
    wanted: str  # the language of the page
    shown: str  # the language of the event's words
    when: When
    has_ended: bool
    takes_registrations: bool
    phase: Phase
    lets_people_in: bool

    @property
    def path(self) -> str:
        return path_of(self.event, self.wanted)

    @property
    def slug(self) -> str:
        """The last part of its address; of another language where this one is missing."""
        return slug_of(self.event, self.wanted)

    @property
    def translations(self) -> list[Translation]:
        """The event's page in each language of the site; those in which it is not written are not public."""
        complete = self.event.complete_languages()
        return [Translation(code, path_of(self.event, code), code in complete) for code in languages()]

    @property
    def canonical(self) -> str:
        """The page that this one is a copy of, or its own path."""
        return path_of(self.event, self.shown)

    @property
    def title(self) -> Phrase:
        return phrase(self.event, "title", self.shown)

    @property
    def summary(self) -> Phrase:
        return phrase(self.event, "summary", self.shown)

    @property
    def body(self) -> Phrase:
        return phrase(self.event, "body", self.shown)

    @property
    def place(self) -> Phrase:
        return phrase(self.event, "place", self.shown)

    @property
    def attendance(self) -> str:
        """“Online”, “On site and online”; "" where the place says it already."""
        mode = self.event.get_attendance_mode_display()
        mode = mode[:1].upper() + mode[1:]
        if not self.place:
            return mode
        on_site = self.event.attendance_mode == Event.AttendanceMode.ON_SITE
        return "" if on_site or self.place.text.strip().casefold() == mode.casefold() else mode

    @property
    def badge(self) -> str:
        """What a list says of the event in a word or two: “cancelled”, “now”; "" for what is simply to come or past."""
        said = self.phase in (Phase.LIVE, Phase.OPEN, Phase.RECORDED)
        return self.became or (str(self.phase.label) if said else "")

    @property
    def is_badge_good(self) -> bool:
        return not self.became

    @property
    def tile(self) -> Tile:
        return tile(self.event.starts_at, self.event.ends_at, self.event.timezone)

    @property
    def short(self) -> str:
        return short(self.event.starts_at, self.event.ends_at, self.event.timezone, self.event.all_day)

    @property
    def is_off(self) -> bool:
        """Whether the date that it has holds no longer: lists strike it out beside the badge."""
        return self.event.is_postponed or self.event.is_cancelled

    @property
    def has_hour(self) -> bool:
        """Whether it is told when it begins elsewhere: not for whole days, nor for what has no date or is over."""
        return not (self.event.all_day or self.has_ended or self.is_off)

    @property
    def universal(self) -> str:
        """“12:30 UTC”."""
        return f"{hour(self.event.starts_at.astimezone(UTC))}\xa0UTC"

    @property
    def state(self) -> str:
        """A sentence on what has come of the event since it was announced; "" before it begins."""
        if self.phase == Phase.LIVE:
            return _("This event is taking place now.")
        return _("This event has ended.") if self.has_ended and not self.event.is_cancelled else ""

    @property
    def elsewhere(self) -> list[City]:
        """Its hour in other cities."""
        if not self.has_hour:
            return []
        return elsewhere(self.event.starts_at, self.event.timezone, self.event.cities)

    @property
    def became(self) -> str:
        """What became of the event, in a word for lists: “cancelled”; "" for one that takes place as announced."""
        planned = self.event.event_status == Event.EventStatus.PLANNED
        return "" if planned else str(SHORTLY[self.event.event_status])

    @property
    def became_sentence(self) -> str:
        if self.event.is_cancelled:
            return _("This event is cancelled.")
        if self.event.is_postponed:
            return _("This event is postponed. Its new date will be announced here.")
        if self.event.event_status == Event.EventStatus.MOVED and self.event.previous_starts_at:
            earlier = self.event.previous_starts_at.astimezone(ZoneInfo(self.event.timezone))
            return format_html(
                _("This event has a new date. It was first announced for {date}."), date=one_date(earlier)
            )
        return _("This event has a new date.") if self.became else ""

    @property
    def registration_closes(self) -> str:
        """“Monday 6 December 2021, 13:30”, « lundi 6 décembre 2021 à 13 h 30 », in the event's zone; "" where registration
        closes with the event."""
        if not self.event.registration_closes_at:
            return ""
        moment = self.event.registration_closes_at.astimezone(ZoneInfo(self.event.timezone))
        return format_html(
            pgettext("a moment within a sentence", "{day}, {hour}"), day=one_date(moment), hour=hour(moment)
        )

    @property
    def registration_label(self) -> Phrase:
        return phrase(self.event, "registration_label", self.shown) or Phrase(_("Register for this event"), self.wanted)

    @property
    def strategies_title(self) -> Phrase:
        return phrase(self.event, "strategies_title", self.shown) or Phrase(_("Strategies"), self.wanted)

    @property
    def objectives_title(self) -> Phrase:
        return phrase(self.event, "objectives_title", self.shown) or Phrase(_("Objectives"), self.wanted)

    @property
    def credit(self) -> Phrase:
        return phrase(self.event, "credit", self.shown)

    @property
    def strategies(self) -> list[Phrase]:
        return phrases(self.event.strategies.all(), self.shown)

    @property
    def objectives(self) -> list[Phrase]:
        return phrases(self.event.objectives.all(), self.shown)

    @property
    def interpretation(self) -> str:
        """“English and French”; "" where nobody interprets."""
        return name_languages(self.event.interpretation_languages)


def read(event: Event, wanted: str, now=None) -> Reading:
    """The event for readers of `wanted`, in the language that they are shown."""
    shown = shown_language(event, wanted)
    moments = when(event.starts_at, event.ends_at, event.timezone, event.all_day)
    return Reading(
        event,
        wanted,
        shown,
        moments,
        event.has_ended(now),
        event.takes_registrations(now),
        phase_of(event, now),
        lets_people_in(event, now),
    )


def shown_language(event: Event, wanted: str) -> str:
    """`wanted` if the event is complete in it, else the first language that is."""
    complete = event.complete_languages()
    return wanted if wanted in complete else (complete or [wanted])[0]


def read_all(events: Iterable[Event], wanted: str, now=None) -> list[Reading]:
    return [read(event, wanted, now) for event in events]


def path_of(event: Event, wanted: str) -> str:
    """The address of the event's page in one language; under another language's slug where that one is missing."""
    return path_in(wanted, "events:detail", slug=slug_of(event, wanted))


def calendar_path_of(event: Event, wanted: str) -> str:
    """The event for calendars, under the same slug."""
    return path_in(wanted, "events:event_calendar", slug=slug_of(event, wanted))


def slug_of(event: Event, wanted: str) -> str:
    return getattr(event, in_language("slug", shown_language(event, wanted))) or "-"


def phrase(row, field: str, language: str) -> Phrase:
    """A translated field in `language`, or in the first other language that has it."""
    for code in [language, *languages()]:
        text = getattr(row, in_language(field, code))
        if text:
            return Phrase(text, code)
    return Phrase("", language)


def phrases(rows, language: str) -> list[Phrase]:
    return [words for row in rows if (words := phrase(row, "text", language))]


def name_languages(codes: Iterable[str]) -> str:
    """“English and French”, as they are called in a sentence."""
    return enumerate_words([str(LANGUAGE_NAMES.get(code, code)) for code in codes])


def enumerate_words(words: list[str]) -> str:
    """“English”, “English and French”, “English, French and Spanish”."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} and {last}").format(first=", ".join(words[:-1]), last=words[-1])
