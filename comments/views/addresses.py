"""The pages behind the links of mails about comments. GET asks and writes nothing; POST acts, and twice is fine.

They look at no Origin: who holds the token may act, from wherever their mail programme opens it. Mail programmes post
to the pages that stop mail themselves (RFC 8058, 3.2), hence no redirect.
"""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language

from comments.models import Correspondent, Follow
from comments.views.private import ask_and_act, private_page
from events.models import Event
from events.reading import Reading, read, read_all
from omep_site.lib import links


@ask_and_act
def confirm_address(request, token):
    """The button says yes for all that this address asked to follow, which the page lists."""
    try:
        correspondent = Correspondent.objects.by_confirm_token(token)
    except links.LinkExpired:
        return private_page(request, "address_over", "confirm_address", token, status=410, expired=True)
    except links.LinkBroken as error:
        raise Http404 from error
    if correspondent and request.method == "POST" and not correspondent.confirm():
        correspondent = Correspondent.objects.by_confirm_token(token)  # as it is now: two clicks may have come at once
    if correspondent is None:
        raise Http404
    if correspondent.status == Correspondent.Status.STOPPED:
        return private_page(request, "address_over", "confirm_address", token, status=410)
    is_confirmed = correspondent.status == Correspondent.Status.CONFIRMED
    context = {"events": events_of(correspondent), "stop_token": correspondent.stop_token}
    return private_page(
        request, "address_confirmed" if is_confirmed else "address_confirm", "confirm_address", token, **context
    )


def events_of(correspondent: Correspondent) -> list[Reading]:
    """The public events on which a comment is followed."""
    follows = Follow.objects.filter(Q(publication=True) | Q(replies=True), correspondent=correspondent)
    events = Event.objects.published().filter(pk__in=follows.values("comment__event"))
    return read_all(events, get_language())


@ask_and_act
def stop_all(request, token):
    """Works for ever, without signing in."""
    correspondent = get_object_or_404(Correspondent, stop_token=token)
    if request.method == "POST":
        correspondent.stop()
    is_over = correspondent.status == Correspondent.Status.STOPPED
    return private_page(request, "stopped" if is_over else "stop", "stop_all", token)


@ask_and_act
def stop_one(request, token):
    """Works for ever, without signing in."""
    follow = get_object_or_404(Follow.objects.select_related("correspondent", "comment__event"), stop_token=token)
    if request.method == "POST":
        follow.stop()
    event, correspondent = follow.comment.event, follow.correspondent
    is_over = not follow.wants_mail() or correspondent.status == Correspondent.Status.STOPPED
    context = {
        "one": True,
        "reading": read(event, get_language()) if event.is_published() else None,
        "stop_token": correspondent.stop_token,
    }
    return private_page(request, "stopped" if is_over else "stop", "stop_one", token, **context)
