from datetime import timedelta

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comments import feeds, notifications
from comments.forms import CommentForm
from comments.models import Comment
from events.models import Event
from events.reading import read
from events.views import event_page, find
from omep_site.lib import atom, former_addresses, links
from omep_site.lib.context import site
from omep_site.lib.forms import comes_from_elsewhere, refuse, says_where_from
from omep_site.lib.network import client_network
from omep_site.lib.public import public_page
from omep_site.lib.throttle import Limit, wait_for

# A school behind one network may write together; a flood of five in a minute is no conversation any more.
PER_MINUTE = Limit("comments.minute", times=5, seconds=60)
# More than thirty in an hour, and the editors who read them all could not keep up.
PER_HOUR = Limit("comments.hour", times=30, seconds=3600)

IN_FEED = 50

WAITING = "comments.waiting"  # what the link to a waiting comment is signed for
WAITING_PAGE_LIVES = timedelta(days=30)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request, event_id):
    """Takes a comment from the form on the event's page; answers with that page where it cannot."""
    reading = read(get_object_or_404(Event.objects.published(), pk=event_id), get_language())
    if request.method != "POST":
        return redirect(reading.path)
    form = CommentForm(request.POST, event=reading.event)
    if comes_from_elsewhere(request):
        refuse(form, _("This came from another site. If you wrote it, send it once more from here."))
        return event_page(request, reading, status=403, comment_form=form)
    if not form.is_valid():
        return event_page(request, reading, status=422, comment_form=form)
    # Counted last, so that a mistake in a field costs nobody a try.
    seconds = wait_for([PER_MINUTE, PER_HOUR], client_network(request))
    if seconds:
        refuse(form, too_often(seconds))
        response = event_page(request, reading, status=429, comment_form=form)
        response["Retry-After"] = str(seconds)
        return response
    with transaction.atomic():
        comment = form.save(get_language(), says_where_from=says_where_from(request))
        notifications.comment_waiting()
    token = links.sign(WAITING, comment.pk)
    return HttpResponse(status=303, headers={"Location": reverse("comments:waiting", kwargs={"token": token})})


def too_often(seconds: int) -> str:
    minutes = -(-seconds // 60)
    return ngettext(
        "Many comments came from your network in a short time. Please send yours again in %(minutes)d minute.",
        "Many comments came from your network in a short time. Please send yours again in %(minutes)d minutes.",
        minutes,
    ) % {"minutes": minutes}


@never_cache
@require_safe
def waiting(request, token):
    """The author's own page: one comment, and where it stands. Nothing here can be guessed, found or kept."""
    translations = links.in_every_language("comments:waiting", public=False, token=token)
    context = {"translations": translations, "private": True}  # no form of this page may note its address
    try:
        pk = links.unsign(WAITING, token, WAITING_PAGE_LIVES)
    except links.LinkExpired:
        response = render(request, "comments/expired.html", context, status=410)
    except links.LinkBroken as error:
        raise Http404 from error
    else:
        comment = get_object_or_404(Comment.objects.select_related("event"), pk=pk)
        # Events can be withdrawn; their titles are then the editors' alone.
        reading = read(comment.event, get_language()) if comment.event.is_published() else None
        context |= {"comment": comment, "reading": reading}
        response = render(request, "comments/waiting.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


@public_page()
@require_safe
def event_feed(request, slug):
    reading = find(slug, get_language())
    path = feeds.path_of_feed(reading)
    if path != request.path:
        return former_addresses.lead_on(reading.event, slug, path)
    comments = reading.event.comments.visible().reverse()[:IN_FEED]
    feed = feeds.feed_of_event(reading, comments, str(site(request)["site_name"]))
    return HttpResponse(atom.atom(feed), content_type=atom.CONTENT_TYPE)


@public_page()
@require_safe
def feed(request):
    """The newest comments of the whole site."""
    name = site(request)["site_name"]
    comments = Comment.objects.visible().filter(event__in=Event.objects.published()).select_related("event")
    title = _("{site}: comments").format(site=name)
    feed = feeds.feed_of_site(comments.reverse()[:IN_FEED], get_language(), title, str(name))
    return HttpResponse(atom.atom(feed), content_type=atom.CONTENT_TYPE)
