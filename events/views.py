from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Event
from events.reading import Reading, read, read_all
from omep_site.lib.links import in_every_language, languages
from omep_site.lib.public import public_page

PAST_ON_HOME = 6


@public_page()
@require_safe
def home(request):
    now = timezone.now()
    past = read_all(Event.objects.published(now).past(now)[: PAST_ON_HOME + 1], get_language(), now)
    context = {
        "coming": read_all(Event.objects.published(now).coming(now), get_language(), now),
        "past": past[:PAST_ON_HOME],
        "more_past": len(past) > PAST_ON_HOME,
        "translations": in_every_language("events:home"),
        "canonical": request.path,
    }
    return render(request, "events/home.html", context)


@public_page()
@require_safe
def event_list(request):
    now = timezone.now()
    context = {
        "coming": read_all(Event.objects.published(now).coming(now), get_language(), now),
        "past": read_all(Event.objects.published(now).past(now), get_language(), now),
        "translations": in_every_language("events:list"),
        "canonical": request.path,
    }
    return render(request, "events/list.html", context)


@public_page()
@require_safe
def event_detail(request, slug):
    reading = find(slug, get_language())
    if reading.path != request.path:
        return redirect(reading.path)
    return event_page(request, reading)


def event_page(request, reading: Reading, status: int = 200, **context):
    """The event's page; comments answer with it too, with the form that was sent in `context`."""
    context |= {
        "reading": reading,
        "event": reading.event,
        "translations": reading.translations,
        "canonical": reading.canonical,
    }
    return render(request, "events/detail.html", context, status=status)


def find(slug: str, language: str) -> Reading:
    """The published event that has this slug in `language`, or else in another one. Raises Http404."""
    now = timezone.now()
    public = Event.objects.published(now)
    for code in [language, *(other for other in languages() if other != language)]:
        event = public.complete_in(code).filter(**{in_language("slug", code): slug}).first()
        if event:
            return read(event, language, now)
    raise Http404(slug)
