"""The page of one event: for everybody, and as a preview for those who may see it earlier."""

from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import render
from django.utils import timezone, translation

from events.completeness import reports
from events.models import Event, EventPartner
from events.reading import Reading, path_of, read
from omep_site.lib.links import Translation

# Shown on the page and told to search engines and networks: asked for once.
SHOWN_AND_TOLD = (
    "pictures",
    "speakers",
    Prefetch("eventpartner_set", EventPartner.objects.select_related("partner")),
)


def event_page(request, reading: Reading, status: int = 200, template: str = "events/detail.html", **context):
    """The event's page; comments answer with it too, with the form that was sent in `context`."""
    prefetch_related_objects([reading.event], *SHOWN_AND_TOLD)
    standard = {
        "reading": reading,
        "event": reading.event,
        "translations": reading.translations,
        "canonical": reading.canonical,
    }
    return render(request, template, standard | context, status=status)


def preview_page(request, event: Event, language: str, paths: dict[str, str], **context):
    """The page as it would be public, in `language`, with a banner that says what it lacks, and nothing to send.

    `paths` lead to the preview in each language. Where a language is missing it shows what the public would see, and
    where none is complete, whatever words there are.
    """
    with translation.override(language):
        is_public = event.is_published()
        context |= {
            "translations": [Translation(code, path, public=False) for code, path in paths.items()],
            "canonical": None,
            "private": True,
            "reports": reports(event),
            "is_public": is_public,
            "public_path": path_of(event, language) if is_public else "",
            "goes_out_at": event.publish_at if event.publish_at and event.publish_at > timezone.now() else None,
            "nothing_complete": not event.complete_languages(),
        }
        response = event_page(request, read(event, language), template="events/preview.html", **context)
        response["Content-Language"] = language
    return unlisted(response)


def unlisted(response):
    """For answers that are not everybody's: nothing keeps them, and no search engine takes them up."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
