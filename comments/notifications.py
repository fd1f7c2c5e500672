"""The mails about comments, one function each. Call them in the transaction of their cause."""

from django.conf import settings
from django.urls import reverse

from comments import deciding
from comments.models import Comment, ModeratorChoice
from events.reading import phrase
from omep_site.lib.links import absolute, languages, path_in
from omep_site.lib.mail import send
from omep_site.lib.throttle import Limit

# Whoever wants to be told of each comment at once hears of twenty in an hour; the others simply wait. A flood of
# comments is no flood of mail.
TO_DECIDE = Limit("comments.to_decide", 20, 3600)
# The same for an address in MODERATORS.
NOTICES = Limit("comments.notices", 20, 3600)

NAMED = 10  # comments of which a digest says a few words
OPENING = 200  # characters of them


def comment_waiting(comment: Comment, *, accounts: bool = True) -> None:
    """Tells whoever is to decide that this comment waits. Of spam nobody is told.

    `accounts` is False where the caller knows that no account chose to be told at once.
    """
    if comment.status != Comment.Status.PENDING:
        return
    for choice in ModeratorChoice.objects.at_once() if accounts else ():
        if not TO_DECIDE.hit(f"account {choice.pk}"):
            _comment_to_decide(comment, choice.user)
    for moderator in settings.MODERATORS:
        if not NOTICES.hit(moderator):
            _notice(moderator)


def _comment_to_decide(comment: Comment, user) -> None:
    """The comment with a link for each decision. The links stand first: the visitor's own words may hold others."""
    language = language_of(user)
    addresses = {
        verb: absolute(path_in(language, "comments:decide", token=deciding.token_for(comment, verb, user)))
        for verb in deciding.VERBS
    }
    send(
        "comment_to_decide",
        user.email,
        language,
        headers={"X-About": f"comment-{comment.pk}"},
        comment=comment,
        name=on_one_line(comment.name),
        reported=any(code.startswith("reported:") for code in comment.held_for),
        parent=on_one_line(comment.parent.name) if comment.parent else "",
        event=phrase(comment.event, "title", language).text or str(comment.event),
        words=quoted(comment.body),
        waiting=list_of_waiting(),
        choose=choice_page(),
        **addresses,
    )


def _notice(moderator: str) -> None:
    """Nothing of the visitor's is in it, so that nobody can make the site mail words of theirs to anyone."""
    send("comment_waiting", moderator, settings.LANGUAGE_CODE, waiting=list_of_waiting())


def waiting_digest(user, comments: list[Comment], count: int) -> None:
    """How many comments wait, and the first words of those that came since the last digest."""
    language = language_of(user)
    told = [
        {
            "name": on_one_line(comment.name),
            "event": phrase(comment.event, "title", language).text or str(comment.event),
            "opening": quoted(opening(comment.body)),
        }
        for comment in comments[:NAMED]
    ]
    send(
        "comments_waiting_digest",
        user.email,
        language,
        headers={"X-About": " ".join(f"comment-{comment.pk}" for comment in comments[:NAMED])},
        count=count,
        comments=told,
        waiting=list_of_waiting(),
        choose=choice_page(),
    )


# --- What stands in them ---------------------------------------------------------------------------------------------


def language_of(user) -> str:
    """The one that the account has chosen, else the site's first."""
    preferences = getattr(user, "preferences", None)  # accounts.models; this app knows it by name only
    chosen = preferences and preferences.language
    return chosen if chosen in languages() else settings.LANGUAGE_CODE


def list_of_waiting() -> str:
    return absolute(f"{reverse('admin:comments_comment_changelist')}?status__exact={Comment.Status.PENDING}")


def choice_page() -> str:
    return absolute(reverse("admin:comments_comment_choice"))


def on_one_line(text: str) -> str:
    return " ".join(text.split())


def quoted(text: str) -> str:
    """Each line marked, so that no visitor's line can pass for one of the site's."""
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def opening(text: str) -> str:
    line = on_one_line(text)
    return line if len(line) <= OPENING else f"{line[:OPENING].rsplit(' ', 1)[0]} …"
