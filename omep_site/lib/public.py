"""Whole public pages, kept in memory and answered before any other code runs.

A view marked with `@public_page()` promises that its answer is the same for everybody. The first middleware keeps
what it answered: the body, its compressed forms and a strong ETag for each (RFC 9110, 8.8.3). A kept page ends

- when the content version moves: one row in the database, raised in the transaction of whatever changed a page, and
  remembered by each process for half a second at most (asking for every request would cost more than the answer);
- at the next moment at which the clock changes a page (`settings.PUBLIC_PAGE_CLOCKS`);
- after LONGEST_LIFE in any case.

Memory is bounded by MOST_BYTES for each process; the oldest pages go first.
"""

import gzip
import hashlib
import logging
import threading
import time
from functools import cache, wraps
from http.cookies import SimpleCookie
from operator import itemgetter
from urllib.parse import parse_qsl

import brotli
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, transaction
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from omep_site.models import ContentVersion

logger = logging.getLogger(__name__)

VERSION_MEMORY = 0.5  # seconds
LONGEST_LIFE = 600  # seconds
MOST_BYTES = 64 * 2**20
# Browsers ask each time and mostly get a 304; a proxy in front may answer for a second by itself, and for an hour where
# the site does not answer (RFC 5861).
CACHE_CONTROL = "public, max-age=0, s-maxage=1, stale-if-error=3600"
CACHE_CONTROL_PASSING = "public, max-age=0"  # no proxy is to keep what we do not
TEXT = ("text/", "application/xml", "application/atom+xml", "image/svg+xml")  # what is made smaller; pictures are it
ABOUT_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}  # what a 304 leaves out
# Brotli beyond 6 takes thirty times as long for a page and saves a few bytes (measured on an event's page).
COMPRESSORS = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),
}


def public_page(*params: str, endless: tuple[str, ...] = ()):
    """Marks a view whose answer is the same for everybody; `params` are the query parameters that change it. Those that
    are `endless` take whatever somebody types, so that nobody keeps what is answered to them (`passing`)."""

    def decorate(view):
        @wraps(view)
        def marked(request, *args, **kwargs):
            response = view(request, *args, **kwargs)
            response.public_params = params
            return response

        # For whoever looks through the site's addresses (omep_site/proxy.py).
        marked.public_params = tuple(name for name in params if name not in endless)
        return marked

    return decorate


def passing(response):
    """Marks the answer of a public view that is the same for everybody and yet not kept, because nobody can say how many
    of its kind there are: what was found for words that somebody typed, say. It has its ETag and its compression."""
    response.public_passing = True
    return response


def bump() -> None:
    """Call in the transaction of any change that visitors can see: every kept page, on every machine, is then old."""
    ContentVersion.raise_by_one()
    forget_version()
    transaction.on_commit(forget_version)


# --- The content version, remembered --------------------------------------------------------------------------------

_remembered = (float("-inf"), 0, 0)  # until when (monotonic seconds), which number, after how many times forgotten
_forgotten = 0


def forget_version() -> None:
    global _forgotten
    _forgotten += 1


def version() -> int:
    global _remembered
    until, number, forgotten = _remembered
    now = time.monotonic()
    if until <= now or forgotten != _forgotten:
        forgotten = _forgotten  # before the query: its answer may be overtaken by a change in another thread
        number = ContentVersion.current()
        _remembered = (now + VERSION_MEMORY, number, forgotten)
    return number


@cache
def _clocks():
    return [import_string(path) for path in settings.PUBLIC_PAGE_CLOCKS]


def end_of_life(started) -> float:
    """Until when (seconds since 1970) a page may be kept whose making began at `started`."""
    moments = [clock(started) for clock in _clocks()]
    return min([started.timestamp() + LONGEST_LIFE, *(moment.timestamp() for moment in moments if moment)])


# --- Pages ----------------------------------------------------------------------------------------------------------


class Page:
    """One kept answer, in the encodings that were asked for so far."""

    def __init__(self, response, expires: float):
        self.body = response.content
        self.is_text = response.get("Content-Type", "").startswith(TEXT)
        if self.is_text:
            patch_vary_headers(response, ["Accept-Encoding"])
        self.headers = {name: value for name, value in response.items() if name != "Content-Length"}
        self.digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()
        self.expires = expires
        self.forms: dict[str, tuple[bytes, str, dict]] = {}

    @property
    def size(self) -> int:
        return 2 * len(self.body)  # with its compressed forms and headers

    def form(self, encoding: str):
        """(body, ETag, headers) in one encoding; compressed the first time that it is asked for."""
        if encoding not in self.forms:
            compress = COMPRESSORS.get(encoding)
            body = compress(self.body) if compress else self.body
            etag = f'"{self.digest}-{encoding}"' if compress else f'"{self.digest}"'
            headers = self.headers | {"ETag": etag, "Content-Length": str(len(body))}
            if compress:
                headers["Content-Encoding"] = encoding
            self.forms[encoding] = (body, etag, headers)
        return self.forms[encoding]

    def answer(self, request) -> HttpResponse:
        accepted = request.META.get("HTTP_ACCEPT_ENCODING", "") if self.is_text else ""
        body, etag, headers = self.form(preferred_encoding(accepted))
        known = request.META.get("HTTP_IF_NONE_MATCH")
        if known and matches(known, etag):
            kept = {name: value for name, value in headers.items() if name not in ABOUT_THE_BODY}
            return HttpResponseNotModified(headers=kept)
        return HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)


