"""The security policy of a page: what all have (settings.CONTENT_SECURITY_POLICY), what is public's alone, and the frames
in which one page may show another site, after a click (static/site.js).

The policy allows no frame. A page that offers one names it while it is made, and the policy of that page alone then
names its origin too, as it does with the nonce of a script.
"""

from urllib.parse import urlsplit

from csp.constants import NONE
from csp.middleware import CSPMiddleware

# No script makes HTML of text, whatever somebody may have smuggled into it: browsers refuse that to all (W3C, Trusted
# Types). Not in the admin, whose jQuery and editor of rich text do it before they do anything else.
NO_HTML_FROM_SCRIPTS = {"require-trusted-types-for": ["'script'"], "trusted-types": [NONE]}


def allow(request, frame: str) -> None:
    """Call while a page is made that offers the frame at this address."""
    parts = urlsplit(frame)
    request.frames = getattr(request, "frames", set()) | {f"{parts.scheme}://{parts.netloc}"}


class Policy(CSPMiddleware):
    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        more = {} if request.path_info.startswith("/admin/") else NO_HTML_FROM_SCRIPTS
        if origins := getattr(request, "frames", None):
            more = more | {"frame-src": sorted(origins)}
        if more and not report_only:
            parts.update = (parts.update or {}) | more
        return parts
