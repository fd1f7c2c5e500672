"""Moving comments in the admin, and saying what became of each: also to whoever comes second."""

from django.contrib import messages
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.admin import undo
from comments.admin.words import LEADS_TO, moved, unmoved
from comments.decisions import standing
from comments.models import By, Comment, Seen

MOST_TOLD = 5  # comments of which each gets a sentence where somebody was quicker; of more, their number is said


def seen_in(data, comment: Comment) -> Seen | None:
    """What the page had shown of this comment (`seen-12=pending.1`); None for a request that comes from no page."""
    status, _dot, revision = data.get(f"seen-{comment.pk}", "").partition(".")
    return Seen(status, int(revision)) if revision.isdecimal() and len(revision) < 10 else None


def move(model_admin, request, verb: str, comments) -> list[Comment]:
    """Row by row, by the row's own verb, so that whatever belongs to a move happens here too.

    Each moves only where it is still as the page had shown it. Returns those that stand elsewhere than was wanted.
    """
    done, left = [], []
    for comment in comments:
        happened = getattr(comment, verb)(By.account(request.user), seen=seen_in(request.POST, comment))
        (done if happened else left).append(comment)
    if done:
        decision = undo.remember(request.session, verb, done, request.get_full_path())
        context = {"sentence": moved(verb, done), "decision": decision}
        said = render_to_string("admin/comments/comment/_moved.html", context, request)
        model_admin.message_user(request, said, messages.SUCCESS)
    return say_what_stays(model_admin, request, verb, left)


def keep(model_admin, request, comments) -> list[Comment]:
    """Leaves what readers reported where it is. Returns those that stand elsewhere by now, or of which nothing is open."""
    left = []
    for comment in comments:
        if comment.keep(By.account(request.user), seen=seen_in(request.POST, comment)):
            name = format_html("<bdi>{}</bdi>", comment.name)
            model_admin.message_user(
                request, format_html(_("The comment by {name} stays published."), name=name), messages.SUCCESS
            )
        else:
            left.append(comment)
    return say_what_stays(model_admin, request, "keep", left)


def say_what_stays(model_admin, request, verb: str, comments: list[Comment]) -> list[Comment]:
    found = Comment.objects.in_bulk([comment.pk for comment in comments])
    now = [found[comment.pk] for comment in comments if comment.pk in found]
    reasons = {comment.pk: why(request, comment) for comment in now} if len(now) <= MOST_TOLD else {}
    for comment in now:
        if reason := reasons.get(comment.pk):
            sentence = _("The comment by {name} stays as it is. {reason}")
            said = format_html(sentence, name=format_html("<bdi>{}</bdi>", comment.name or comment), reason=reason)
            model_admin.message_user(request, said, messages.WARNING)
    rest = [comment for comment in now if not reasons.get(comment.pk)]
    there = [comment for comment in rest if comment.may_be_moved() and comment.status == LEADS_TO[verb]]
    if there:
        model_admin.message_user(request, unmoved(verb, len(there)), messages.WARNING)
    if count := len(rest) - len(there):
        said = ngettext(
            "%(count)d comment stays as it is: somebody decided about it meanwhile, or its author changed it.",
            "%(count)d comments stay as they are: somebody decided about them meanwhile, or their authors changed them.",
            count,
        )
        model_admin.message_user(request, said % {"count": count}, messages.WARNING)
    return [comment for comment in now if comment.status != LEADS_TO[verb]]


def why(request, comment: Comment) -> str:
    """Why this one could not be moved; "" where nothing is known."""
    seen = seen_in(request.POST, comment)
    if seen and comment.may_be_moved() and seen.status == comment.status and seen.revision != comment.revision:
        return _("Its author has changed it since you opened the page: read it again.")
    return standing(comment)
