"""The list of events: what its address asks for, and the addresses that ask for it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events import search
from events.models import Event, Subject
from events.models.event import EventQuerySet
from events.reading import Reading
from events.subjects import Topic
from omep_site.lib.links import Translation, languages, path_in
from omep_site.lib.paging import page_asked
from omep_site.lib.text import BIDI_CONTROLS, has_control

PARAMS = ("q", "year", "subject", "page")
PER_PAGE = 20  # past events


@dataclass(frozen=True)
class Asked:
    """What an address asks for. A value that cannot be one (“year=soon”) was not understood, and asks for nothing."""

    words: str = ""
    year: int | None = None
    subject: Subject | None = None
    unknown: str = ""  # what was given for a subject, and is none that has public events
    page: int = 1

    @property
    def is_filtered(self) -> bool:
        return bool(self.words or self.year or self.subject or self.unknown)

    def among(self, events: EventQuerySet, years: dict[int, list[int]]) -> EventQuerySet:
        """The events that it asks for, of those given; `years` is `by_year` of them."""
        if self.unknown:
            return events.none()
        if self.words:
            events = events.filter(search.matching(self.words))
        if self.year:
            events = events.filter(pk__in=years.get(self.year, []))
        if self.subject:
            events = events.filter(subjects=self.subject.pk)
        return events

    def params(self, language: str) -> dict[str, str]:
        return {
            "q": self.words,
            "year": f"{self.year:04}" if self.year else "",
            "subject": Topic(self.subject, language).slug if self.subject else self.unknown,
            "page": str(self.page) if self.page > 1 else "",
        }

    def path(self, language: str) -> str:
        """The address that asks for this, in one language."""
        given = {name: value for name, value in self.params(language).items() if value}
        return path_in(language, "events:list") + (f"?{urlencode(given)}" if given else "")

    def without(self, name: str) -> "Asked":
        """With one filter less: `words`, `year` or `subject`."""
        gone = {"words": {"words": ""}, "year": {"year": None}, "subject": {"subject": None, "unknown": ""}}
        return replace(self, page=1, **gone[name])

    def on_page(self, number: int) -> "Asked":
        return replace(self, page=number)

    def translations(self) -> list[Translation]:
        """The same list in each language. Answers to a search are not for search engines."""
        return [Translation(code, self.path(code), public=not self.words) for code in languages()]

    def has_a_place(self, query: QueryDict, language: str, years: Iterable[int]) -> bool:
        """Whether the answer may be kept: there is an end to the addresses that are written in this one way, and none
        to searches, to years and subjects that do not exist, and to parameters that come twice."""
        if self.words or self.unknown or (self.year and self.year not in years):
            return False
        return all(query.getlist(name) in ([], [""], [value]) for name, value in self.params(language).items())


def understand(query: QueryDict, topics: Iterable[Topic]) -> Asked:
    """Of a parameter that comes twice, the last one counts. Raises Http404 for a page that is no number."""
    page = page_asked(query, "page")
    year, slug = (query.get(name, "").strip() for name in ("year", "subject"))
    subject = next((each.subject for each in topics if slug in each.slugs), None) if slug else None
    return Asked(
        words=_one_line(query.get("q", "")),
        year=int(year) if re.fullmatch("[1-9][0-9]{3}", year) else None,
        subject=subject,
        unknown="" if subject else _one_line(slug),
        page=page,
    )


def _one_line(text: str) -> str:
    """What is looked at of a typed text, fit to be shown again."""
    shown = "".join(" " if has_control(char) else char for char in text[:1000] if char not in BIDI_CONTROLS)
    return " ".join(shown.split())[: search.MOST_CHARACTERS].rstrip()


def heading(asked: Asked, name: str, page: int = 1) -> str:
    """“Events of 2021: Play”, “Search: “play”, page 2”, as HTML. `name` is the subject's, as text or as safe HTML."""
    if asked.words:
        words = format_html(_("Search: “{words}”"), words=asked.words)
    elif asked.year and name:
        words = format_html(_("Events of {year}: {name}"), year=asked.year, name=name)
    elif asked.year:
        words = format_html(_("Events of {year}"), year=asked.year)
    elif name:
        words = format_html(_("Events: {name}"), name=name)
    else:
        words = escape(_("Events"))
    return format_html(_("{heading}, page {number}"), heading=words, number=page) if page > 1 else words


# --- Years -----------------------------------------------------------------------------------------------------------


def by_year(events: EventQuerySet) -> dict[int, list[int]]:
    """The keys of the events of each year, newest year first. A year is that of the event's start, in its own zone,
    which no database knows."""
    found = defaultdict(list)
    for key, starts_at, zone in events.order_by().values_list("pk", "starts_at", "timezone"):
        found[starts_at.astimezone(ZoneInfo(zone)).year].append(key)
    return dict(sorted(found.items(), reverse=True))


def year_of(event: Event) -> int:
    return event.starts_at.astimezone(ZoneInfo(event.timezone)).year


def in_years(readings: Iterable[Reading]) -> list[tuple[int, list[Reading]]]:
    """The readings under the headings of their years, newest year first, and in their order there."""
    found = defaultdict(list)
    for reading in readings:
        found[year_of(reading.event)].append(reading)
    return sorted(found.items(), reverse=True)


# --- Where nothing was found -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Way:
    """A list that has something in it, and how much."""

    kind: str  # the filter that it does without; "near" for another year
    asked: Asked
    count: int
    path: str

    @property
    def count_in_words(self) -> str:
        return in_words(self.count)


def ways_on(asked: Asked, events: EventQuerySet, years: dict[int, list[int]], language: str) -> list[Way]:
    """What there is with one filter less, and in the nearest year. At most three queries."""

    def way(kind: str, there: Asked, count: int) -> Way:
        return Way(kind, there, count, there.path(language))

    found = []
    if asked.year:
        other_years = by_year(asked.without("year").among(events, years))
        nearest = min(other_years, key=lambda year: (abs(year - asked.year), -year), default=None)
        if nearest:
            found.append(way("near", replace(asked, year=nearest, page=1), len(other_years[nearest])))
        if len(other_years) > 1 and asked.without("year").is_filtered:
            found.append(way("year", asked.without("year"), sum(map(len, other_years.values()))))
    for kind, is_given in (("subject", asked.subject or asked.unknown), ("words", asked.words)):
        there = asked.without(kind)
        if is_given and there.is_filtered and (count := there.among(events, years).count()):
            found.append(way(kind, there, count))
    return found


def in_words(count: int) -> str:
    return ngettext("%(count)d event", "%(count)d events", count) % {"count": count}
