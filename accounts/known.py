"""Browsers in which somebody has signed in before: a cookie says so, under /admin/ alone.

Whoever guesses an account's password is stopped by limits of its network, and by one that counts all networks together;
with these alone, anybody could keep an editor out by failing in the editor's name. So they do not count for a browser that
the account knows, which has a limit of its own (OWASP, “device cookies”). The cookie opens nothing by itself: stolen, it is
worth as many tries as that limit allows. It is a keyed hash, for shared computers: nobody reads a name out of it.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from omep_site.lib import links

PURPOSE = "accounts.known"
GOOD_FOR = timedelta(days=180)


def cookie_name() -> str:
    return "__Secure-known" if settings.SESSION_COOKIE_SECURE else "known"


def browser(request, username: str) -> str:
    """What this browser is known by, where `username` has signed in with it in the last GOOD_FOR; else "".

    It is the cookie as it stands: its signature leaves no second way to write it, and only the right password makes another.
    """
    cookie = request.COOKIES.get(cookie_name(), "")
    try:
        said = links.unsign(PURPOSE, cookie, GOOD_FOR)
    except links.LinkBroken:
        return ""
    return cookie if constant_time_compare(str(said), _digest(username)) else ""


def remember(response, username: str) -> None:
    response.set_cookie(
        cookie_name(),
        links.sign(PURPOSE, _digest(username)),
        max_age=GOOD_FOR,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(username: str) -> str:
    return salted_hmac(PURPOSE, username, algorithm="sha256").hexdigest()[:32]
