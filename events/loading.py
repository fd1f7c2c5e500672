"""An event with all that its page shows, and what else there is on its subjects: asked of the database in as few words as
possible, because a page is made anew after each change."""

from functools import cache

from django.db.models import Model, QuerySet
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Document, Event, EventPartner, Objective, Picture, Speaker, Strategy, Subject
from omep_site.lib.database import Prepared, moment, slot

MOST_RELATED = 3


def _of_event(model: type[Model]) -> Prepared:
    return Prepared(lambda: model.objects.filter(event=slot("event")))


# What an event's page shows, and tells to search engines and networks, by its name on the event.
PARTS = {
    "pictures": (Picture, _of_event(Picture)),
    "speakers": (Speaker, _of_event(Speaker)),
    "subjects": (Subject, _of_event(Subject)),
    "strategies": (Strategy, _of_event(Strategy)),
    "objectives": (Objective, _of_event(Objective)),
    "documents": (Document, _of_event(Document)),
    "eventpartner_set": (
        EventPartner,
        Prepared(lambda: EventPartner.objects.filter(event=slot("event")).select_related("partner")),
    ),
}


def load_parts(event: Event) -> None:
    """As `prefetch_related_objects` does, unless that was done: what `event.pictures.all()` and its like then give."""
    known = event.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, (model, of_event) in PARTS.items():
        if name not in known:
            rows = QuerySet(model)
            rows._result_cache = of_event.objects(event=event.pk)
            rows._prefetch_done = True
            known[name] = rows


@cache
def _with_slug(language: str) -> Prepared:
    return Prepared(lambda: Event.objects.filter(**{in_language("slug", language): slot("slug")}).order_by()[:1])


def with_slug(language: str, slug: str) -> Event | None:
    return next(iter(_with_slug(language).objects(slug=slug)), None)


def _on_its_subjects():
    through = Event.subjects.through.objects
    its_own = through.filter(event=slot("event")).values("subject")
    sharing = through.filter(subject__in=its_own).values("event")
    others = Event.objects.published(slot("now")).filter(pk__in=sharing).exclude(pk=slot("event"))
    return others.coming_first(slot("now"))[:MOST_RELATED]


RELATED = Prepared(_on_its_subjects)


def related_to(event: Event) -> list[Event]:
    """A few other public events that share a subject with it: those to come first. No query where it has none."""
    return RELATED.objects(event=event.pk, now=moment(timezone.now())) if event.subjects.all() else []
