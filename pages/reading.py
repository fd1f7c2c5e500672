"""A page as the readers of one language meet it. The rules are those of an event's page (events.reading)."""

import re
from dataclasses import dataclass
from html import unescape

from django.http import Http404
from django.utils.html import strip_tags
from django.utils.text import Truncator
from modeltranslation.utils import build_localized_fieldname as in_language

from events.reading import InALanguage, Phrase, phrase, shown_language
from omep_site.lib import former_addresses
from omep_site.lib.links import Translation, languages, path_in
from omep_site.lib.typography import typeset
from pages.models import OldAddress, Page

END_OF_A_LINE = re.compile("</(?:p|h2|h3|li)>|<br>")


@dataclass(frozen=True)
class PageReading(InALanguage):
    page: Page
    wanted: str  # the language of the reader
    shown: str  # the language of the page's words

    @property
    def slug(self) -> str:
        return getattr(self.page, in_language("slug", self.shown)) or "-"

    @property
    def path(self) -> str:
        return path_in(self.wanted, "pages:page", slug=self.slug)

    @property
    def canonical(self) -> str:
        """The page that this one is a copy of, or its own path."""
        return path_of(self.page, self.shown)

    @property
    def translations(self) -> list[Translation]:
        """The page in each language of the site; those in which it is not written are not public."""
        complete = self.page.complete_languages()
        return [Translation(code, path_of(self.page, code), code in complete) for code in languages()]

    @property
    def title(self) -> Phrase:
        return phrase(self.page, "title", self.shown)

    @property
    def body(self) -> Phrase:
        return phrase(self.page, "body", self.shown)

    @property
    def description(self) -> str:
        """How the page begins, for search engines."""
        spaced = END_OF_A_LINE.sub(" ", self.body.text)  # or it would touch the next
        words = " ".join(unescape(strip_tags(spaced)).split())
        return Truncator(typeset(words, self.body.language)).chars(200)


def read(page: Page, wanted: str) -> PageReading:
    """The page for readers of `wanted`, in the language that they are shown."""
    return PageReading(page, wanted, shown_language(page, wanted))


def path_of(page: Page, wanted: str) -> str:
    """The address of the page in one language; under another language's slug where that one is missing."""
    return read(page, wanted).path


def find(slug: str, language: str) -> PageReading:
    """The published page that has this slug in `language`, or else in another one, or else had it. Raises Http404."""
    for code in [language, *(other for other in languages() if other != language)]:
        page = Page.objects.published().complete_in(code).filter(**{in_language("slug", code): slug}).first()
        if page:
            return read(page, language)
    note = former_addresses.had_before(OldAddress.objects.public().select_related("page"), slug, language)
    if note is None:
        raise Http404(slug)
    return read(note.page, language)
