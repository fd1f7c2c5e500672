"""The page of one event: for everybody, and as a preview for those who may see it earlier."""

from dataclasses import replace

from django.shortcuts import render
from django.utils import timezone, translation

from events.completeness import reports
from events.loading import load_parts
from events.models import Event
from events.reading import Reading, path_of, read
from omep_site.lib.links import Translation
from omep_site.lib.paging import on_page

COMMENTS = "comments"  # the parameter of its address that says which page of the comments is asked for


def event_page(
    request,
    reading: Reading,
    status: int = 200,
    template: str = "events/detail.html",
    comments_page: int = 1,
    **context,
):
    """The event's page, with one page of its comments; comments answer with it too, with the form that was sent in
    `context`. Raises Http404 where there are not so many pages of comments."""
    load_parts(reading.event)
    standard = {
        "reading": reading,
        "event": reading.event,
        "translations": in_every_language(reading, comments_page),
        "comments_page": comments_page,
        "canonical": reading.canonical,
    }
    return render(request, template, standard | context, status=status)


def in_every_language(reading: Reading, number: int) -> list[Translation]:
    """The event's page with a page of its comments, which are the same in each language. Search engines are told of the
    first alone: all are canonical to it, because what they have in common, the event, is what people look for."""
    if number == 1:
        return reading.translations
    return [replace(each, path=on_page(each.path, COMMENTS, number), public=False) for each in reading.translations]


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
