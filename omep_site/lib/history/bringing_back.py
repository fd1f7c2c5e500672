"""Making a row, and all that belongs to it, what it was in a version."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from omep_site.lib.history.keeping import columns, kept_of
from omep_site.lib.history.snapshots import Row, Snapshot
from omep_site.lib.history.telling import field_label


class CannotBringBack(Exception):
    """Why not, as a sentence for the editor."""


def bring_back(snapshot: Snapshot, obj: models.Model | None) -> tuple[models.Model, list[str]]:
    """Saves the row as it stood in the snapshot, under its old key, with its rows and their order; rows that came later
    go. Call in a transaction. `obj` is the row as it is now, None where it was deleted.

    Returns the row, and a sentence for each thing that could not come back: an address that is another row's by now, a
    file or a row that is gone. Raises CannotBringBack where nothing can.
    """
    model = snapshot.row.model
    kept = kept_of(model)
    lost: list[str] = []
    row = obj or model(pk=snapshot.row.pk)
    stays = {*kept.stays, *_taken(snapshot.row, row, obj is None, lost)}
    values = _without_lost_files(snapshot.row, lost)
    if values is None:
        raise CannotBringBack(" ".join(lost))
    for name, value in values.items():
        if name not in stays:
            setattr(row, model._meta.get_field(name).attname, value)
    _save(row, force_insert=obj is None)
    for relation, rows in snapshot.rows.items():
        _bring_rows_back(kept.manager(row, relation), row, rows, lost)
    return row, lost


def _save(row: models.Model, force_insert: bool) -> None:
    """Raises CannotBringBack where something else that must be the only one of its kind has come meanwhile."""
    try:
        row.validate_constraints()
        with transaction.atomic():
            row.save(force_insert=force_insert)
    except ValidationError as error:
        raise CannotBringBack(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise CannotBringBack(_("This version does not fit with what stands there now.")) from error


def _taken(then: Row, now: models.Model, is_new: bool, lost: list[str]) -> set[str]:
    """The columns of addresses and other unique words that stay as they are: another row has the old one by now, or
    there was none yet."""
    model = then.model
    fields = [model._meta.get_field(name) for name in columns(model)]
    addresses = [each for each in fields if isinstance(each, models.SlugField)]
    stays = set()
    for field in [*addresses, *(each for each in fields if each.unique and each not in addresses)]:
        value = then.values.get(field.name)
        if not value:
            stays.add(field.name)
            continue
        # An address is another's in whichever language it is: a missing page stands under another language's address.
        anywhere = Q()
        for each in addresses if field in addresses else [field]:
            anywhere |= Q(**{each.name: value})
        if model._default_manager.exclude(pk=now.pk).filter(anywhere).exists():
            if is_new and not field.null:
                raise CannotBringBack(_("“{value}” exists again, under another entry.").format(value=value))
            stays.add(field.name)
            sentence = _("“{value}” is taken by now: “{field}” stays as it is.")
            lost.append(sentence.format(value=value, field=field_label(field)))
    return stays


def _bring_rows_back(manager, parent: models.Model, rows: list[Row], lost: list[str]) -> None:
    # All go first: two rows that have exchanged what must be unique could not be saved one after the other.
    manager.all().delete()
    for row in rows:
        values = _without_lost_files(row, lost)
        if values is None:
            continue
        own = {row.model._meta.get_field(name).attname: value for name, value in values.items()}
        own[manager.field.attname] = parent.pk
        gone = [
            each
            for each in row.model._meta.fields
            if each.is_relation
            and each is not manager.field
            and own.get(each.attname) is not None
            and not each.related_model._base_manager.filter(pk=own[each.attname]).exists()
        ]
        if gone:
            lost.append(_("{what}: no longer there, and left out.").format(what=capfirst(field_label(gone[0]))))
            continue
        new = row.model(pk=row.pk, **own)
        setattr(new, manager.field.name, parent)
        new.save(force_insert=True)


def _without_lost_files(row: Row, lost: list[str]) -> dict | None:
    """The values; the name of a file that is gone is emptied. None where the row is nothing without it."""
    values = dict(row.values)
    for field in row.model._meta.fields:
        name = values.get(field.name)
        if isinstance(field, models.FileField) and name and not field.storage.exists(name):
            lost.append(_("The file “{name}” is no longer there, and was left out.").format(name=_short(name)))
            if not field.blank:
                return None
            values[field.name] = ""
    return values


def _short(name: str) -> str:
    return name.rpartition("/")[2]
