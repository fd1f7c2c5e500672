"""Where somebody meant to go who came to an address that is not there."""

from contextlib import suppress
from dataclasses import dataclass

from django.db import Error
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils import translation

from events.reading import Phrase
from events.views import find
from omep_site.lib.links import languages, path_in


@dataclass(frozen=True)
class Meant:
    path: str
    title: Phrase | None  # of an event


def meant(path: str) -> Meant | None:
    """The page that has this address in another language: /fr/events/… is one of the English pages, in French.

    None where there is none, which costs no query; an event is looked for where the address is like those of events.
    """
    wanted = translation.get_language_from_path(path)
    rest = path.removeprefix(f"/{wanted}/") if wanted else path.removeprefix("/")
    wanted = wanted or translation.get_language()
    for language in languages():
        if language == wanted:
            continue
        with translation.override(language), suppress(Resolver404):
            match = resolve(f"/{language}/{rest}")
            break
    else:
        return None
    if match.view_name == "events:detail":
        with suppress(Http404, Error):
            reading = find(match.kwargs["slug"], wanted)
            return Meant(reading.path, reading.title)
    elif not match.kwargs and match.namespace:
        return Meant(path_in(wanted, match.view_name), None)
    return None
