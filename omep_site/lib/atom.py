"""Feeds as RFC 4287 writes them, and replies in them as RFC 4685 does. A pure function: objects in, bytes out.

Not Django's syndication framework: it has no place for the content of an entry and none for the language of one, asks
the sites framework where it stands, and gives up at a character that XML has no way to write.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from omep_site.lib.text import for_xml

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
ATOM = "http://www.w3.org/2005/Atom"
THREAD = "http://purl.org/syndication/thread/1.0"
LANG, BASE = "xml:lang", "xml:base"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # 4.1.1 asks every feed when it changed, also one that has nothing yet


@dataclass(frozen=True)
class Answered:
    """What an entry replies to: the id that it has in any feed, and where it is read (RFC 4685, 3)."""

    id: str
    url: str


@dataclass(frozen=True)
class Entry:
    """`id` is an IRI that never changes (4.2.6); `html` is its content; `url` is absolute. A language that is not said
    is the feed's."""

    id: str
    title: str
    url: str
    published: datetime
    updated: datetime
    html: str
    author: str = ""
    title_language: str = ""
    html_language: str = ""
    answered: Answered | None = None


@dataclass(frozen=True)
class Feed:
    """`url` is where the feed stands, `page` what people read instead; both are absolute."""

    id: str
    title: str
    url: str
    page: str
    language: str
    author: str  # whoever publishes it
    entries: list[Entry] = field(default_factory=list)

    @property
    def updated(self) -> datetime:
        return max((entry.updated for entry in self.entries), default=NEVER)


def atom(feed: Feed) -> bytes:
    spaces = {"xmlns:thr": THREAD} if any(entry.answered for entry in feed.entries) else {}
    root = Tree.Element("feed", {"xmlns": ATOM} | spaces | {LANG: feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.updated))
    _link(root, "self", feed.url, CONTENT_TYPE.partition(";")[0])
    _link(root, "alternate", feed.page, "text/html", feed.language)
    _people(root, feed.author)
    for entry in feed.entries:
        _entry(root, entry)
    return Tree.tostring(root, encoding="utf-8", xml_declaration=True)


def _entry(root: Tree.Element, entry: Entry) -> None:
    # Links in its content may lead from its page: “/fr/”, “#programme” (RFC 4287, 2).
    element = Tree.SubElement(root, "entry", {BASE: entry.url})
    _add(element, "id", entry.id)
    _add(element, "title", entry.title, _in(entry.title_language))
    _add(element, "published", _moment(entry.published))
    _add(element, "updated", _moment(entry.updated))
    _link(element, "alternate", entry.url, "text/html")
    if entry.answered:
        there = {"ref": entry.answered.id, "type": "text/html", "href": entry.answered.url}
        Tree.SubElement(element, "thr:in-reply-to", there)
    _people(element, entry.author)
    _add(element, "content", entry.html, {"type": "html"} | _in(entry.html_language))


def _in(language: str) -> dict[str, str]:
    return {LANG: language} if language else {}


def _people(element: Tree.Element, name: str) -> None:
    if name:
        _add(Tree.SubElement(element, "author"), "name", name)


def _link(element: Tree.Element, rel: str, href: str, kind: str, language: str = "") -> None:
    attributes = {"rel": rel, "type": kind, "href": href} | ({"hreflang": language} if language else {})
    Tree.SubElement(element, "link", attributes)


def _add(element: Tree.Element, name: str, text: str, attributes: dict[str, str] | None = None) -> None:
    Tree.SubElement(element, name, attributes or {}).text = for_xml(text)


def _moment(moment: datetime) -> str:
    """RFC 3339, in UTC and whole seconds."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
