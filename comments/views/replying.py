"""Replying to one comment: a small page of its own, so that it needs no script."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from comments.conversation import closed, permalink
from comments.forms import CommentForm
from comments.models import Comment, Rules, rules_of_page
from events.reading import read
from omep_site.lib.links import in_every_language
from omep_site.lib.public import public_page


def readable(number: int) -> Comment:
    """A comment that visitors can read, with its event. For whatever else is asked, the same Http404."""
    return get_object_or_404(Comment.objects.public(), pk=number)


@public_page()
@require_safe
def reply(request, number):
    answered = readable(number)
    rules = rules_of_page(answered.event)
    if rules.levels == 1:
        return redirect(permalink(answered))
    return reply_page(request, answered, rules, CommentForm(event_id=answered.event_id, answered=answered))


def reply_page(request, answered: Comment, rules: Rules, form: CommentForm, status: int = 200):
    """The comment and the form below it: an empty one, or the one that was sent."""
    context = {
        "answered": answered,
        "event": answered.event,
        "reading": read(answered.event, get_language()),
        "form": form,
        "rules": rules,
        "closed": closed(answered.event, rules),
        "language": get_language(),
        "translations": in_every_language("comments:reply", public=False, number=answered.pk),
    }
    return render(request, "comments/reply.html", context, status=status)
