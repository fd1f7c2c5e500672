"""The addresses of events: free ones, made from titles.

An address is compared in every language: a page that is not translated stands under another language's address.
"""

from django.db.models import Q
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Event
from omep_site.lib.links import languages
from omep_site.lib.text import ascii_slug


def is_taken(slug: str, event: Event) -> bool:
    """Whether another event has exactly this address, in any language."""
    return bool(_others(slug, event, ""))


def free_address(title: str, language: str, event: Event) -> str:
    """An address for `event` that no other has: from its title, with a number where that one is taken."""
    wanted = ascii_slug(title) or f"event-{language}"
    taken = _others(wanted, event, "__startswith")
    names = [wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 2))]
    return next(name for name in names if name not in taken)


def _others(slug: str, event: Event, lookup: str) -> set[str]:
    columns = [in_language("slug", language) for language in languages()]
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}{lookup}": slug})
    rows = Event.objects.exclude(pk=event.pk).filter(found).values_list(*columns)
    return {each for row in rows for each in row if each}
