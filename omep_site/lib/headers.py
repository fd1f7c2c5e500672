"""What each answer tells browsers, beside the security policy of its page (lib/frames.py): the one list, for the site
(omep_site.middleware.Protection) and for what nginx answers by itself (omep_site/proxy.py)."""

from django.conf import settings

# What a page could ask a browser for that tells it of the reader or of the reader's devices, and none of ours does. No longer
# list: a first visit to an event has to fit into 16 KiB (tests/browser/test_weight.py). What a film of another site is
# given in its frame, after a click (static/site.js), must not be among them.
PERMISSIONS = (
    "accelerometer=(),camera=(),display-capture=(),geolocation=(),hid=(),"
    "microphone=(),midi=(),payment=(),serial=(),usb=()"
)

# Of what is no page of the site's views: what the proxy says, a redirect, a fault before any page was begun.
POLICY_OF_A_PAGE = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# Where such a page has a form of ours all the same: what somebody sent, to be sent again (omep_site/away.py).
POLICY_OF_A_FORM = POLICY_OF_A_PAGE.replace("form-action 'none'", "form-action 'self'")
# Of a style, a script, a picture: opened by itself, it runs nothing and loads nothing.
POLICY_OF_A_FILE = "default-src 'none'; frame-ancestors 'none'"

RESOURCE_POLICY = "Cross-Origin-Resource-Policy"
# For pictures alone: readers of feeds and mail programmes on the web show them in pages of their own, and so do networks
# where somebody shares a page. They are the same for everybody, so that no other site learns anything from them.
SHOWN_ANYWHERE = {RESOURCE_POLICY: "cross-origin"}


def of_files() -> dict[str, str]:
    """What each answer says at least. One that says something of it otherwise is believed."""
    return {
        "Content-Security-Policy": POLICY_OF_A_FILE,
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        RESOURCE_POLICY: "same-origin",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
    }


def of_pages() -> dict[str, str]:
    """What browsers make a page of says more; elsewhere they would not look at it."""
    return of_files() | {"Content-Security-Policy": POLICY_OF_A_PAGE, "Permissions-Policy": PERMISSIONS}


def of_https() -> dict[str, str]:
    """Said by https alone: by plain http, anybody on the way could have said it (RFC 6797, 7.2)."""
    if not settings.SECURE_HSTS_SECONDS:
        return {}
    subdomains = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    return {"Strict-Transport-Security": f"max-age={settings.SECURE_HSTS_SECONDS}{subdomains}"}


def protect(request, response):
    """The answer, with what it does not say yet."""
    is_page = response.get("Content-Type", "").startswith("text/html")
    said = (of_pages() if is_page else of_files()) | (of_https() if request.is_secure() else {})
    for name, value in said.items():
        response.headers.setdefault(name, value)
    return response
