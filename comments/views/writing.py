"""Taking what visitors write."""

from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comments import stamps
from comments.conversation import closed
from comments.forms import CommentForm
from comments.models import Rules, rules_of
from comments.taking import Closed, NotPublic, ParentGone, TooOften, take
from comments.views.author import link_for_the_author
from comments.views.replying import reply_page
from events.models import Event
from events.page import event_page
from events.reading import Reading, read
from omep_site.lib.forms import comes_from_elsewhere, refuse, says_where_from
from omep_site.lib.network import client_network
from omep_site.lib.numbers import is_number
from omep_site.lib.throttle import Limit

MOST = 10**18  # numbers that fit into the databases' integers are smaller


def limits(rules: Rules) -> list[Limit]:
    """A school behind one network may write together; more than the rules let pass is a flood."""
    return [Limit("comments.minute", rules.per_minute, 60), Limit("comments.hour", rules.per_hour, 3600)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, event_id):
    """Takes a comment from the form on the event's page, or from that of a reply; answers with that page where it cannot."""
    if event_id >= MOST:
        raise Http404
    if request.method != "POST":
        return redirect(public_event(event_id).path)
    rules = rules_of(event_id)
    form = CommentForm(request.POST, event_id=event_id, rules=rules)
    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. If you wrote it, send it once more from here."))
        return not_taken(request, form, rules, 403)
    if not form.is_valid():
        return closed_or_not_valid(request, form, rules)
    try:
        # Counted there, so that a mistake in a field costs nobody a try.
        comment = take(
            form,
            rules,
            get_language(),
            client_network(request),
            limits(rules),
            says_where_from=says_where_from(request),
        )
    except TooOften as limit:
        refuse(form, too_often(limit.seconds))
        response = not_taken(request, form, rules, 429)
        response["Retry-After"] = str(limit.seconds)
        return response
    except Closed:
        return closed_or_not_valid(request, form, rules)
    except ParentGone:
        form.let_go_of_parent()
        return not_taken(request, form, rules, 422)
    except NotPublic as error:
        raise Http404 from error
    except IntegrityError as error:
        # The only row it needs that nothing holds: an event is deleted once in years.
        if Event.objects.filter(pk=event_id).exists():
            raise
        raise Http404 from error
    return HttpResponse(status=303, headers={"Location": link_for_the_author(comment)})


def public_event(event_id: int) -> Reading:
    return read(get_object_or_404(Event.objects.published(), pk=event_id), get_language())


def closed_or_not_valid(request, form: CommentForm, rules: Rules) -> HttpResponse:
    reading = public_event(form.event_id)
    if not rules.is_open(reading.event):
        refuse(form, closed(reading.event, rules))
    return not_taken(request, form, rules, 422, reading)


def not_taken(request, form: CommentForm, rules: Rules, status: int, reading: Reading | None = None) -> HttpResponse:
    """The page that it came from, with every word that was typed."""
    reading = reading or public_event(form.event_id)
    if form.answered:
        return reply_page(request, form.answered, rules, form, status)
    return event_page(request, reading, status, comment_form=form, comment_rules=rules)


def too_often(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Many comments came from your network in a short time. Please send yours again in %(minutes)d minute.",
        "Many comments came from your network in a short time. Please send yours again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


@never_cache
@require_safe
def stamp(request):
    """When somebody begins to write: asked for by the script of the event's page, at the first touch of the form."""
    event = request.GET.get("event", "")
    if comes_from_elsewhere(request):
        return HttpResponse(status=403)
    if not is_number(event):
        return HttpResponse(status=404)
    response = HttpResponse(stamps.make(int(event)), content_type="text/plain; charset=utf-8")
    response["X-Robots-Tag"] = "noindex"
    return response
