"""Taking what visitors write."""

import re

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
from comments.models import Policy, Rules
from comments.taking import ParentGone, take
from comments.views.author import link_for_the_author
from comments.views.replying import reply_page
from events.models import Event
from events.page import event_page
from events.reading import Reading, read
from omep_site.lib.forms import comes_from_elsewhere, refuse, says_where_from
from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit, wait_for


def limits(rules: Rules) -> list[Limit]:
    """A school behind one network may write together; more than the rules let pass is a flood."""
    return [Limit("comments.minute", rules.per_minute, 60), Limit("comments.hour", rules.per_hour, 3600)]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, event_id):
    """Takes a comment from the form on the event's page, or from that of a reply; answers with that page where it cannot."""
    reading = read(get_object_or_404(Event.objects.published(), pk=event_id), get_language())
    if request.method != "POST":
        return redirect(reading.path)
    rules = Policy.objects.in_force(reading.event)
    form = CommentForm(request.POST, event=reading.event, rules=rules)

    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. If you wrote it, send it once more from here."))
        return not_taken(request, reading, form, rules, 403)
    if not rules.is_open(reading.event):
        # The page may have been open, or kept somewhere, since before.
        refuse(form, closed(reading.event, rules))
        return not_taken(request, reading, form, rules, 422)
    if not form.is_valid():
        return not_taken(request, reading, form, rules, 422)
    # Counted last, so that a mistake in a field costs nobody a try.
    network = client_network(request)
    seconds = wait_for(limits(rules), network)
    if seconds:
        refuse(form, too_often(seconds))
        response = not_taken(request, reading, form, rules, 429)
        response["Retry-After"] = str(seconds)
        return response
    return store(request, reading, form, rules, network)


def store(request, reading: Reading, form: CommentForm, rules: Rules, network: str) -> HttpResponse:
    try:
        comment = take(form, rules, get_language(), network, says_where_from=says_where_from(request))
    except ParentGone:
        form.let_go_of_parent()
        return not_taken(request, reading, form, rules, 422)
    except IntegrityError as error:
        # The only row it needs that nothing holds: an event is deleted once in years.
        if Event.objects.filter(pk=reading.event.pk).exists():
            raise
        raise Http404 from error
    return HttpResponse(status=303, headers={"Location": link_for_the_author(comment)})


def not_taken(request, reading: Reading, form: CommentForm, rules: Rules, status: int) -> HttpResponse:
    """The page that it came from, with every word that was typed."""
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
    if not re.fullmatch("[0-9]{1,18}", event):
        return HttpResponse(status=404)
    response = HttpResponse(stamps.make(int(event)), content_type="text/plain")
    response["X-Robots-Tag"] = "noindex"
    return response
