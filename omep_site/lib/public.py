"""Whole public pages, kept in memory and answered before any other code runs.

A view marked with `@public_page()` promises that its answer is the same for everybody. The first middleware keeps
what it answered: the body, its compressed forms and a strong ETag for each (RFC 9110, 8.8.3). A kept page ends

- when the content version moves: one row in the database, raised in the transaction of whatever changed a page, and
  remembered by each process for half a second at most (asking for every request would cost more than the answer);
- at the next moment at which the clock changes a page (`settings.PUBLIC_PAGE_CLOCKS`);
- after LONGEST_LIFE in any case.

Memory is bounded by MOST_BYTES for each process; the oldest pages go first.
"""

import logging
import threading
import time
from functools import cache, wraps
from http.cookies import SimpleCookie
from time import perf_counter

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from omep_site.lib import incidents, tallies
from omep_site.lib.kept import Page, Shelf
from omep_site.lib.memo import Memo
from omep_site.lib.requests import IS_KEPT
from omep_site.lib.turns import neighbours, threads, turn_at
from omep_site.models import ContentVersion

logger = logging.getLogger(__name__)

VERSION_MEMORY = 0.5  # seconds
LATE = 0.2  # seconds for which it is believed longer while another thread asks
LONGEST_LIFE = 600  # seconds
# Browsers ask each time and mostly get a 304. A proxy in front may answer for a second by itself, and for an hour while
# the site is down (RFC 5861, 4).
CACHE_CONTROL = "public, max-age=0, s-maxage=1, stale-if-error=3600"
CACHE_CONTROL_PASSING = "public, max-age=0"  # no proxy is to keep what we do not


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


def of_readers(response):
    """Marks the answer to an editor's click that changed nothing but what readers said."""
    response.public_of_readers = True
    return response


def bump(*, of_readers: bool = False) -> None:
    """Call in the transaction of any change that visitors can see: every kept page, on every machine, is then old.

    `of_readers`: nothing but what readers said has changed, so that what is remembered of the rest stays right.
    """
    ContentVersion.raise_by_one(of_readers)
    forget_version()
    transaction.on_commit(forget_version)


# --- The content version, remembered --------------------------------------------------------------------------------

# Until when (monotonic seconds), which numbers, after how many times forgotten.
_remembered = (float("-inf"), (0, 0), 0)
_forgotten = 0
_asking = threading.Lock()


def forget_version() -> None:
    global _forgotten
    _forgotten += 1


def version_in_memory() -> int | None:
    """`version()`, unless the database would have to be asked."""
    until, numbers, forgotten = _remembered
    return numbers[0] if until > time.monotonic() and forgotten == _forgotten else None


def version() -> int:
    """Moves with every change of a page."""
    return _versions()[0]


def base_version() -> int:
    """Moves with every change but those to what readers said."""
    return _versions()[1]


def _versions() -> tuple[int, int]:
    global _remembered
    until, numbers, forgotten = _remembered
    now = time.monotonic()
    if until > now and forgotten == _forgotten:
        return numbers
    is_first = _asking.acquire(blocking=False)
    try:
        if not is_first and until + LATE > now and forgotten == _forgotten:
            return numbers
        forgotten = _forgotten  # before the query: its answer may be overtaken by a change in another thread
        numbers = ContentVersion.both()
        _remembered = (now + VERSION_MEMORY, numbers, forgotten)
        return numbers
    finally:
        if is_first:
            _asking.release()


class Remembered:
    """What pages ask of the database beside what readers said: kept until that changes, or the clock changes a page."""

    MOST = 500

    def __init__(self, number: int):
        self.number = number
        self.since = timezone.now()
        self.until: float | None = None  # the next change by the clock after `since`, once that was asked
        self.found = Memo(self.MOST)

    def next_change(self, started) -> float:
        """By the clock, after `started` (seconds since 1970). What was asked once serves whoever began before it."""
        if self.until is None:
            self.until = _next_change(self.since)
        is_so = self.since <= started and started.timestamp() < self.until
        return self.until if is_so else _next_change(started)


