"""Which words of a row stand in which language, and whether a translation still says what its source says.

A row is written in one language first, its source. In a JSON field named `made_from` it keeps, for each translated
field, what each language said when the row was last saved, and what two languages said when they last agreed:

    {"title": {"seen": {"en": "<digest>", "fr": "<digest>"}, "en|fr": ["<digest>", "<digest>"]}}

A translation agrees with its source when somebody has worked on it, or has said that it still stands. Once either of
the two says something else, it is out of date. Which of them is the source may change: what did not agree before does
not agree after. All is seen when the row is saved (`note`), so that the admin, a command and a shell keep the same
record. An update that goes past `save()` is seen at the next save.
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
    """The translated fields that somebody writes words into; an address or a file has no source that it was made from."""
    translated = translator.get_options_for_model(model).fields
    not_words = (models.SlugField, models.URLField, models.FileField)
    return [
        each.name
        for each in model._meta.fields
        if each.name in translated and each.editable and not isinstance(each, not_words)
    ]


def digest(text: str | None) -> str:
    """Of the words alone: a heading made bold, or one space for two, asks nobody to translate again."""
    words = " ".join(unescape(strip_tags(text or "")).split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def note(row: models.Model, source: str, still_right: Iterable[str] = ()) -> None:
    """Call before a row is saved: writes down which translations agree with their source.

    `still_right` names columns (such as "title_en") that somebody has compared with the source and left as they are.
    """
    made_from = {}
    for field in words_of(type(row)):
        digests = {code: digest(text) for code in languages() if (text := getattr(row, in_language(field, code)))}
        if not digests:
            continue
        old = row.made_from.get(field, {})
        seen = old.get("seen", {})
        made_from[field] = {name: agreed for name, agreed in old.items() if set(name.split("|")) <= set(digests)}
        made_from[field]["seen"] = digests
        for code in digests.keys() - {source}:
            worked_on = seen.get(code) != digests[code] or in_language(field, code) in still_right
            if source in digests and (worked_on or _pair(code, source) not in old):
                made_from[field][_pair(code, source)] = [digests[each] for each in sorted((code, source))]
    row.made_from = made_from


def _pair(one: str, other: str) -> str:
    return "|".join(sorted((one, other)))


def state(row: models.Model, field: str, language: str, source: str, required: bool = False) -> State | None:
    """None where no language has anything and nothing is required: there is nothing to translate."""
    if not getattr(row, in_language(field, language)):
        asked = required or any(getattr(row, in_language(field, other)) for other in languages())
        return State.MISSING if asked else None
    # A translation whose source was emptied has nothing to be compared with: it is the source that is missing.
    if language != source and getattr(row, in_language(field, source)):
        agreed = row.made_from.get(field, {}).get(_pair(language, source))
        now = [digest(getattr(row, in_language(field, each))) for each in sorted((language, source))]
        if agreed and agreed != now:
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
