"""Whether an address leads anywhere: on this site, by asking its page; elsewhere, by asking that site.

Other sites are asked a few at a time, with little patience. What an editor typed must not make this machine talk to its
own network: an address is resolved first, every answer must be on the public internet, and the connection goes to that
very answer, so that a name which is resolved twice leads nowhere else.
"""

import http.client
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from enum import Enum
from hashlib import sha256
from io import BytesIO
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import get_language_from_path
from redis import RedisError

logger = logging.getLogger(__name__)

PATIENCE = 5  # seconds for each answer, also of a server that sends it byte by byte
ALTOGETHER = 20  # seconds for all of them
AT_ONCE = 5
MOST_REDIRECTS = 3
REMEMBERED = 300  # seconds: whoever checks and then sends does not ask twice
GONE = {404, 410}
PORTS = {80, 443, 8080, 8443}  # where sites are; what else listens is not to be spoken to
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # a gateway makes any IPv4 address of it (RFC 6052)
SAFE = "%/?:@!$&'()*+,;=-._~[]"  # what an address may hold as it is (RFC 3986); letters with accents are written out


class Verdict(Enum):
    ALIVE = "alive"
    DEAD = "dead"  # the site itself says so
    SILENT = "silent"  # nobody knows


class NotPublic(Exception):
    """The name leads into a private network, or nowhere."""


def is_ours(url: str) -> bool:
    return urlsplit(url).netloc == urlsplit(settings.SITE_URL).netloc


# --- This site --------------------------------------------------------------------------------------------------------


def ask_ourselves(url: str) -> Verdict:
    """Public pages only: what stands in the editors' house is no page for readers."""
    parts = urlsplit(url)
    path = parts.path or "/"
    if path.startswith(settings.STATIC_URL):
        return Verdict.ALIVE
    if path.startswith("/admin/"):
        return Verdict.DEAD
    with translation.override(get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            found = resolve(path)
            request = WSGIRequest(_environment(path, parts.query))
            request.resolver_match = found
            return (
                Verdict.DEAD if found.func(request, *found.args, **found.kwargs).status_code >= 400 else Verdict.ALIVE
            )
        except (Resolver404, Http404, PermissionDenied, SuspiciousOperation):
            return Verdict.DEAD
        except Exception:  # a page with a fault of ours, which must not be one of the check too
            logger.exception("a page that a letter leads to cannot be shown")
            return Verdict.SILENT


def _environment(path: str, query: str) -> dict:
    site = urlsplit(settings.SITE_URL)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "HTTP_HOST": site.netloc,
        "wsgi.url_scheme": site.scheme,
        "wsgi.input": BytesIO(),
    }


# --- Other sites ------------------------------------------------------------------------------------------------------


def ask_all(urls: Iterable[str]) -> dict[str, Verdict]:
    urls = list(dict.fromkeys(urls))
    known = _remembered(urls)
    pool = ThreadPoolExecutor(AT_ONCE)
    asked = {pool.submit(ask, url): url for url in urls if url not in known}
    done, _late = wait(asked, ALTOGETHER)
    pool.shutdown(wait=False, cancel_futures=True)
    for each in done:
        url = asked[each]
        known[url] = each.result()
    _remember({asked[each]: known[asked[each]] for each in done})
    return {url: known.get(url, Verdict.SILENT) for url in urls}


def _remembered(urls: list[str]) -> dict[str, Verdict]:
    try:
        found = cache.get_many([_key(url) for url in urls]) if urls else {}
    except RedisError:  # then all are asked
        return {}
    return {url: Verdict(found[_key(url)]) for url in urls if _key(url) in found}


def _remember(verdicts: dict[str, Verdict]) -> None:
    said = {_key(url): verdict.value for url, verdict in verdicts.items() if verdict is not Verdict.SILENT}
    if said:
        with suppress(RedisError):
            cache.set_many(said, REMEMBERED)


def _key(url: str) -> str:
    return "newsletter.link." + sha256(url.encode()).hexdigest()


def ask(url: str) -> Verdict:
    """By HEAD; by GET where that is refused or says that there is nothing: some sites answer one and not the other."""
    try:
        for method in ("HEAD", "GET"):
            status = _status(method, url)
            if status < 400:
                return Verdict.ALIVE
        return Verdict.DEAD if status in GONE else Verdict.SILENT
    except (OSError, http.client.HTTPException, NotPublic, ValueError):
        return Verdict.SILENT


def _status(method: str, url: str) -> int:
    for _redirect in range(MOST_REDIRECTS + 1):
        status, onward = _one_answer(method, url)
        if not onward:
            return status
        url = urljoin(url, onward)
    return status


def _one_answer(method: str, url: str) -> tuple[int, str]:
    """The status, and where a redirect leads to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise NotPublic
    host = parts.hostname.encode("idna").decode()
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    if port not in PORTS:
        raise NotPublic
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE)
    connection.sock = socket.create_connection((public_address(host, port), port), PATIENCE)
    # A time-out of the socket counts each piece by itself.
    ends = threading.Timer(PATIENCE, _end, [connection.sock])
    ends.daemon = True
    ends.start()
    try:
        if secure:
            connection.sock = ssl.create_default_context().wrap_socket(connection.sock, server_hostname=host)
        target = quote(parts.path or "/", SAFE) + (f"?{quote(parts.query, SAFE)}" if parts.query else "")
        connection.request(method, target, headers={"User-Agent": f"LinkCheck (+{settings.SITE_URL})", "Accept": "*/*"})
        answer = connection.getresponse()
        onward = answer.getheader("Location") if answer.status in (301, 302, 303, 307, 308) else ""
        return answer.status, onward or ""
    finally:
        ends.cancel()
        connection.close()


def _end(sock: socket.socket) -> None:
    """Whoever reads from it, reads the end."""
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def public_address(host: str, port: int) -> str:
    """One of the host's addresses. Raises NotPublic where any of them is not on the public internet."""
    found = {each[4][0] for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    if not found or not all(is_public(each) for each in found):
        raise NotPublic
    return sorted(found, key=lambda each: ":" in each)[0]  # IPv4 first: not every machine has the other


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if ip.version == 6 and ip in TRANSLATED:
        return False
    return ip.is_global and not ip.is_multicast and (inner is None or inner.is_global)
