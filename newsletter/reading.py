"""A letter that went out, as readers of the archive meet it in one language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname as in_language

from events.reading import InALanguage, Phrase
from events.reading import Reading as EventReading
from events.when import Tile, one_date, tile
from newsletter.composing import cards_of
from newsletter.models import Issue
from omep_site.lib.links import Translation, languages, path_in


@dataclass(frozen=True)
class Reading(InALanguage):
    issue: Issue
    wanted: str  # the language of the page
    shown: str  # the language of the words

    @property
    def subject(self) -> Phrase:
        return self._phrase("subject")

    @property
    def summary(self) -> Phrase:
        return self._phrase("summary")

    @property
    def body(self) -> Phrase:
        return self._phrase("body")

    def _phrase(self, field: str) -> Phrase:
        return Phrase(getattr(self.issue, in_language(field, self.shown)) or "", self.shown)

    @property
    def cards(self) -> list[EventReading]:
        return cards_of(self.issue, self.wanted)

    @property
    def day(self) -> date:
        """When it went out, in the site's zone."""
        return timezone.localtime(self.issue.queued_at).date()

    @property
    def day_in_words(self) -> str:
        return one_date(timezone.localtime(self.issue.queued_at))

    @property
    def tile(self) -> Tile:
        return tile(self.issue.queued_at, self.issue.queued_at, settings.TIME_ZONE)

    @property
    def path(self) -> str:
        return path_of(self.issue, self.wanted)

    @property
    def canonical(self) -> str:
        """The page that this one is a copy of, or its own path."""
        return path_of(self.issue, self.shown)

    @property
    def translations(self) -> list[Translation]:
        complete = self.issue.complete_languages()
        return [Translation(code, path_of(self.issue, code), code in complete) for code in languages()]


def read(issue: Issue, wanted: str) -> Reading:
    """In `wanted` where it is written in it, else in the first language that it is written in."""
    complete = issue.complete_languages()
    return Reading(issue, wanted, wanted if wanted in complete else (complete or [wanted])[0])


def read_all(issues: Iterable[Issue], wanted: str) -> list[Reading]:
    return [read(issue, wanted) for issue in issues]


def path_of(issue: Issue, language: str) -> str:
    return path_in(language, "newsletter:issue", number=issue.pk)
