"""Searching events: which words each holds in one language, and which events hold the words that somebody typed.

An event keeps its words in a column for each language, folded (omep_site.lib.folding): each word once, as it is written
and, where that differs, in the singular, with a space before and after it. No model is imported here, so that the
models can call it.
"""

import re
from collections.abc import Iterable, Iterator
from html import unescape
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Q
from django.utils.html import strip_tags
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.folding import fold
from omep_site.lib.links import languages

MOST_CHARACTERS = 100  # of what somebody typed; the rest is not looked at
MOST_WORDS = 8
WHOLE_BELOW = 4  # letters: shorter words are found whole only, or “jeu” would find every “jeune”
# Words that say nothing of what is looked for, as they are folded. They count only where nothing else was typed.
LITTLE_WORDS = {
    "fr": "a au aux avec ce ces d dans de des du en et l la le les ou par pour qu que s sur un une",
    "en": "a an and at by for from in of on or s the to with",
}
LITTLE = {word for words in LITTLE_WORDS.values() for word in words.split()}
ROWS = ("strategies", "objectives", "speakers", "partners", "subjects")  # of an event, whose words are its own
BREAK = re.compile(r"</?(?:p|h2|h3|ul|ol|li|br)\b[^>]*>")  # words on its two sides are two


# --- What an event holds ---------------------------------------------------------------------------------------------


def words_of(event: models.Model) -> dict[str, str]:
    """By column. A language that is not complete holds nothing: what nobody can read is not found either.

    Reads the event's rows in each language: prefetch them.
    """
    shown = event.complete_languages()
    return {
        in_language("search_words", language): indexed(texts_of(event, language), language) if language in shown else ""
        for language in languages()
    }


def refresh(events: models.QuerySet) -> None:
    """Writes down anew what events hold, after something that they share was renamed or deleted."""
    for event in events.prefetch_related(*ROWS):
        changed = {name: words for name, words in words_of(event).items() if getattr(event, name) != words}
        if changed:
            type(event)._default_manager.filter(pk=event.pk).update(**changed)


def indexed(texts: Iterable[str], language: str) -> str:
    """The column: "" for no words, else each word once, between spaces."""
    plain = fold(" ".join(texts)).split()
    words = dict.fromkeys([*plain, *fold(" ".join(plain), language).split()])
    return f" {' '.join(words)} " if words else ""


def texts_of(event: models.Model, language: str) -> Iterator[str]:
    """What the page in `language` says, in another language where it falls back to that."""
    for field in ("title", "summary", "place"):
        yield _said(event, field, language)
    yield unescape(strip_tags(BREAK.sub(" ", _said(event, "body", language))))
    for moment in (event.starts_at, event.ends_at):
        yield str(moment.astimezone(ZoneInfo(event.timezone)).year)
    if event.pk is None:
        return  # it has no rows yet
    for row in (*event.strategies.all(), *event.objectives.all()):
        yield _said(row, "text", language)
    for row in event.speakers.all():
        yield row.name
        yield _said(row, "role", language)
    for partner in event.partners.all():
        yield partner.name
        yield _said(partner, "full_name", language)
    for subject in event.subjects.all():
        yield _said(subject, "name", language)


def _said(row: models.Model, field: str, language: str) -> str:
    """`events.reading.phrase`, below the models."""
    texts = (getattr(row, in_language(field, code)) for code in (language, *languages()))
    return next((text for text in texts if text), "")


# --- What somebody looks for -----------------------------------------------------------------------------------------


def typed_words(text: str) -> list[str]:
    """The words that are looked for, folded: those that say something, or else all of them."""
    words = list(dict.fromkeys(fold(text[:MOST_CHARACTERS]).split()))
    return ([word for word in words if word not in LITTLE] or words)[:MOST_WORDS]


def matching(text: str) -> Q:
    """The events that hold every word of `text`, each in whichever language. Text without a word finds nothing.

    A word is found whole, in the singular and in the plural, and from four letters on at the beginning of a longer one.
    """
    words = typed_words(text)
    found = Q() if words else Q(pk__in=[])
    for word in words:
        anywhere = Q()
        for language in languages():
            column = in_language("search_words", language)
            beginning = f" {word}" if len(word) >= WHOLE_BELOW else f" {word} "
            anywhere |= Q(**{f"{column}__contains": beginning})
            singular = fold(word, language)
            if singular != word:
                anywhere |= Q(**{f"{column}__contains": f" {singular} "})
        found &= anywhere
    return found
