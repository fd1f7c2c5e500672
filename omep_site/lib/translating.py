"""Which words of a row stand in which language, and whether a translation still says what its source says.

A row is written in one language first, its source. For every translation, the row keeps what it was made from, in a
JSON field named `made_from`:

    {"title_en": ["<digest of the French title>", "<digest of the English title>"]}

When the source's digest is another one than the kept one, the translation is out of date. When the translation's own
digest is another one, somebody has worked on it since, and it counts as made from today's source. Both are seen when
the row is saved (`note`), so that the admin, a command and a shell keep the same record. An update that goes past
`save()` is seen at the next save.
"""

import hashlib
import operator
from collections.abc import Iterable
from functools import cache, reduce
from html import unescape

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modeltranslation.translator import translator
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages


class State(models.TextChoices):
    FILLED = "filled", _("filled")
    MISSING = "missing", _("missing")
    OUT_OF_DATE = "out_of_date", _("to be checked")


def source_language_field() -> models.CharField:
    """The language that a row is written in first."""
    return models.CharField(
        _("written first in"),
        max_length=12,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
        help_text=_(
            "The other languages are translated from this one. When its words change, their translations are marked "
            "“to be checked” until somebody has looked at them."
        ),
    )


# --- Complete languages: those in which every field that readers need is filled --------------------------------------


def complete_in(fields: Iterable[str], language: str) -> Q:
    """The rows that are complete in one language, for a queryset's filter."""
    filled = Q()
    for field in fields:
        column = in_language(field, language)
        filled &= Q(**{f"{column}__isnull": False}) & ~Q(**{column: ""})
    return filled


def complete_somewhere(fields: Iterable[str]) -> Q:
    return reduce(operator.or_, (complete_in(fields, language) for language in languages()))


def missing_in(row: models.Model, fields: Iterable[str], language: str) -> list[str]:
    """`complete_in` for one row: the names of the fields that are empty in this language."""
    return [field for field in fields if not getattr(row, in_language(field, language))]


# --- The record of what each translation was made from ---------------------------------------------------------------


@cache
def words_of(model: type[models.Model]) -> list[str]:
    """The translated fields that hold words; an address or a file has no source that it was made from."""
    translated = translator.get_options_for_model(model).fields
    not_words = (models.SlugField, models.URLField, models.FileField)
    return [each.name for each in model._meta.fields if each.name in translated and not isinstance(each, not_words)]


def digest(text: str | None) -> str:
    """Of the words alone: a heading made bold, or one space for two, asks nobody to translate again."""
    words = " ".join(unescape(strip_tags(text or "")).split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def note(row: models.Model, source: str, still_right: Iterable[str] = ()) -> None:
    """Call before a row is saved: writes down what each translation was made from.

    `still_right` names columns (such as "title_en") that somebody has compared with the source and left as they are.
    """
    made_from = {}
    for field in words_of(type(row)):
        original = digest(getattr(row, in_language(field, source)))
        for language in languages():
            column = in_language(field, language)
            text = getattr(row, column)
            if language == source or not text:
                continue
            kept = row.made_from.get(column)
            if kept and kept[1] == digest(text) and column not in still_right:
                made_from[column] = kept
            else:
                made_from[column] = [original, digest(text)]
    row.made_from = made_from


def state(row: models.Model, field: str, language: str, source: str, required: bool = False) -> State | None:
    """None where no language has anything and nothing is required: there is nothing to translate."""
    if not getattr(row, in_language(field, language)):
        asked = required or any(getattr(row, in_language(field, other)) for other in languages())
        return State.MISSING if asked else None
    kept = row.made_from.get(in_language(field, language))
    original = getattr(row, in_language(field, source))
    # A translation whose source was emptied has nothing to be compared with: it is the source that is missing.
    if language != source and original and kept and kept[0] != digest(original):
        return State.OUT_OF_DATE
    return State.FILLED


def states(row: models.Model, language: str, source: str, required: Iterable[str] = ()) -> dict[str, State]:
    """Field by field, those that have a state, in the model’s order."""
    found = {name: state(row, name, language, source, name in required) for name in words_of(type(row))}
    return {name: each for name, each in found.items() if each}


def overall(found: Iterable[State]) -> State:
    """The state of many: missing before out of date before filled."""
    found = set(found)
    return next((each for each in (State.MISSING, State.OUT_OF_DATE) if each in found), State.FILLED)
