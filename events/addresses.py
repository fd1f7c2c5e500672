"""The addresses of events and subjects: free ones, made from titles and names.

An address is compared in every language: a page that is not translated stands under another language's address.
"""

from django.db.models import Model, Q
from modeltranslation.utils import build_localized_fieldname as in_language

from omep_site.lib.links import languages
from omep_site.lib.text import ascii_slug

ROOM_FOR_A_NUMBER = 10  # characters


def is_taken(slug: str, row: Model) -> bool:
    """Whether another row of its kind has exactly this address, in any language."""
    return bool(_others(slug, row, ""))


def free_address(title: str, language: str, row: Model) -> str:
    """An address for the row that no other of its kind has or had: from its title, with a number where that one is
    taken. What another had before still leads to it, and should go on doing so."""
    longest = row._meta.get_field("slug").max_length - ROOM_FOR_A_NUMBER
    wanted = ascii_slug(title, longest) or f"{row._meta.model_name}-{language}"
    taken = _others(wanted, row, "__startswith") | _former(wanted, row)
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def _others(slug: str, row: Model, lookup: str) -> set[str]:
    columns = [in_language("slug", language) for language in languages()]
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}{lookup}": slug})
    rows = type(row)._default_manager.exclude(pk=row.pk).filter(found).values_list(*columns)
    return {each for slugs in rows for each in slugs if each}


def _former(slug: str, row: Model) -> set[str]:
    """Former addresses of others that begin with this one; rows of some kinds have none."""
    relation = next((each for each in row._meta.related_objects if each.get_accessor_name() == "old_addresses"), None)
    if relation is None:
        return set()
    notes = relation.related_model._default_manager.exclude(**{relation.field.name: row.pk})
    return set(notes.filter(slug__startswith=slug).values_list("slug", flat=True))
