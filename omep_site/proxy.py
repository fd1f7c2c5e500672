"""The configuration of nginx for this installation, or of Caddy: deploy/nginx/site.conf and deploy/caddy/Caddyfile, filled in
from the settings and the addresses of the site. Whoever adds a public page, a language or a link with a token has nothing
to add there."""

import re
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.urls import URLPattern, get_resolver
from django.utils import translation

from omep_site import environment, proxy_pages
from omep_site.lib import headers, media
from omep_site.lib.links import languages

DEPLOY = Path(settings.BASE_DIR) / "deploy"

# What mail programmes, networks and advertising add to links. No page reads them.
TRACKING = "utm_[a-z_]+|mtm_[a-z_]+|pk_[a-z_]+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|twclid|igshid|mc_cid|mc_eid"

# Addresses to which mail programmes post by themselves, hundreds after one letter (RFC 8058), by their names in urls.
ONE_CLICK = {"unsubscribe", "stop_all", "stop_one"}
REPORTS = "/anymail/"

# Mozilla's “intermediate”, which every browser of the last ten years reads.
TLS = """ssl_protocols TLSv1.2 TLSv1.3;
    ssl_prefer_server_ciphers off;
    ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:\
ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;"""


def configuration(
    *, apps: list[str], balancers: list[str], static: str | None, tls: bool, listen: list[str], plain_listen: list[str],
    certificate: str, key: str, cache: str, logs: str, brotli: bool,
) -> str:  # fmt: skip
    values = shared(apps, balancers, static) | {
        "tls": tls,
        # Of several in a row, each that is known is passed over; one alone says who asked it, whoever that is.
        "several_in_a_row": settings.TRUSTED_PROXIES > 2,
        # As many addresses as the site counts proxies, because it reads the first of them (omep_site/lib/network.py).
        "forwarded_for": ", ".join(["$remote_addr", *["$realip_remote_addr"] * (settings.TRUSTED_PROXIES - 1)]),
        "several": len(apps) > 1,
        "listen": listen,
        "plain_listen": plain_listen if tls else listen,
        "protocols": TLS,
        "certificate": certificate,
        "key": key,
        "cache": cache,
        "logs": logs,
        "brotli": brotli,
        "media_url": settings.MEDIA_URL,
        "media": plain(f"{settings.MEDIA_URL}{media.NAME.pattern}"),
        "tracking": TRACKING,
        **addresses(),
    }
    return filled_in("nginx/site.conf", values)


def caddyfile(*, apps: list[str], balancers: list[str], static: str | None, buffers_by_word: bool) -> str:
    site = urlsplit(settings.SITE_URL)
    values = shared(apps, balancers, static) | {
        "spoken": "http" if balancers else site.scheme,
        # With a balancer, the port of the site's address is the balancer's.
        "port": f":{site.port}" if site.port and not balancers else "",
        "buffers_by_word": buffers_by_word,
    }
    return filled_in("caddy/Caddyfile", values)


def balancers(name: str, given: list[str]) -> list[str]:
    """The addresses or networks whose word for a visitor's address is taken. Ends this process in a sentence where they do
    not go with TRUSTED_PROXIES: visitors would not be told apart, or could say that they are somebody else."""
    if settings.TRUSTED_PROXIES == 0:
        environment.stop(
            "TRUSTED_PROXIES",
            f"behind this {name} it must be 1, and 2 with a balancer in front of it, or visitors are not told apart; "
            "set it in .env.",
        )
    if settings.TRUSTED_PROXIES == 1 and given:
        environment.stop("TRUSTED_PROXIES", f"a balancer and this {name} are 2; set it in .env.")
    if settings.TRUSTED_PROXIES > 1 and not given:
        environment.stop(
            "TRUSTED_PROXIES",
            f"it says that something stands in front of this {name}: give its address, as --balancer 10.0.0.5, or anybody "
            "could pretend to be somebody else. Where nothing does, set it to 1 in .env.",
        )
    for each in given:
        try:
            network = ip_network(each, strict=False)
        except ValueError:
            environment.stop(
                "--balancer", f"“{each}” is neither an address nor a network, such as 10.0.0.5 or 10.0.0.0/28."
            )
        if network.prefixlen == 0:
            environment.stop("--balancer", f"“{each}” is everybody, and anybody could pretend to be somebody else.")
    return given


def shared(apps: list[str], balancers: list[str], static: str | None) -> dict:
    """What both are told; `static` where the proxy finds STATIC_ROOT by another path than the site does."""
    site = urlsplit(settings.SITE_URL)
    found = Path(static or settings.STATIC_ROOT)
    return {
        "site_url": settings.SITE_URL,
        "scheme": site.scheme,
        "netloc": site.netloc,
        "host": f"[{site.hostname}]" if ":" in site.hostname else site.hostname,
        "https": site.scheme == "https",
        "balancers": balancers,
        "aliases": other_names(site.hostname),
        "apps": apps,
        "most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "most_of_editors": settings.EDITORS_MOST,
        "static_url": settings.STATIC_URL,
        "static_root": found,
        "proxy_pages": found / proxy_pages.FOLDER,
        "bare_pages": proxy_pages.bare(),
        "languages": languages(),
        "headers_of_files": headers.of_files(),
        "headers_of_pages": headers.of_pages(),
        "headers_of_https": headers.of_https(),
    }


def filled_in(name: str, values: dict) -> str:
    return Engine().from_string((DEPLOY / name).read_text()).render(Context(values, autoescape=False))


def other_names(host: str) -> list[str]:
    """Names beside the one of SITE_URL under which visitors may come."""
    return [name for name in settings.ALLOWED_HOSTS if name != host and is_a_name(name)]


def is_a_name(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return "." in host.strip(".") and not host.startswith((".", "*"))
    return False


# --- The site's addresses, as regular expressions --------------------------------------------------------------------


def addresses() -> dict:
    """`pages`, all public ones; `listed`, of those that know parameters, (names, addresses); `secrets`, what stands before
    a token; `uncounted`, where limits do not count."""
    pages, listed, secrets, uncounted = set(), defaultdict(set), set(), {REPORTS}
    for language in languages():
        with translation.override(language):
            for address, found in walk(get_resolver().url_patterns, "/"):
                params = getattr(found.callback, "public_params", None)
                if params is not None:
                    pages.add(plain(address))
                if params:
                    listed[params].add(plain(address))
                if token := re.search(r"\(\?P<(?:token|uidb64)>", address):
                    secrets.add(plain(address[: token.start()]))
                if found.name in ONE_CLICK:
                    uncounted.add(plain(address))
    return {
        "pages": either(pages),
        "listed": [("|".join(params), either(paths)) for params, paths in sorted(listed.items())],
        "secrets": either(secrets),
        "uncounted": either(uncounted),
    }


def walk(patterns, before: str) -> Iterator[tuple[str, URLPattern]]:
    for each in patterns:
        address = before + re.sub(r"^\^|(?:\\Z|\$)$", "", each.pattern.regex.pattern)
        if isinstance(each, URLPattern):
            yield address, each
        else:
            yield from walk(each.url_patterns, address)


def plain(pattern: str) -> str:
    """Without names of groups and what they capture; and no part of an address holds a “%” or the beginning of a query:
    what is written in two ways would be two pages."""
    pattern = re.sub(r"\(\?P<\w+>|\((?!\?)", "(?:", pattern)
    return pattern.replace("[^/]+", "[^/?#%]+").replace(r"\-", "-")


def either(patterns: set[str]) -> str:
    return f"(?:{'|'.join(sorted(patterns))})"
