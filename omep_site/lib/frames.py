"""Frames in which a page may show another site, after a click (static/site.js).

The security policy allows none. A page that offers one names it while it is made, and the policy of that page alone
then names its origin too, as it does with the nonce of a script.
"""

from urllib.parse import urlsplit

from csp.middleware import CSPMiddleware


def allow(request, frame: str) -> None:
    """Call while a page is made that offers the frame at this address."""
    parts = urlsplit(frame)
    request.frames = getattr(request, "frames", set()) | {f"{parts.scheme}://{parts.netloc}"}


class Policy(CSPMiddleware):
    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        if origins := getattr(request, "frames", None):
            parts.update = (parts.update or {}) | {"frame-src": sorted(origins)}
        return parts
