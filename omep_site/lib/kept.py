"""Kept answers: one page in each of its encodings, and the shelf on which a process keeps the pages that it made."""

import gzip
import hashlib
import threading
import time
from functools import lru_cache
from operator import itemgetter
from urllib.parse import parse_qsl

import brotli
from django.http import HttpResponse
from django.http.response import ResponseHeaders
from django.utils.cache import patch_vary_headers

MOST_BYTES = 64 * 2**20  # of the pages that one process keeps
# For so long an old page is still answered while somebody makes the new one. With the version's own memory
# (omep_site.lib.public) it is less than the second within which an editor's click shows everywhere.
GRACE = 0.25  # seconds
WITHOUT_A_DATABASE = 3600  # seconds for which the last copy is answered
TEXT = ("text/", "application/xml", "application/atom+xml", "image/svg+xml")  # what is made smaller; pictures are it
ABOUT_THE_BODY = {"Content-Type", "Content-Length", "Content-Encoding"}  # what a 304 leaves out
# Brotli beyond 6 takes thirty times as long for a page and saves a few bytes (measured on an event's page).
COMPRESSORS = {
    "br": lambda body: brotli.compress(body, quality=6),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),
}


class Ready(HttpResponse):
    """An answer whose headers were put together when its page was kept. They are shared: nothing may change them, and
    nothing does, as the middleware that answers so is the last to see an answer."""

    def __init__(self, body: bytes, headers: ResponseHeaders, status: int = 200):
        super().__init__(body, content_type="", status=status)
        self.headers = headers


class Form:
    """A page in one encoding."""

    def __init__(self, body: bytes, etag: str, headers: dict[str, str]):
        self.body, self.etag = body, etag
        self.headers = ResponseHeaders(headers | {"ETag": etag, "Content-Length": str(len(body))})
        self.of_304 = ResponseHeaders({name: v for name, v in self.headers.items() if name not in ABOUT_THE_BODY})
        self.lines, self.lines_of_304 = list(self.headers.items()), list(self.of_304.items())


class Page:
    """One answer, with a strong ETag for each encoding (RFC 9110, 8.8.3) in which it was asked for so far."""

    def __init__(self, response, expires: float):
        self.body = response.content
        self.is_text = response.get("Content-Type", "").startswith(TEXT)
        if self.is_text:
            patch_vary_headers(response, ["Accept-Encoding"])
        self.headers = {name: value for name, value in response.items() if name != "Content-Length"}
        self.digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()
        self.expires = expires
        self.forms: dict[str, Form] = {}

    @property
    def size(self) -> int:
        return 2 * len(self.body)  # with its compressed forms and headers

    def form(self, encoding: str) -> Form:
        """Compressed the first time that it is asked for."""
        form = self.forms.get(encoding)
        if form is None:
            compress = COMPRESSORS.get(encoding)
            if compress:
                headers = self.headers | {"Content-Encoding": encoding}
                form = Form(compress(self.body), f'"{self.digest}-{encoding}"', headers)
            else:
                form = Form(self.body, f'"{self.digest}"', self.headers)
            self.forms[encoding] = form
        return form

    def asked(self, meta: dict) -> tuple[Form, bool]:
        """The form that these headers of a request ask for, and whether whoever asks has it."""
        form = self.form(preferred_encoding(meta.get("HTTP_ACCEPT_ENCODING", "") if self.is_text else ""))
        known = meta.get("HTTP_IF_NONE_MATCH")
        return form, bool(known) and matches(known, form.etag)

    def answer(self, request) -> HttpResponse:
        form, is_known = self.asked(request.META)
        if is_known:
            return Ready(b"", form.of_304, status=304)
        return Ready(b"" if request.method == "HEAD" else form.body, form.headers)


@lru_cache(256)  # browsers say it in a few ways
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


class Pages:
    """What was made from one content version, at most MOST_BYTES of it: the oldest go first."""

    def __init__(self, version):
        self.version = version
        self.pages: dict[tuple, Page] = {}
        # By path: which query parameters its view listed, and how many pages there are of it.
        self.params: dict[str, tuple[tuple[str, ...], int]] = {}
        self.bytes = 0

    def add(self, key: tuple, params: tuple[str, ...], page: Page) -> None:
        self.drop(key)
        while self.pages and self.bytes + page.size > MOST_BYTES:
            self.drop(next(iter(self.pages)))
        if page.size <= MOST_BYTES:
            path = key[PATH]
            self.params[path] = (params, self.params.get(path, ((), 0))[1] + 1)
            self.pages[key] = page
            self.bytes += page.size

    def drop(self, key: tuple) -> None:
        old = self.pages.pop(key, None)
        if old is None:
            return
        self.bytes -= old.size
        path = key[PATH]
        params, count = self.params.pop(path)
        if count > 1:
            self.params[path] = (params, count - 1)


PATH = 2  # its place in a key


class Shelf:
    """The pages that this process keeps, and for a moment those that were right until just now."""

    def __init__(self):
        self.lock = threading.Lock()
        self.clear()

    def clear(self) -> None:
        self.now, self.before, self.before_until = Pages(None), Pages(None), 0.0

    def of(self, version) -> Pages:
        """The pages made from this version, once it is known that it is the one in force."""
        now = self.now
        if now.version != version:
            with self.lock:
                now = self.now
                if now.version != version:
                    self.before, self.before_until = now, time.time() + GRACE
                    self.now = now = Pages(version)
        return now

    def listed(self, path: str) -> tuple[str, ...] | None:
        """The query parameters that the view of this path listed when it answered last; None where it is no page of
        which anything was kept."""
        found = self.now.params.get(path) or self.before.params.get(path)
        return found[0] if found else None

    def key(self, request, listed: tuple[str, ...]) -> tuple:
        """Parameters that the page did not list make no entry of their own, and neither do ports."""
        asked = request.META.get("QUERY_STRING", "")
        pairs = parse_qsl(asked, keep_blank_values=True) if listed and asked else ()
        # By name only: of a parameter that comes twice, views read the last.
        chosen = tuple(sorted((pair for pair in pairs if pair[0] in listed), key=itemgetter(0)))
        host = request.META.get("HTTP_HOST", "")
        return request.scheme, host.rpartition(":")[0] or host if host[-1:].isdigit() else host, request.path, chosen

    def find(self, request, version) -> Page | None:
        pages, listed = self.of(version).pages, self.listed(request.path)
        page = None if listed is None else pages.get(self.key(request, listed))
        return page if page and page.expires > time.time() else None

    def old(self, key: tuple) -> Page | None:
        """The page that was right a moment ago, for whoever need not wait for the new one."""
        now = time.time()
        page = self.now.pages.get(key)
        if page is None and now < self.before_until:
            page = self.before.pages.get(key)
        return page if page and page.expires + GRACE > now else None

    def last(self, request) -> Page | None:
        """The newest copy there is, for an hour after its end: of a page that cannot be made."""
        listed = self.listed(request.path)
        if listed is None:
            return None
        key = self.key(request, listed)
        page = self.now.pages.get(key) or self.before.pages.get(key)
        return page if page and page.expires + WITHOUT_A_DATABASE > time.time() else None

    def keep(self, request, version, params: tuple[str, ...], page: Page) -> None:
        with self.lock:
            if self.before_until <= time.time():
                self.before = Pages(None)  # its memory
            if version == self.now.version:
                self.now.add(self.key(request, params), params, page)
