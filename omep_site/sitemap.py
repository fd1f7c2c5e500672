"""What search engines are told of the site: its public pages in each language in which they are written, and where they
may go (sitemaps.org; Google's “localized versions”; RFC 9309).

Not Django's sitemaps: they take their host from the request, list every language for every page, and write x-default for
a language that may be missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

from django.conf import settings
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.models import Comment
from events.models import Event
from events.reading import read as read_event
from newsletter.models import Issue
from newsletter.reading import read as read_letter
from omep_site.lib.links import Translation, absolute, in_every_language
from omep_site.lib.public import public_page
from pages.models import Page
from pages.reading import read as read_page

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
MOST = 50_000  # addresses in one sitemap (sitemaps.org): a longer one is refused whole


@dataclass(frozen=True)
class Listed:
    """A page in the languages in which it exists. `changed` is None where nobody can tell: better no date than one
    that search engines learn not to trust."""

    translations: list[Translation]
    changed: datetime | None = None


@public_page()
@require_safe
def sitemap(request):
    return HttpResponse(
        written([*lists(), *pages(), *events(timezone.now()), *letters()]),
        content_type="application/xml; charset=utf-8",
    )


@public_page()
@require_safe
def robots(request):
    """What must not be found says so itself (noindex), which a robot that may not read it would never learn."""
    text = f"User-agent: *\nDisallow: /admin/\n\nSitemap: {absolute('/sitemap.xml')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request):
    """Asked for by what reads no HTML. To the icon that the pages name, instead of a page that says 404."""
    response = redirect(static("icon.svg"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def lists() -> list[Listed]:
    return [Listed(in_every_language(name)) for name in ("events:home", "events:list")]


def events(now) -> list[Listed]:
    """The latest first. An event's page changes with its words, and with its comments."""
    commented = dict(Comment.objects.visible().order_by().values_list("event").annotate(Max("updated_at")))
    found = []
    for event in Event.objects.published(now).order_by("-starts_at", "-pk"):
        moments = [event.publish_at, event.updated_at, commented.get(event.pk)]
        found.append(Listed(read_event(event, settings.LANGUAGE_CODE, now).translations, max(filter(None, moments))))
    return found


def pages() -> list[Listed]:
    found = Page.objects.published()
    return [Listed(read_page(page, settings.LANGUAGE_CODE).translations, page.updated_at) for page in found]


def letters() -> list[Listed]:
    """Where one has gone out, their list too. A letter does not change any more."""
    found = [
        Listed(read_letter(each, settings.LANGUAGE_CODE).translations, each.queued_at)
        for each in Issue.objects.public()
    ]
    return [Listed(in_every_language("newsletter:issues")), *found] if found else []


def written(found: Iterable[Listed]) -> bytes:
    """The first of them, up to MOST addresses; a page is told in all its languages or not at all."""
    root = Tree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for listed in found:
        existing = [each for each in listed.translations if each.public]
        if len(root) + len(existing) > MOST:
            break
        for translation in existing:
            _url(root, translation, existing if len(existing) > 1 else [], listed.changed)
    return Tree.tostring(root, encoding="utf-8", xml_declaration=True)


def _url(root: Tree.Element, page: Translation, alternates: list[Translation], changed: datetime | None) -> None:
    element = Tree.SubElement(root, "url")
    Tree.SubElement(element, "loc").text = page.url
    if changed:
        Tree.SubElement(element, "lastmod").text = f"{changed.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    for each in alternates:
        _alternate(element, each.language, each.url)
        if each.language == settings.LANGUAGE_CODE:  # as the pages say themselves (templates/_alternates.html)
            _alternate(element, "x-default", each.url)


def _alternate(element: Tree.Element, language: str, url: str) -> None:
    Tree.SubElement(element, "xhtml:link", {"rel": "alternate", "hreflang": language, "href": url})
