"""What the author of a comment may do with it."""

from datetime import timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from comments.models import Comment
from events.reading import read
from omep_site.lib import links

WAITING = "comments.waiting"  # what the link to a waiting comment is signed for
WAITING_PAGE_LIVES = timedelta(days=30)


def link_for_the_author(comment: Comment) -> str:
    """The path of the author's own page, in the active language."""
    return reverse("comments:waiting", kwargs={"token": links.sign(WAITING, comment.pk)})


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
