"""The mails to those who follow comments, one function each. Call them in the transaction of their cause."""

from comments.models import Comment, Correspondent, Follow
from comments.places import place_of
from events.models import Event
from events.reading import phrase, shown_language
from omep_site.lib.links import absolute
from omep_site.lib.mail import send

LONGEST_QUOTATION = 1000  # characters of an answer in a mail; the page has the rest


def confirm_address(follow: Follow) -> None:
    """Asks whoever reads this address whether they want mails about comments.

    Nothing in it was typed by the visitor: neither name nor words. The event's title is the editors'.
    """
    to = follow.correspondent
    _send("comment_confirm_address", to, follow.comment, confirm_url=to.confirm_url, stop_url=to.stop_url)


def published(follow: Follow) -> None:
    to, comment = follow.correspondent, follow.comment
    _send("comment_published", to, comment, url=absolute(place_of(comment, to.language)), **_ways_out(follow))


def answered(follow: Follow, answer: Comment) -> None:
    """Tells of `answer`, which stands under the comment that is followed."""
    to = follow.correspondent
    quotation, is_whole = quoted(answer.body)
    _send(
        "comment_answered",
        to,
        answer,
        url=absolute(place_of(answer, to.language)),
        name=" ".join(answer.name.split()),
        quotation=quotation,
        is_whole=is_whole,
        **_ways_out(follow),
    )


def quoted(text: str) -> tuple[str, bool]:
    """The text, or its beginning, as mail programmes quote it (RFC 3676, 4.5); and whether it is whole."""
    text = text.strip()
    is_whole = len(text) <= LONGEST_QUOTATION
    if not is_whole:
        beginning = text[:LONGEST_QUOTATION]
        # After the last whole word, where there is one that does not cost half of the text.
        at_a_word = beginning[: max(0, beginning.rfind(" "), beginning.rfind("\n"))].rstrip()
        text = (at_a_word if len(at_a_word) > LONGEST_QUOTATION // 2 else beginning) + " …"
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines()), is_whole


def _ways_out(follow: Follow) -> dict[str, str]:
    return {"stop_one_url": follow.stop_url, "stop_all_url": follow.correspondent.stop_url}


def _send(template: str, to: Correspondent, about: Comment, **context) -> None:
    """With a mail programme's own “Unsubscribe” button (RFC 8058, 3.1), and the comment that the mail tells of, so that
    it is found in the queue when that comment is erased."""
    headers = {
        "List-Unsubscribe": f"<{to.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "X-About": f"comment-{about.pk}",
    }
    send(template, to.email, to.language, headers=headers, event=title_of(about.event, to.language), **context)


def title_of(event: Event, language: str) -> str:
    """The event's title as mails print it; "" for an event that is not public: its title is the editors' alone."""
    return phrase(event, "title", shown_language(event, language)).printed if event.is_published() else ""
