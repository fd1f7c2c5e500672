"""The configuration of nginx for this installation: deploy/nginx/site.conf, filled in from the settings and the addresses
of the site. Whoever adds a public page, a language or a link with a token has nothing to add there."""

import re
from collections import defaultdict
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.template import Context, Engine
from django.urls import URLPattern, get_resolver
from django.utils import translation

from omep_site import proxy_pages
from omep_site.lib import media
from omep_site.lib.links import languages

TEMPLATE = Path(settings.BASE_DIR) / "deploy" / "nginx" / "site.conf"

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

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def configuration(
    *, apps: list[str], listen: list[str], plain_listen: list[str], certificate: str, key: str, cache: str, logs: str,
    brotli: bool,
) -> str:  # fmt: skip
    site = urlsplit(settings.SITE_URL)
    https = site.scheme == "https"
    values = {
        "site_url": settings.SITE_URL,
        "scheme": site.scheme,
        "netloc": site.netloc,
        "host": f"[{site.hostname}]" if ":" in site.hostname else site.hostname,
        "https": https,
        "aliases": other_names(site.hostname),
        "apps": apps,
        "several": len(apps) > 1,
        "listen": listen,
        "plain_listen": plain_listen if https else listen,
        "tls": TLS,
        "certificate": certificate,
        "key": key,
        "cache": cache,
        "logs": logs,
        "brotli": brotli,
        "most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        "most_of_editors": settings.EDITORS_MOST,
        "static_url": settings.STATIC_URL,
        "static_root": settings.STATIC_ROOT,
        "proxy_pages": proxy_pages.folder(),
        "languages": languages(),
        "media_url": settings.MEDIA_URL,
        "media": plain(f"{settings.MEDIA_URL}{media.NAME.pattern}"),
        "tracking": TRACKING,
        "headers": headers(),
        "policy": POLICY,
        **addresses(),
    }
    return Engine().from_string(TEMPLATE.read_text()).render(Context(values, autoescape=False))


def other_names(host: str) -> list[str]:
    """Names beside the one of SITE_URL under which visitors may come."""
    return [name for name in settings.ALLOWED_HOSTS if name != host and is_a_name(name)]


def is_a_name(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return "." in host.strip(".") and not host.startswith((".", "*"))
    return False


def headers() -> list[tuple[str, str]]:
    """What SecurityMiddleware adds to every answer of the site."""
    found = [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", settings.SECURE_REFERRER_POLICY),
        ("Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY),
    ]
    if settings.SECURE_HSTS_SECONDS:
        found.append(("Strict-Transport-Security", f"max-age={settings.SECURE_HSTS_SECONDS}"))
    return found


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
