"""What leads from one page to lists of others. Each asks the database only where a template uses it."""

from django import template
from django.utils.translation import get_language

from events import loading
from events.lists import Asked, heading
from events.models import Subject
from events.reading import Reading, read_all
from events.subjects import Topic, topics
from omep_site.lib.public import remember

register = template.Library()


@register.simple_tag
def list_heading(asked: Asked, name: str, page: int = 1) -> str:
    return heading(asked, name, page)


@register.simple_tag
def public_subjects() -> list[Topic]:
    """All by which a visitor finds something."""
    return topics(Subject.objects.of_public_events(), get_language())


@register.simple_tag
def subjects_of(reading: Reading) -> list[Topic]:
    return topics(reading.event.subjects.all(), reading.wanted)


@register.simple_tag
def related_to(reading: Reading) -> list[Reading]:
    """A few other public events on its subjects: those to come first."""
    others = remember(("related", reading.event.pk), lambda: loading.related_to(reading.event))
    return read_all(others, reading.wanted)
