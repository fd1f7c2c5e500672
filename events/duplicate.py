"""A new event from an old one: the same words, rows and files, at another date."""

from django.db import models, transaction
from modeltranslation.utils import build_localized_fieldname as in_language

from events.addresses import free_address
from events.completeness import ROWS, keep_overview
from events.models import Event
from omep_site.lib.history import columns
from omep_site.lib.links import languages

# What belongs to the old date: how it was published, what became of it, what was recorded there.
LEFT_BEHIND = {
    "status",
    "publish_at",
    "publish_incomplete",
    "event_status",
    "previous_starts_at",
    "registration_closes_at",
    "conference_url",
    *("uid", "sequence", "calendar_digest", "calendar_changed_at"),
    *(
        in_language(field, language)
        for field in ("slug", "recording_url", "transcript", "search_words")
        for language in languages()
    ),
}


def duplicate(event: Event, *, starts_at, ends_at, zone: str, all_day: bool) -> Event:
    """A draft with everything but the dates, the comments, the preview links and what was recorded. Its pictures and
    documents are the same files; its addresses are made anew from its titles."""
    values = {name: value for name, value in values_of(event).items() if name not in LEFT_BEHIND}
    copy = Event(**values | {"starts_at": starts_at, "ends_at": ends_at, "timezone": zone, "all_day": all_day})
    for language in languages():
        title = getattr(copy, in_language("title", language))
        if title:
            setattr(copy, in_language("slug", language), free_address(title, language, copy))
    with transaction.atomic():
        copy.save()
        for relation in ("eventpartner_set", "eventsubject_set", *ROWS):
            for row in getattr(event, relation).all():
                new = type(row)(**values_of(row) | {"event_id": copy.pk})
                new.event = copy  # whose language its translations are compared with
                new.save()
        keep_overview(copy)
    return copy


def values_of(row: models.Model) -> dict:
    """What stands in its columns, key left out; of a file its name, of another row that row's key."""
    fields = [row._meta.get_field(name) for name in columns(type(row))]
    values = {each.attname: getattr(row, each.attname) for each in fields}
    return {
        name: value.name if isinstance(value, models.fields.files.FieldFile) else value
        for name, value in values.items()
    }
