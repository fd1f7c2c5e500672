"""Subjects as the readers of one language meet them."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Subject
from events.reading import Phrase, phrase
from omep_site.lib.folding import fold
from omep_site.lib.links import languages, path_in


@dataclass(frozen=True)
class Topic:
    subject: Subject
    language: str

    @property
    def name(self) -> Phrase:
        return phrase(self.subject, "name", self.language)

    @property
    def slug(self) -> str:
        """In another language where this one has none; "" where no language has one."""
        return phrase(self.subject, "slug", self.language).text

    @property
    def slugs(self) -> set[str]:
        """All that lead to it, whichever the language."""
        return {slug for code in languages() if (slug := getattr(self.subject, in_language("slug", code)))}

    @property
    def path(self) -> str:
        """The list of its events."""
        return f"{path_in(self.language, 'events:list')}?{urlencode({'subject': self.slug})}"


def topics(subjects: Iterable[Subject], language: str) -> list[Topic]:
    """In the order of their names; a subject without a name or an address is not shown."""
    found = [Topic(subject, language) for subject in subjects]
    return sorted((each for each in found if each.name and each.slug), key=lambda each: fold(each.name.text))
