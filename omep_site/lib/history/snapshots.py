"""A row as it stood at one moment, with the rows that belong to it; and what differs between two such moments."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from modeltranslation.fields import TranslationField

from omep_site.lib.history.rich import formatting, readable
from omep_site.lib.rich_text import RichTextField


class Unreadable(Exception):
    """The version was stored in a form that today's model cannot read."""


@dataclass(frozen=True)
class Kept:
    """A model whose versions are kept."""

    model: type[models.Model]
    rows: tuple[str, ...]  # relations to the rows that belong to it; each to a model of its own
    stays: tuple[str, ...]  # columns that bringing a version back leaves as they are
    words: Mapping[str, Callable[[Any], str]]  # how a value is said, where its field alone does not know
    zone: str  # the column that names the zone of its hours; "" where it has none

    def model_of(self, relation: str) -> type[models.Model]:
        return self.model._meta.get_field(relation).related_model if relation else self.model

    @property
    def relations(self) -> dict[str, type[models.Model]]:
        """By name, in the order in which they are told: "" is the row itself."""
        return {each: self.model_of(each) for each in ("", *map(self._query_name, self.rows))}

    def _query_name(self, accessor: str) -> str:
        """`eventpartner_set` is how Python calls what the model's options call `eventpartner`."""
        return next(
            each.name for each in self.model._meta.related_objects if accessor in (each.get_accessor_name(), each.name)
        )

    def manager(self, obj: models.Model, relation: str):
        return getattr(obj, self.model._meta.get_field(relation).get_accessor_name())


@dataclass(frozen=True)
class Row:
    model: type[models.Model]
    pk: Any
    values: dict[str, Any]  # by field name; of a foreign key, the key

    @property
    def place(self) -> tuple:
        return self.values.get("position", 0), self.pk


@dataclass(frozen=True)
class Snapshot:
    row: Row
    rows: dict[str, list[Row]] = field(default_factory=dict)  # a relation that was not kept then is not there


def read_row(serialized: str, model: type[models.Model], pk: str) -> Row:
    """What django-reversion stored as JSON; a field that is gone since is left out. Raises Unreadable."""
    try:
        [stored] = json.loads(serialized)
        values = {}
        for name, value in stored["fields"].items():
            try:
                values[name] = model._meta.get_field(name).to_python(value)
            except FieldDoesNotExist:
                continue
        return Row(model, model._meta.pk.to_python(pk), values)
    except (AttributeError, KeyError, TypeError, ValueError, ValidationError) as error:
        raise Unreadable from error


# --- What an editor sees of a row ------------------------------------------------------------------------------------


def shown_fields(model: type[models.Model], parent: type[models.Model] | None = None) -> list[models.Field]:
    """Those that an editor writes: no bookkeeping, no place in an order, no link to the row that it belongs to."""
    translated = {each.translated_field.name for each in model._meta.fields if isinstance(each, TranslationField)}
    return [
        each
        for each in model._meta.fields
        if each.editable
        and not each.primary_key
        and each.name != "position"
        and each.name not in translated
        and not (each.is_relation and each.related_model is parent)
    ]


def seen(of: models.Field, value: Any) -> Any:
    """What is to be seen of a value: two that are seen alike are no change."""
    if isinstance(of, RichTextField):
        return readable(value or ""), formatting(value or "")
    if isinstance(value, datetime):
        return value.replace(second=0, microsecond=0)  # a form gives minutes
    return "" if value is None else value


# --- Differences -----------------------------------------------------------------------------------------------------

CHANGED, ADDED, REMOVED, MOVED = "changed", "added", "removed", "moved"
STANDS = "stands"  # in one version, which is compared with no other


@dataclass(frozen=True)
class Difference:
    kind: str
    row: Row
    relation: str  # "" for the row itself
    place: int  # from 1, among the rows of its relation; where it was removed, the place that it had
    field: models.Field | None = None  # None: the row as a whole, with nothing in it or at another place
    old: Any = None
    new: Any = None
    was: int = 0  # of a row that moved, the place that it had


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    found = list(_of_row(old.row, new.row))
    parent = new.row.model
    for relation in [each for each in new.rows if each in old.rows]:
        found += _of_rows(old.rows[relation], new.rows[relation], relation, parent)
    return found


def contents(snapshot: Snapshot) -> list[Difference]:
    """All that stands in one version."""
    model = snapshot.row.model
    found = list(_of_row(Row(model, None, {}), snapshot.row, STANDS))
    for relation, rows in snapshot.rows.items():
        for place, row in enumerate(rows, start=1):
            found += _of_row(Row(row.model, None, {}), row, STANDS, relation, place, model)
    return found


def _of_row(old: Row, new: Row, kind: str = CHANGED, relation: str = "", place: int = 0, parent=None):
    row = old if kind == REMOVED else new
    for each in shown_fields(row.model, parent):
        if kind == CHANGED and not (each.name in old.values and each.name in new.values):
            continue  # one of the two versions is older or younger than the field
        before, after = old.values.get(each.name), new.values.get(each.name)
        if kind != CHANGED and not (before or after):
            continue
        if seen(each, before) != seen(each, after):
            yield Difference(kind, row, relation, place, each, before, after)


def _of_rows(old: list[Row], new: list[Row], relation: str, parent) -> Iterable[Difference]:
    old_places = {row.pk: place for place, row in enumerate(old, start=1)}
    new_places = {row.pk: place for place, row in enumerate(new, start=1)}
    moved = {row.pk for row in new} - _in_order([each.pk for each in old], [each.pk for each in new])
    before = {row.pk: row for row in old}
    for row in new:
        place = new_places[row.pk]
        if row.pk not in before:
            nothing = Row(row.model, row.pk, {})
            yield from _of_row(nothing, row, ADDED, relation, place, parent)
            continue
        yield from _of_row(before[row.pk], row, CHANGED, relation, place, parent)
        if row.pk in moved:
            yield Difference(MOVED, row, relation, place, was=old_places[row.pk])
    for row in old:
        if row.pk not in new_places:
            yield from _of_row(row, Row(row.model, row.pk, {}), REMOVED, relation, old_places[row.pk], parent)


def _in_order(old: list, new: list) -> set:
    """The keys that follow each other in both lists as they did; new keys count as in order."""
    old = [each for each in old if each in new]
    common = [each for each in new if each in old]
    blocks = SequenceMatcher(None, old, common, autojunk=False).get_matching_blocks()
    stayed = {each for block in blocks for each in common[block.b : block.b + block.size]}
    return stayed | (set(new) - set(common))
