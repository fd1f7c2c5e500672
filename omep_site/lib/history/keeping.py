"""Storing versions, and reading them again."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import reversion
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop
from modeltranslation.fields import TranslationField
from reversion.models import Version

from omep_site.lib.history.snapshots import Kept, Snapshot, Unreadable, differences, read_row

# What was done, as a message that each reader reads in their own language.
SAVED = gettext_noop("Saved.")
ADDED = gettext_noop("Added.")
AS_IT_WAS = gettext_noop("As it was before.")

_kept: dict[type[models.Model], Kept] = {}


def columns(model: type[models.Model]) -> list[str]:
    """The names of a model's own columns, key left out; of a translated field, one for each language."""
    translated = {each.translated_field.name for each in model._meta.fields if isinstance(each, TranslationField)}
    return [each.name for each in model._meta.fields if not each.primary_key and each.name not in translated]


def keep(model: type[models.Model], rows=(), stays=(), words=None, zone: str = "") -> None:
    """Keeps the versions of a model with the rows behind the relations `rows`, each to a model of its own.

    `stays` names columns that bringing a version back leaves as they are, `words` how the value of a field is said
    (a function by the field's name), `zone` the column that names the zone of the row's hours.
    """
    kept = _kept[model] = Kept(model, tuple(rows), tuple(stays), words or {}, zone)
    for relation, child in kept.relations.items():
        if relation:
            reversion.register(child, fields=columns(child))
    reversion.register(model, fields=columns(model), follow=rows)


def kept_of(model: type[models.Model]) -> Kept:
    return _kept[model]


def versions_of(model: type[models.Model], pk) -> models.QuerySet[Version]:
    """Newest first."""
    return Version.objects.get_for_object_reference(model, str(pk)).select_related("revision__user").order_by("-pk")


# --- Storing ---------------------------------------------------------------------------------------------------------


def record(obj: models.Model, user: AbstractBaseUser | None = None, sentence: str = SAVED, at=None, **details) -> bool:
    """Stores what the database says of `obj` now. False where the last version shows the same: then there is no new
    one, and the last one takes over what does not show, such as which text a translation was made from.

    `sentence` is a message (gettext_noop) that names `details`; `moment` among them is given as ISO 8601.
    """
    model = type(obj)
    with transaction.atomic():
        before = last_entry(model, obj.pk)
        with reversion.create_revision(manage_manually=True):
            reversion.add_to_revision(model._default_manager.get(pk=obj.pk))  # as it is stored, nothing remembered
            reversion.set_user(user)
            reversion.set_date_created(at or timezone.now())
            names = [name for name in kept_of(model).relations if name]
            reversion.set_comment(json.dumps({"sentence": sentence, "rows": names, **details}))
        if before is None or before.snapshot is None:
            return True
        now = last_entry(model, obj.pk)
        if differences(before.snapshot, now.snapshot):
            return True
        # The row's own version stays: its key is in the addresses of pages that somebody may have open.
        before.version.serialized_data = now.version.serialized_data
        before.version.save(update_fields=["serialized_data"])
        before.version.revision.version_set.exclude(pk=before.version.pk).delete()
        now.version.revision.version_set.exclude(pk=now.version.pk).update(revision=before.version.revision)
        now.version.revision.delete()
        return False


def as_it_was(obj: models.Model) -> bool:
    """Call before an editor's change: whatever stands there and is in no version yet, because it was written before
    versions were kept or by a command, is stored first. Its moment is that of the row's last
    change, where the row knows it."""
    last, at = last_entry(type(obj), obj.pk), None
    if hasattr(obj, "updated_at"):
        at = type(obj)._default_manager.values_list("updated_at", flat=True).get(pk=obj.pk)
        at = max(at, last.at) if last else at
    return record(obj, sentence=AS_IT_WAS, at=at)


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One version in a history; without a snapshot where it cannot be read any more."""

    version: Version
    snapshot: Snapshot | None

    @property
    def at(self) -> datetime:
        return self.version.revision.date_created

    @property
    def user(self):
        return self.version.revision.user

    @cached_property
    def note(self) -> dict:
        """What `record` wrote down."""
        return _note(self.version)


def _note(version: Version) -> dict:
    try:
        note = json.loads(version.revision.comment)
    except ValueError:
        note = None
    return note if isinstance(note, dict) else {"sentence": version.revision.comment}


def entries(versions: Iterable[Version], model: type[models.Model]) -> list[Entry]:
    """The versions with what they hold: one query for all of them."""
    versions = list(versions)
    kept = kept_of(model)
    parts = defaultdict(list)
    for part in Version.objects.filter(revision__in={each.revision_id for each in versions}).order_by("pk"):
        parts[part.revision_id].append(part)
    return [Entry(each, _snapshot(each, parts[each.revision_id], kept)) for each in versions]


def last_entry(model: type[models.Model], pk) -> Entry | None:
    return next(iter(entries(versions_of(model, pk)[:1], model)), None)


def _snapshot(version: Version, parts: list[Version], kept: Kept) -> Snapshot | None:
    kinds = {ContentType.objects.get_for_model(model).pk: relation for relation, model in kept.relations.items()}
    then = _note(version).get("rows", kept.relations)
    found = {relation: [] for relation in kept.relations if relation in then}
    try:
        for part in parts:
            relation = kinds.get(part.content_type_id)
            if relation in found and relation:
                found[relation].append(read_row(part.serialized_data, kept.relations[relation], part.object_id))
        row = read_row(version.serialized_data, kept.model, version.object_id)
    except Unreadable:
        return None
    rows = {relation: sorted(rows, key=lambda row: row.place) for relation, rows in found.items() if relation}
    return Snapshot(row, rows)