def preferred_encoding(accepted: str) -> str:
    """Of what the client accepts (RFC 9110, 12.5.3), what is smallest: br, gzip or identity."""
    offered = {}
    for part in accepted.lower().split(","):
        name, *options = [each.strip() for each in part.split(";")]
        quality = next((option[2:] for option in options if option.startswith("q=")), "1")
        offered[name] = quality.strip("0. ") != ""
    for encoding in COMPRESSORS:
        if offered.get(encoding, offered.get("*", False)):
            return encoding
    return "identity"


def matches(if_none_match: str, etag: str) -> bool:
    """If-None-Match compares weakly (RFC 9110, 13.1.2)."""
    given = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in given or "*" in given


class Shelf:
    """The pages that this process keeps, all made from one content version."""

    def __init__(self):
        self.lock = threading.Lock()
        self.clear(None)

    def clear(self, version) -> None:
        self.pages: dict[tuple, Page] = {}
        self.params: dict[str, tuple[str, ...]] = {}  # by path: which query parameters its view listed
        self.bytes = 0
        self.version = version  # last: other threads read without the lock

    def key(self, request) -> tuple:
        """Parameters that the page did not list make no entry of their own."""
        listed = self.params.get(request.path, ())
        asked = request.META.get("QUERY_STRING", "")
        pairs = parse_qsl(asked, keep_blank_values=True) if listed and asked else ()
        # By name only: of a parameter that comes twice, views read the last.
        chosen = tuple(sorted((pair for pair in pairs if pair[0] in listed), key=itemgetter(0)))
        return request.scheme, request.META.get("HTTP_HOST", ""), request.path, chosen

    def find(self, request, version) -> Page | None:
        if version != self.version:
            with self.lock:
                if version != self.version:
                    self.clear(version)
        page = self.pages.get(self.key(request))
        return page if page and page.expires > time.time() else None

    def keep(self, request, version, params, page) -> None:
        with self.lock:
            if version != self.version:
                return
            if params:
                self.params[request.path] = params
            key = self.key(request)
            self._drop(key)
            while self.pages and self.bytes + page.size > MOST_BYTES:
                self._drop(next(iter(self.pages)))
            if page.size <= MOST_BYTES:
                self.pages[key] = page
                self.bytes += page.size

    def _drop(self, key) -> None:
        old = self.pages.pop(key, None)
        if old:
            self.bytes -= old.size


shelf = Shelf()


class PublicPages:
    """The first middleware: answers from the shelf, fills it, and raises the version after an editor's change."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.change(request)
        try:
            number = version()
        except Error:
            return self.get_response(request)  # /healthz and /readyz answer without a database
        page = shelf.find(request, number)
        if page is None:
            started = timezone.now()
            response = self.get_response(request)
            params = getattr(response, "public_params", None)
            if params is None or response.status_code != 200 or not self.is_the_same_for_everybody(response):
                return response
            is_passing = getattr(response, "public_passing", False)
            response["Cache-Control"] = CACHE_CONTROL_PASSING if is_passing else CACHE_CONTROL
            page = Page(response, end_of_life(started))
            if request.method == "GET" and not is_passing:
                shelf.keep(request, number, params, page)
        return page.answer(request)

    def change(self, request):
        response = self.get_response(request)
        # One place for all that editors do: reverting, reordering and "delete selected" go through no verb of ours.
        # Nobody else may raise it; an earlier middleware's answer, such as the redirect to https, knows no user at all.
        user = getattr(request, "user", None)
        if response.status_code < 400 and user is not None and user.is_staff:
            bump()
        return response

    def is_the_same_for_everybody(self, response) -> bool:
        fault = None
        if response.cookies != SimpleCookie():
            fault = f"sets the cookies {sorted(response.cookies)}"
        elif "cookie" in response.get("Vary", "").lower():
            fault = "varies on cookies"
        elif response.streaming:
            fault = "is streamed"
        if fault and settings.PUBLIC_PAGE_STRICT:
            raise ImproperlyConfigured(f"A public page {fault}.")
        if fault:
            logger.error("a public page is not kept: it %s", fault)
        return fault is None
