"""The entrance, the pages for errors, and the two addresses that machines ask."""

import sys
from contextlib import suppress

from django.conf import settings
from django.contrib import admin
from django.db import Error
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache

from omep_site import away
from omep_site.lib import incidents, tallies, work
from omep_site.lib.database import pending_migrations
from omep_site.lib.headers import POLICY_OF_A_FORM, protect
from omep_site.lib.links import in_every_language
from omep_site.lib.public import CACHE_CONTROL
from omep_site.lost import meant
from omep_site.models import Kind


def entrance(request):
    """To the home page in the visitor's language."""
    with translation.override(accepted_language(request)):
        response = HttpResponseRedirect(reverse("events:home"))
    response["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept-Language"])
    return response


def accepted_language(request) -> str:
    """The first language of Accept-Language that the site has, else French."""
    for wanted, quality in translation.trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if not quality:
            continue
        try:
            return translation.get_supported_language_variant(wanted)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE


@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@never_cache
def readyz(request):
    """The database answers and has every migration."""
    try:
        pending = pending_migrations()
    except Error as error:
        away.tell(error)
        return HttpResponse("the database does not answer\n", content_type="text/plain; charset=utf-8", status=503)
    if pending:
        return HttpResponse("migrations are pending\n", content_type="text/plain; charset=utf-8", status=503)
    return HttpResponse("ready\n", content_type="text/plain; charset=utf-8")


def bad_request(request, exception=None):
    return _error(request, 400)


def unreadable(request, status, **context):
    """400, 411 or 413: what was sent is not of a form or size that this site takes.

    `too_large` says so. Under /admin/, `megabytes` is the most that an editor may send at once; `signed_out`, that
    nobody is signed in.
    """
    return _error(request, status, "400", **context)


def forbidden(request, exception=None):
    return _refused(request, "admin/403.html") if _signed_in(request) else _error(request, 403)


def unconfirmed(request, reason=""):
    """A form of the admin came without the token of its session: mostly it was opened before signing in again."""
    return _refused(request, "admin/403_csrf.html")


def _signed_in(request) -> bool:
    """Only under /admin/ does a request know anybody."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


def _refused(request, template):
    """In the house, with the way back into it."""
    return render(request, template, admin.site.each_context(request) | {"signed_in": _signed_in(request)}, status=403)


def not_found(request, exception=None):
    return _error(request, 404, meant=meant(request.path_info))


def not_allowed(request, allow: str):
    """405: an address that is only to be read was sent something (RFC 9110, 15.5.6); `allow` names what it takes."""
    response = _error(request, 405)
    response["Allow"] = allow
    return response


def _error(request, status, template=None, **context):
    with translation.override(_language(request)):
        context |= {"translations": in_every_language("events:home", public=False), "is_error": True}
        return render(request, f"errors/{template or status}.html", context, status=status)


def _language(request) -> str:
    if hasattr(request, "LANGUAGE_CODE"):
        return translation.get_language()
    # The fault came before the middleware that finds the language: the active one was the last visitor's.
    return translation.get_language_from_path(request.path_info) or accepted_language(request)


# --- A fault of ours ------------------------------------------------------------------------------------------------

# Said without the catalogues, which may be what is broken, and in both languages: the visitor's may be unknown.
FAULT = {
    "fr": {
        "title": "Une erreur de notre côté",
        "lead": "La page n’a pas pu être affichée. Ce n’est pas de votre faute, et nous en sommes désolés.",
        "then": "Réessayez dans un instant. Si vous aviez écrit quelque chose, revenez en arrière\xa0: votre navigateur "
        "l’a sans doute gardé.",
        "again": "Réessayer",
        "home": "Aller à la page d’accueil",
        "reference": "Référence\xa0:",
    },
    "en": {
        "title": "A fault on our side",
        "lead": "The page could not be shown. It is nothing that you did, and we are sorry.",
        "then": "Please try again in a moment. If you had written something, go back: your browser has most likely "
        "kept it.",
        "again": "Try again",
        "home": "Go to the home page",
        "reference": "Reference:",
    },
}


def server_error(request):
    """500. No database, account or word of the site is asked: whatever is broken, this page is not.

    503, with what was sent, where nothing is broken but the database away, and a middleware was the one to find out.
    """
    fault = sys.exc_info()[1]
    if fault is not None and away.is_away(fault):
        with suppress(Exception), translation.override(_language(request)):
            response = away.answer(request, fault)
            response["Content-Security-Policy"] = POLICY_OF_A_FORM
            return protect(request, response)
    tallies.count("faults", "web")
    incidents.note(Kind.FAULT)
    first = request.path_info.split("/")[1] if request.path_info.startswith("/") else ""
    languages = sorted(FAULT, key=lambda language: language != first)
    try:
        stylesheet = static("site.css")
    except Exception:  # the list of static files is away; the page can be read without its looks
        stylesheet = ""
    context = {
        "words": [(language, FAULT[language]) for language in languages],
        "stylesheet": stylesheet,
        "can_try_again": request.method in ("GET", "HEAD"),
        "reference": work.current_id(),
    }
    response = HttpResponse(render_to_string("errors/500.html", context), status=500)
    response["Content-Language"] = languages[0]
    return protect(request, response)  # the fault may be one of the middlewares that would do it
