"""What stands in each language of an event: every field and row of its page, filled, missing or to be checked.

The event's form, its list and the first page of the admin all tell it from here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from modeltranslation.utils import build_localized_fieldname as in_language

from events import search
from events.models import REQUIRED_TO_READ, Event
from omep_site.lib.links import languages
from omep_site.lib.translating import State, missing_in, overall, states

WORDS_NEEDED = tuple(name for name in REQUIRED_TO_READ if name != "slug")  # an address is made from the title
ROWS = ("strategies", "objectives", "speakers", "pictures", "documents")


@dataclass(frozen=True)
class Item:
    """One text of an event in one language."""

    label: str
    state: State
    anchor: str  # the id of its field in the event's form
    required: bool  # without it, nobody can read the event in this language


@dataclass(frozen=True)
class Report:
    """An event in one language."""

    language: str
    items: list[Item]

    @property
    def state(self) -> State:
        return overall(item.state for item in self.items)

    def having(self, state: State) -> list[Item]:
        return [item for item in self.items if item.state == state]

    @property
    def missing(self) -> list[Item]:
        return self.having(State.MISSING)

    @property
    def out_of_date(self) -> list[Item]:
        return self.having(State.OUT_OF_DATE)

    @property
    def is_readable(self) -> bool:
        return not any(item.required for item in self.missing)


def reports(event: Event) -> list[Report]:
    """One for each language. Reads the event's rows: prefetch them for many events."""
    return [Report(language, list(_items(event, language))) for language in languages()]


def overview(event: Event) -> dict[str, str]:
    """What `Event.language_states` holds."""
    return {report.language: report.state.value for report in reports(event)}


def keep_overview(event: Event) -> None:
    """Call when an event and its rows are saved: writes down what stands in each language, and what it is found by."""
    stored = Event.objects.prefetch_related(*dict.fromkeys([*ROWS, *search.ROWS])).get(pk=event.pk)
    found = {"language_states": overview(stored)} | search.words_of(stored)
    changed = {name: value for name, value in found.items() if getattr(event, name) != value}
    if changed:
        Event.objects.filter(pk=event.pk).update(**changed)
        for name, value in changed.items():
            setattr(event, name, value)


def lacking(event: Event) -> dict[str, list[str]]:
    """The languages in which nobody can read it, each with the fields that it lacks."""
    found = {language: missing_in(event, WORDS_NEEDED, language) for language in languages()}
    return {language: fields for language, fields in found.items() if fields}


def _items(event: Event, language: str) -> Iterator[Item]:
    source = event.source_language
    for field, state in states(event, language, source, WORDS_NEEDED).items():
        name = str(event._meta.get_field(field).verbose_name)
        yield Item(name, state, f"id_{in_language(field, language)}", field in WORDS_NEEDED)
    for relation in ROWS if event.pk else ():  # before it is saved, it has no rows
        for index, row in enumerate(getattr(event, relation).all()):
            needed = ("alt",) if relation == "pictures" and not row.decorative else ()
            for field, state in states(row, language, source, needed).items():
                anchor = f"id_{relation}-{index}-{in_language(field, language)}"
                name = _("{row} {number}").format(row=str(row._meta.verbose_name), number=index + 1)
                if field in ("role", "alt", "caption"):
                    name = f"{name} ({row._meta.get_field(field).verbose_name})"
                yield Item(name, state, anchor, False)
