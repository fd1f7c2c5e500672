"""Events for those who read feeds: what became public last, first. Pure functions; no request in sight."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from events.reading import Reading
from omep_site.lib.atom import Entry, Feed
from omep_site.lib.links import absolute, path_in


def events_feed(readings: Iterable[Reading], language: str, title: str, author: str) -> Feed:
    """In the active language, `language`."""
    address = absolute(path_in(language, "events:feed"))
    page = absolute(path_in(language, "events:list"))
    return Feed(address, title, address, page, language, author, [entry(reading) for reading in readings])


def entry(reading: Reading) -> Entry:
    """An event has one id in all languages and for ever, whatever becomes of its address."""
    event = reading.event
    return Entry(
        id=event.uid.urn,
        title=reading.title.printed,
        url=absolute(reading.path),
        published=event.publish_at,
        updated=max(event.publish_at, event.updated_at),  # what was written before it became public is news then
        html=render_to_string("events/feed_entry.html", {"reading": reading, "event": event}),
        title_language=reading.shown if reading.is_fallback else "",
    )
