import json
from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string

from events import demo
from events.completeness import keep_overview
from events.models import Event, EventPartner, Objective, Partner, Speaker, Strategy, Subject
from omep_site.lib import public
from omep_site.models import DemoRecord

PUBLIC = {"status": Event.Status.PUBLISHED.value, "publish_at": datetime(2021, 6, 1, tzinfo=UTC)}


class Command(BaseCommand):
    help = "Loads the demo's events. Run again, it refreshes those that nobody has edited and leaves the others alone."

    @transaction.atomic
    def handle(self, *args, **options):
        for name, fields in demo.PARTNERS.items():
            Partner.objects.get_or_create(name=name, defaults=fields)
        changed = [each for each in demo.events(timezone.localdate()) if load(each)]
        for part in settings.DEMO_PARTS:
            import_string(part)()
        if changed:
            public.bump()
        if options["verbosity"]:
            self.stdout.write(f"demo content: {len(changed)} events written")


def load(wanted: demo.DemoEvent) -> bool:
    """Writes one event where it was never written, or where nobody has changed what was. Returns whether it did."""
    record = DemoRecord.objects.filter(key=wanted.key).first()
    if record is None:
        if any(Event.objects.filter(**{slug: wanted.fields[slug]}).exists() for slug in ("slug_fr", "slug_en")):
            return False  # an editor was here before the demo
        event = Event()
    else:
        event = Event.objects.filter(pk=record.object_id).first()
        # Compared field by field as it was written then: columns that a later version adds are nobody's change.
        if event is None or contents(event, record.content["fields"]) != as_today(record.content):
            return False  # deleted or edited: that was a person's decision
    fields = wanted.fields | PUBLIC
    subjects = sorted(demo.SUBJECTS[key]["slug_fr"] for key in wanted.subjects)
    rows = wanted.strategies, wanted.objectives, wanted.partners, wanted.speakers, subjects
    if record and record.content == as_json(fields, *rows):
        return False
    for name, value in fields.items():
        setattr(event, name, value)
    event.save(tell=False)
    write_rows(event, wanted)
    keep_overview(event)
    content = contents(Event.objects.get(pk=event.pk), fields)
    DemoRecord.objects.update_or_create(key=wanted.key, defaults={"object_id": event.pk, "content": content})
    return True


def write_rows(event: Event, wanted: demo.DemoEvent) -> None:
    for model, texts in ((Strategy, wanted.strategies), (Objective, wanted.objectives)):
        model.objects.filter(event=event).delete()
        for position, (french, english) in enumerate(texts, start=1):
            model.objects.create(event=event, position=position, text_fr=french, text_en=english)
    EventPartner.objects.filter(event=event).delete()
    for position, (name, role) in enumerate(wanted.partners, start=1):
        EventPartner.objects.create(event=event, partner=Partner.objects.get(name=name), role=role, position=position)
    event.speakers.all().delete()
    for position, (name, french, english) in enumerate(wanted.speakers, start=1):
        Speaker.objects.create(event=event, position=position, name=name, role_fr=french, role_en=english)
    event.subjects.set(subject(demo.SUBJECTS[key]) for key in wanted.subjects)


def subject(fields: dict) -> Subject:
    """The one that has one of these addresses, whatever an editor has made of its name; else a new one."""
    known = Q(slug_fr=fields["slug_fr"]) | Q(slug_en=fields["slug_en"])
    return Subject.objects.filter(known).order_by("pk").first() or Subject.objects.create(**fields)


def contents(event: Event, names) -> dict:
    """What stands in the named fields of an event, and its rows in their order."""
    return as_json(
        {name: getattr(event, name) for name in names},
        event.strategies.values_list("text_fr", "text_en"),
        event.objectives.values_list("text_fr", "text_en"),
        event.eventpartner_set.values_list("partner__name", "role"),
        event.speakers.values_list("name", "role_fr", "role_en"),
        sorted(slug or "" for slug in event.subjects.values_list("slug_fr", flat=True)),
    )


def as_today(content: dict) -> dict:
    """What a record says, also one that an earlier version wrote: events had no speakers and subjects then, and
    partners no roles."""
    partners = [
        [each, EventPartner.Role.ORGANISER.value] if isinstance(each, str) else each for each in content["partners"]
    ]
    return {"speakers": [], "subjects": []} | content | {"partners": partners}


def as_json(fields, strategies, objectives, partners, speakers, subjects) -> dict:
    """The form in which the record keeps it: moments in UTC, tuples as lists."""
    fields = {name: value.astimezone(UTC) if isinstance(value, datetime) else value for name, value in fields.items()}
    content = {
        "fields": fields,
        "strategies": list(strategies),
        "objectives": list(objectives),
        "partners": list(partners),
        "speakers": list(speakers),
        "subjects": subjects,
    }
    return json.loads(json.dumps(content, cls=DjangoJSONEncoder))
