"""Comments for those who read feeds: the newest first. Pure functions; no request in sight.

What is told of an author is the name alone. Nothing here reads an e-mail address.
"""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from comments.models import Comment
from comments.rendering import as_html
from events.reading import Reading, read
from omep_site.lib.atom import Answered, Entry, Feed
from omep_site.lib.links import absolute, path_in


def path_of_feed(reading: Reading) -> str:
    """Where the comments on one event stand as a feed, in the language of the reading."""
    return path_in(reading.wanted, "comments:event_feed", slug=reading.slug)


def feed_of_event(reading: Reading, comments: Iterable[Comment], author: str) -> Feed:
    """In the active language, which is that of the reading."""
    # Not the address: it changes with the title, and every reader would take all comments for new ones.
    name = uuid.uuid5(reading.event.uid, f"comments in {reading.wanted}")
    title = _("Comments on “{event}”").format(event=reading.title.printed)
    page = absolute(f"{reading.path}#comments")
    entries = [_entry(comment, reading, comment.name) for comment in comments]
    return Feed(name.urn, title, absolute(path_of_feed(reading)), page, reading.wanted, author, entries)


def feed_of_site(comments: Iterable[Comment], language: str, title: str, author: str) -> Feed:
    """In the active language, `language`; the comments with their events."""
    address, home = absolute(path_in(language, "comments:feed")), absolute(path_in(language, "events:home"))
    entries = []
    for comment in comments:
        reading = read(comment.event, language)
        event = reading.title.printed
        # Translators: the title of a comment in a feed: who wrote it, on which event.
        entries.append(_entry(comment, reading, _("{name} on “{event}”").format(name=comment.name, event=event)))
    return Feed(address, title, address, home, language, author, entries)


def _entry(comment: Comment, reading: Reading, title: str) -> Entry:
    parent = comment.parent
    return Entry(
        id=_id(comment, reading),
        title=title,
        url=_url(comment, reading),
        published=comment.created_at,
        updated=comment.updated_at,
        html=as_html(comment.body),
        author=comment.name,
        html_language=comment.language,
        answered=Answered(_id(parent, reading), _url(parent, reading)) if parent and parent.is_visible() else None,
    )


def _id(comment: Comment, reading: Reading) -> str:
    return uuid.uuid5(reading.event.uid, f"comment {comment.pk}").urn


def _url(comment: Comment, reading: Reading) -> str:
    # Whichever page it is on by the time that somebody follows it.
    return absolute(path_in(reading.wanted, "comments:permalink", number=comment.pk))
