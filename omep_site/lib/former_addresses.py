"""The addresses that a row had before: noted when its slug changes, so that old links lead on.

For rows with a translated `slug` and, under `old_addresses`, one note for each language and slug. A slug leads to one
row only: whoever has it now, else whoever had it last.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import models, transaction
from django.shortcuts import redirect
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages
from omep_site.lib.public import CACHE_CONTROL


@contextmanager
def noted(row: models.Model) -> Iterator[None]:
    """Save the row within. A slug that it loses is noted as its own; one that it takes back is no former one any more.
    Others keep their notes: whoever has a slug and is public is found before them, and a draft may lose it again. Asks
    the database what the row was, because the one in hand may have been read by another save."""
    now = slugs_of(row)
    before = {} if row._state.adding else _stored(row)
    if before == now:
        yield
        return
    with transaction.atomic():
        yield
        notes, whose = row.old_addresses.model.objects, {row.old_addresses.field.name: row}
        for code in languages():
            if before.get(code) == now[code]:
                continue
            row.old_addresses.filter(language=code, slug=now[code]).delete()
            if before.get(code):
                write = notes.update_or_create if row.is_published() else notes.get_or_create
                write(language=code, slug=before[code], defaults=whose)


def slugs_of(row: models.Model) -> dict[str, str | None]:
    """Today's, by language."""
    return {code: getattr(row, in_language("slug", code)) or None for code in languages()}


def _stored(row: models.Model) -> dict[str, str | None]:
    columns = [in_language("slug", code) for code in languages()]
    found = type(row)._default_manager.filter(pk=row.pk).values_list(*columns).first()
    return dict(zip(languages(), found, strict=True)) if found else {}


def had_before(notes: models.QuerySet, slug: str, language: str):
    """Of the notes given, that of this slug in `language`, or else in another one; None where nobody had it."""
    order = [language, *languages()]
    # Notes stay where a site gives a language up.
    return min(notes.filter(slug=slug, language__in=order), key=lambda note: order.index(note.language), default=None)


def lead_on(row: models.Model, slug: str, path: str):
    """To `path`, today's address of what `slug` led to: 301 from a slug that the row had before, 302 from that of another
    language, under which it stands again should its translation go."""
    response = redirect(path, permanent=slug not in slugs_of(row).values())
    # Browsers keep a 301 for ever unless told: once the slug comes back, they would go in a circle.
    response["Cache-Control"] = CACHE_CONTROL
    return response
