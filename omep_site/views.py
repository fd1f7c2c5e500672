"""The entrance, the pages for errors, and the two addresses that machines ask."""

from django.conf import settings
from django.contrib import admin
from django.db import Error
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache

from omep_site.lib.database import pending_migrations
from omep_site.lib.links import in_every_language
from omep_site.lib.public import CACHE_CONTROL


def entrance(request):
    """To the home page in the first language of Accept-Language that the site has, else in French."""
    language = settings.LANGUAGE_CODE
    for wanted, quality in translation.trans_real.parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if not quality:
            continue
        try:
            language = translation.get_supported_language_variant(wanted)
            break
        except LookupError:
            continue
    with translation.override(language):
        response = HttpResponseRedirect(reverse("events:home"))
    response["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept-Language"])
    return response


@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
def readyz(request):
    """The database answers and has every migration."""
    try:
        pending = pending_migrations()
    except Error:
        return HttpResponse("the database does not answer\n", content_type="text/plain", status=503)
    if pending:
        return HttpResponse("migrations are pending\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


def bad_request(request, exception=None):
    return _error(request, 400)


def unreadable(request, status, **context):
    """400, 411 or 413: what was sent is not of a form or size that this site takes.

    Under /admin/, `megabytes` is the most that an editor may send at once; `signed_out`, that nobody is signed in.
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
    return _error(request, 404)


def server_error(request):
    return _error(request, 500)


def _error(request, status, template=None, **context):
    context |= {"translations": in_every_language("events:home", public=False), "is_error": True}
    return render(request, f"errors/{template or status}.html", context, status=status)
