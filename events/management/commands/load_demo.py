import hashlib
import json
from datetime import UTC, datetime

from django.core.management.base import BaseCommand
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone

from events import demo
from events.models import Event, EventPartner, Objective, Partner, Strategy
from omep_site.lib import public
from omep_site.models import DemoRecord

PUBLIC_SINCE = datetime(2021, 6, 1, tzinfo=UTC)
NOT_CONTENT = {"id", "created_at", "updated_at"}


class Command(BaseCommand):
    help = "Loads the demo's events. Run again, it refreshes those that nobody has edited and leaves the others alone."

    @transaction.atomic
    def handle(self, *args, **options):
        for name, fields in demo.PARTNERS.items():
            Partner.objects.get_or_create(name=name, defaults=fields)
        changed = [each for each in demo.events(timezone.localdate()) if load(each)]
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
        event = Event(status=Event.Status.PUBLISHED, publish_at=PUBLIC_SINCE)
    else:
        event = Event.objects.filter(pk=record.object_id).first()
        if event is None or fingerprint(event) != record.fingerprint:
            return False  # deleted or edited: that was a person's decision
    if record and contents(event) == contents_wanted(event, wanted):
        return False
    for name, value in wanted.fields.items():
        setattr(event, name, value)
    event.save()
    write_rows(event, wanted)
    DemoRecord.objects.update_or_create(
        key=wanted.key, defaults={"object_id": event.pk, "fingerprint": fingerprint(Event.objects.get(pk=event.pk))}
    )
    return True


def write_rows(event: Event, wanted: demo.DemoEvent) -> None:
    for model, texts in ((Strategy, wanted.strategies), (Objective, wanted.objectives)):
        model.objects.filter(event=event).delete()
        for position, (french, english) in enumerate(texts, start=1):
            model.objects.create(event=event, position=position, text_fr=french, text_en=english)
    EventPartner.objects.filter(event=event).delete()
    for position, name in enumerate(wanted.partners, start=1):
        EventPartner.objects.create(event=event, partner=Partner.objects.get(name=name), position=position)


def contents(event: Event) -> dict:
    """All that an editor can change of an event, its rows in their order included."""
    fields = {each.attname: getattr(event, each.attname) for each in Event._meta.concrete_fields}
    return {
        "fields": {name: value for name, value in fields.items() if name not in NOT_CONTENT},
        "strategies": list(event.strategies.values_list("text_fr", "text_en")),
        "objectives": list(event.objectives.values_list("text_fr", "text_en")),
        "partners": list(event.eventpartner_set.values_list("partner__name", flat=True)),
    }


def contents_wanted(event: Event, wanted: demo.DemoEvent) -> dict:
    now = contents(event)
    return {
        "fields": now["fields"] | wanted.fields,
        "strategies": wanted.strategies,
        "objectives": wanted.objectives,
        "partners": wanted.partners,
    }


def fingerprint(event: Event) -> str:
    text = json.dumps(contents(event), cls=DjangoJSONEncoder, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
