"""The moves of a comment, as the admin's buttons and messages say them."""

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.models import Comment
from comments.reporting import Told

LABELS = {
    "approve": gettext_lazy("Approve"),
    "mark_spam": gettext_lazy("Mark as spam"),
    "trash": gettext_lazy("Move to the trash"),
    "restore": gettext_lazy("Let it wait again"),
}
LEADS_TO = {
    "approve": Comment.Status.APPROVED,
    "mark_spam": Comment.Status.SPAM,
    "trash": Comment.Status.TRASH,
    "restore": Comment.Status.PENDING,
    "keep": Comment.Status.APPROVED,
}
KEEP = ("keep", gettext_lazy("Leave it published"))  # in spite of readers' reports; it moves nothing


def moves(comment: Comment, reports: Told | None = None) -> list[tuple[str, str]]:
    """(verb, label) of each move that leads elsewhere; none for what its author took back and what is erased."""
    if not comment.may_be_moved():
        return []
    keep = [KEEP] if comment.is_visible() and reports and reports.is_open else []
    return keep + [(verb, label) for verb, label in LABELS.items() if LEADS_TO[verb] != comment.status]


def moved(verb: str, comments: list[Comment]) -> str:
    """What was done: to one comment by its author's name, to many by their number."""
    if len(comments) == 1:
        sentences = {
            "approve": _("The comment by {name} is now approved."),
            "mark_spam": _("The comment by {name} is now marked as spam."),
            "trash": _("The comment by {name} is now in the trash."),
            "restore": _("The comment by {name} is waiting again."),
        }
        return format_html(sentences[verb], name=format_html("<bdi>{}</bdi>", comments[0].name))
    count = len(comments)
    sentences = {
        "approve": ngettext("%(count)d comment is now approved.", "%(count)d comments are now approved.", count),
        "mark_spam": ngettext(
            "%(count)d comment is now marked as spam.", "%(count)d comments are now marked as spam.", count
        ),
        "trash": ngettext("%(count)d comment is now in the trash.", "%(count)d comments are now in the trash.", count),
        "restore": ngettext("%(count)d comment is waiting again.", "%(count)d comments are waiting again.", count),
    }
    return sentences[verb] % {"count": count}


def unmoved(verb: str, count: int) -> str:
    sentences = {
        "approve": ngettext(
            "%(count)d comment was approved already.", "%(count)d comments were approved already.", count
        ),
        "mark_spam": ngettext(
            "%(count)d comment was marked as spam already.", "%(count)d comments were marked as spam already.", count
        ),
        "trash": ngettext(
            "%(count)d comment was in the trash already.", "%(count)d comments were in the trash already.", count
        ),
        "keep": ngettext(
            "No report of %(count)d comment is open any more.",
            "No report of %(count)d comments is open any more.",
            count,
        ),
        "restore": ngettext(
            "%(count)d comment was waiting already.", "%(count)d comments were waiting already.", count
        ),
    }
    return sentences[verb] % {"count": count}


def undone(count: int) -> str:
    return ngettext(
        "Undone: %(count)d comment is where it was before.",
        "Undone: %(count)d comments are where they were before.",
        count,
    ) % {"count": count}


def not_undone(count: int) -> str:
    return ngettext(
        "%(count)d comment stays where it is: somebody has moved or deleted it since.",
        "%(count)d comments stay where they are: somebody has moved or deleted them since.",
        count,
    ) % {"count": count}
