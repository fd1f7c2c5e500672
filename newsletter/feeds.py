"""Letters for those who read feeds: the newest first. A pure function; no request in sight."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from newsletter.reading import Reading
from omep_site.lib.atom import Entry, Feed
from omep_site.lib.links import absolute, path_in


def letters_feed(readings: Iterable[Reading], language: str, title: str, author: str) -> Feed:
    """In the active language, `language`."""
    address = absolute(path_in(language, "newsletter:feed"))
    page = absolute(path_in(language, "newsletter:issues"))
    return Feed(address, title, address, page, language, author, [entry(reading) for reading in readings])


def entry(reading: Reading) -> Entry:
    """A letter does not change any more: its address is its name, and it is as new as the day on which it went out."""
    issue = reading.issue
    return Entry(
        id=absolute(reading.path),
        title=reading.subject.printed,
        url=absolute(reading.path),
        published=issue.queued_at,
        updated=issue.queued_at,
        html=render_to_string("newsletter/feed_entry.html", {"reading": reading}),
        title_language=reading.shown if reading.is_fallback else "",
    )
