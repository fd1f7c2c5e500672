import re

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from events.drawn_picture import CannotDraw, draw
from events.feeds import events_feed
from events.lists import PARAMS, PER_PAGE, by_year, in_words, in_years, understand, ways_on
from events.loading import with_slug
from events.models import Event, OldAddress, PreviewLink, Subject
from events.month import events_in, month_of, range_of, weeks
from events.page import COMMENTS, event_page, preview_page, unlisted
from events.reading import Reading, path_of, read, read_all
from events.sharing import path_of_drawn_picture
from events.subjects import Topic, topics
from omep_site.lib import atom, former_addresses
from omep_site.lib.context import site
from omep_site.lib.headers import SHOWN_ANYWHERE
from omep_site.lib.links import in_every_language, languages
from omep_site.lib.paging import is_written_so, on_page, page_asked
from omep_site.lib.public import passing, public_page, remember

PAST_ON_HOME = 6
IN_FEED = 30


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


@public_page(*PARAMS, endless=("q",))
@require_safe
def event_list(request):
    now, language = timezone.now(), get_language()
    public = Event.objects.published(now)
    years, subjects = by_year(public), topics(Subject.objects.of_public_events(now), language)
    asked = understand(request.GET, subjects)
    events = asked.among(public, years)
    pages = Paginator(events.past(now), PER_PAGE)
    if asked.page > pages.num_pages:
        raise Http404(asked.page)
    page = pages.page(asked.page)
    is_first = asked.page == 1
    coming = read_all(events.coming(now), language, now) if is_first else []
    past = read_all(page.object_list, language, now)
    context = {
        "asked": asked,
        "subject": Topic(asked.subject, language) if asked.subject else None,
        "years": years,
        "subjects": subjects,
        "shown": coming + past,
        "page": page,
        "previous": asked.on_page(asked.page - 1).path(language) if page.has_previous() else "",
        "next": asked.on_page(asked.page + 1).path(language) if page.has_next() else "",
        "translations": asked.translations(),
        "canonical": None if asked.words else asked.path(language),
    }
    if asked.is_filtered:
        count = pages.count + (len(coming) if is_first else events.coming(now).count())
        context |= {
            "count": count,
            "count_in_words": in_words(count),
            "results": coming + past,
            "without": {name: asked.without(name).path(language) for name in ("words", "year", "subject")},
            "ways": [] if count else ways_on(asked, public, years, language),
        }
    else:
        context |= {"coming": coming, "past": in_years(past)}
    response = render(request, "events/list.html", context)
    return response if asked.has_a_place(request.GET, language, years) else passing(response)


@require_safe
def this_month(request):
    response = redirect("events:month", month=month_of(timezone.localdate()))
    response["Cache-Control"] = "no-cache"  # it leads elsewhere next month
    return response


@public_page()
@require_safe
def month(request, month):
    now = timezone.now()
    events = Event.objects.published(now)
    first, last = range_of(events, timezone.localdate(now))
    if not first <= month <= last:  # or a robot would follow the months for ever
        raise Http404(month)
    found = weeks(month, read_all(events_in(events, month), get_language(), now))
    context = {
        "month": month,
        "weeks": found,
        "has_events": any(day.readings for week in found for day in week),
        "before": month.before if month > first else None,
        "next": month.next if month < last else None,
        "translations": in_every_language("events:month", month=month),
        "canonical": request.path,
    }
    return render(request, "events/month.html", context)


@public_page(COMMENTS)
@require_safe
def event_detail(request, slug):
    number = page_asked(request.GET, COMMENTS)
    reading = find(slug, get_language())
    path = on_page(reading.path, COMMENTS, number)
    if reading.path != request.path:
        return former_addresses.lead_on(reading.event, slug, path)
    if not is_written_so(request.GET, COMMENTS, number):  # or one page could be kept under any number of addresses
        return redirect(path)
    return event_page(request, reading, comments_page=number)


@public_page()
@require_safe
def event_picture(request, slug):
    """What is drawn of an event for those who share its page. 404 where its title cannot be drawn."""
    reading = find(slug, get_language())
    path = path_of_drawn_picture(reading)
    if path != request.path:
        return former_addresses.lead_on(reading.event, slug, path)
    try:
        picture = draw(reading, str(site(request)["site_name"]))
    except CannotDraw as error:
        raise Http404(slug) from error
    return HttpResponse(picture, content_type="image/png", headers=SHOWN_ANYWHERE)


@public_page()
@require_safe
def event_feed(request):
    """What became public last."""
    now, name = timezone.now(), site(request)["site_name"]
    readings = read_all(Event.objects.published(now).order_by("-publish_at", "-pk")[:IN_FEED], get_language(), now)
    feed = events_feed(readings, get_language(), _("{site}: events").format(site=name), str(name))
    return HttpResponse(atom.atom(feed), content_type=atom.CONTENT_TYPE)


@require_safe
def preview(request, token):
    """What a preview link leads to, for people without an account. Whatever is wrong with a link, the answer is one."""
    language = get_language()
    is_token = re.fullmatch("[A-Za-z0-9_-]{1,64}", token)
    link = PreviewLink.objects.good().select_related("event").filter(token=token).first() if is_token else None
    paths = {each.language: each.path for each in in_every_language("events:preview", token=token)}
    if link is None:
        translations = in_every_language("events:preview", public=False, token=token)
        return unlisted(render(request, "events/preview_over.html", {"translations": translations}, status=404))
    if link.event.is_published():
        return unlisted(redirect(path_of(link.event, language)))
    return preview_page(request, link.event, language, paths, good_until=link.expires_at)


def find(slug: str, language: str) -> Reading:
    """The published event that has this slug in `language`, or else in another one, or else had it. Raises Http404."""
    now = timezone.now()
    for code in [language, *(other for other in languages() if other != language)]:
        # With what its page has asked for since.
        event = remember(("event", code, slug), lambda code=code: with_slug(code, slug))
        # Asking the row whether it is public costs a tenth of asking the database.
        if event and event.is_published(now) and code in event.complete_languages():
            return read(event, language, now)
    notes = OldAddress.objects.filter(event__in=Event.objects.published(now)).select_related("event")
    note = former_addresses.had_before(notes, slug, language)
    if note is None:
        raise Http404(slug)
    return read(note.event, language, now)
