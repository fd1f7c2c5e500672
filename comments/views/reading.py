"""Where a comment is read: at its place on the page of its event, and in feeds."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments import feeds
from comments.conversation import place_of
from comments.models import Comment, Policy
from comments.views.replying import readable
from events.views import find
from omep_site.lib import atom, former_addresses
from omep_site.lib.context import site
from omep_site.lib.public import public_page

IN_FEED = 50


@never_cache  # the next comment may move it to another page
@require_safe
def permalink(request, number):
    comment = readable(number)
    return redirect(place_of(comment, Policy.objects.in_force(comment.event), get_language()))


@public_page()
@require_safe
def event_feed(request, slug):
    reading = find(slug, get_language())
    path = feeds.path_of_feed(reading)
    if path != request.path:
        return former_addresses.lead_on(reading.event, slug, path)
    comments = reading.event.comments.visible().select_related("parent").reverse()[:IN_FEED]
    feed = feeds.feed_of_event(reading, comments, str(site(request)["site_name"]))
    return HttpResponse(atom.atom(feed), content_type=atom.CONTENT_TYPE)


@public_page()
@require_safe
def feed(request):
    """The newest comments of the whole site."""
    name = site(request)["site_name"]
    comments = Comment.objects.public().select_related("event", "parent")
    title = _("{site}: comments").format(site=name)
    feed = feeds.feed_of_site(comments.reverse()[:IN_FEED], get_language(), title, str(name))
    return HttpResponse(atom.atom(feed), content_type=atom.CONTENT_TYPE)
