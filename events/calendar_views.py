"""Events for calendars: one to be added to somebody's own, and all of them to subscribe to."""

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from events.ical import event_calendar, feed_calendar
from events.models import Event
from events.reading import calendar_path_of, read_all
from events.views import find
from omep_site.lib import former_addresses
from omep_site.lib.context import site
from omep_site.lib.public import public_page


@public_page()
@require_safe
def one_event(request, slug):
    reading = find(slug, get_language())
    path = calendar_path_of(reading.event, reading.wanted)
    if path != request.path:
        return former_addresses.lead_on(reading.event, slug, path)
    return calendar_file(request, event_calendar(reading))


@public_page()
@require_safe
def feed(request):
    now = timezone.now()
    events = Event.objects.published(now).in_calendars(now).prefetch_related("subjects")
    readings = read_all(events, get_language(), now)
    return calendar_file(request, feed_calendar(readings, get_language(), str(site()["site_name"])))


def calendar_file(request, text: str) -> HttpResponse:
    """Inline: a phone then opens its calendar at once instead of putting a file among its downloads, and a computer,
    which shows no calendars, saves the file under this name all the same."""
    name = request.path.rpartition("/")[2]
    return HttpResponse(
        text, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
