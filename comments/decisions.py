"""Decisions about comments in words: who moved what, when and why. For the admin, for the pages behind mails."""

from django.utils.html import format_html
from django.utils.translation import gettext as _

from comments.models import ERASED, Comment, Move, Via
from comments.reasons import sentence
from omep_site.lib.history.telling import moment_in_words


def decided(move: Move) -> str:
    """“Zoé approved it (today, 13:05).” As HTML, in the active language and the active zone."""
    when = moment_in_words(move.at)
    if move.via == Via.AUTHOR:
        by_author = {
            Comment.Status.TRASH: _("Its author took it back ({when})."),
            Comment.Status.PENDING: _("Its author sent it again ({when})."),
        }
        if said := by_author.get(move.new):
            return format_html(said, when=when)
    if move.actor and move.old == move.new:
        said = _("{who} left it published in spite of readers’ reports ({when}).")
        return format_html(said, who=format_html("<bdi>{}</bdi>", move.actor), when=when)
    if move.actor:
        by_somebody = {
            Comment.Status.APPROVED: _("{who} approved it ({when})."),
            Comment.Status.SPAM: _("{who} marked it as spam ({when})."),
            Comment.Status.TRASH: _("{who} moved it to the trash ({when})."),
            Comment.Status.PENDING: _("{who} let it wait again ({when})."),
            ERASED: _("{who} erased it ({when})."),
        }
        return format_html(by_somebody[move.new], who=format_html("<bdi>{}</bdi>", move.actor), when=when)
    # Translators: {how} is “by a command”, “because readers reported it” …
    by_itself = {
        Comment.Status.APPROVED: _("It was approved {how} ({when})."),
        Comment.Status.SPAM: _("It was marked as spam {how} ({when})."),
        Comment.Status.TRASH: _("It was moved to the trash {how} ({when})."),
        Comment.Status.PENDING: _("It was made to wait {how} ({when})."),
        ERASED: _("It was erased {how} ({when})."),
    }
    return format_html(by_itself[move.new], how=move.get_via_display(), when=when)


def why(move: Move) -> list[str]:
    """The reasons of a move, in sentences."""
    return [sentence(code) for code in move.reasons]


def standing(comment: Comment) -> str:
    """Who brought a comment where it stands; "" where nobody has moved it yet. One query."""
    last = comment.last_move()
    return decided(last) if last else ""