_base = Remembered(-1)


def _remembered_now() -> Remembered:
    global _base
    number, base = base_version(), _base
    if base.number != number or (base.until or float("inf")) <= time.time():
        base = _base = Remembered(number)
    return base


def remember(key: tuple, make):
    """What `make` returned for this key. It is shared by all threads: nobody may change it. None is not remembered."""
    return _remembered_now().found.get(key, make)


def forget() -> None:
    """As in a new process."""
    global _base
    _base = Remembered(-1)
    shelf.clear()
    forget_version()


@cache
def _clocks():
    return [import_string(path) for path in settings.PUBLIC_PAGE_CLOCKS]


def _next_change(after) -> float:
    moments = [clock(after) for clock in _clocks()]
    return min((moment.timestamp() for moment in moments if moment), default=float("inf"))


# --- The middleware -------------------------------------------------------------------------------------------------


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
        except Error as error:  # the database is away; /healthz and /readyz answer without it
            incidents.note_error(error)
            page = shelf.last(request)
            return self.kept(request, page) if page else self.get_response(request)
        page = shelf.find(request, number)
        if page:
            return self.kept(request, page)
        listed = shelf.listed(request.path)
        if listed is None:  # nothing was kept of it: most likely nothing will be
            return self.make(request, number)[1]
        return self.make_or_wait(request, number, listed)

    def make_or_wait(self, request, number, listed) -> HttpResponse:
        """A page whose copy has just ended. One makes it; the others answer with the old copy, or wait."""
        key = shelf.key(request, listed)
        old = shelf.old(key)
        with turn_at(key) as is_ours:
            if is_ours:
                return self.make_unless_made(request, number, listed, key, old)
        if old:
            return self.kept(request, old)
        threads.wait(key)
        number = version()
        page = shelf.find(request, number)
        return self.kept(request, page) if page else self.make(request, number)[1]

    def make_unless_made(self, request, number, listed, key, old) -> HttpResponse:
        """With the turn among this process's threads; other processes may have had theirs."""
        page = shelf.find(request, number)
        if page:
            return self.kept(request, page)
        others = neighbours()
        if page := others.find(number, key):
            shelf.keep(request, number, listed, page)
            return self.kept(request, page)
        has_turn = others.take(number, key)
        if old and not has_turn:
            return self.kept(request, old)
        page = None
        try:
            page, response = self.make(request, number)
            return response
        finally:
            if has_turn:
                others.give_back(number, key, page)

    def kept(self, request, page) -> HttpResponse:
        request.META[IS_KEPT] = True
        return page.answer(request)

    def make(self, request, number):
        """The page, where it is one that is kept, and the answer."""
        base = _remembered_now()
        started, began = timezone.now(), perf_counter()
        response = self.get_response(request)
        params = getattr(response, "public_params", None)
        if params is None or response.status_code != 200 or not self.is_the_same_for_everybody(response):
            return None, response
        tallies.took("renders", perf_counter() - began)
        is_passing = getattr(response, "public_passing", False)
        response["Cache-Control"] = CACHE_CONTROL_PASSING if is_passing else CACHE_CONTROL
        page = Page(response, min(started.timestamp() + LONGEST_LIFE, base.next_change(started)))
        answer = page.answer(request)
        if request.method != "GET" or is_passing:
            return None, answer
        shelf.keep(request, number, params, page)
        return page, answer

    def change(self, request):
        response = self.get_response(request)
        # One place for all that editors do: reverting, reordering and "delete selected" go through no verb of ours.
        # Nobody else may raise it; an earlier middleware's answer, such as the redirect to https, knows no user at all.
        user = getattr(request, "user", None)
        if response.status_code < 400 and user is not None and user.is_staff:
            bump(of_readers=getattr(response, "public_of_readers", False))
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
