"""/.well-known/security.txt: whom somebody tells who has found a hole (RFC 9116)."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from omep_site.lib.links import absolute, languages
from omep_site.lib.public import public_page

PATH = "/.well-known/security.txt"
GOOD_FOR = timedelta(days=360)  # less than a year, says the RFC (2.5.5); the site says it anew each day that it runs


@public_page()
@require_safe
def show(request):
    if not settings.SECURITY_CONTACT:
        raise Http404
    return HttpResponse(written(timezone.now()), content_type="text/plain; charset=utf-8")


def written(now: datetime) -> str:
    """The same all day (UTC)."""
    ends = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + GOOD_FOR
    lines = [f"Contact: {each}" for each in settings.SECURITY_CONTACT]
    lines += [
        f"Expires: {ends:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(languages())}",
        f"Canonical: {absolute(PATH)}",
    ]
    return "\n".join(lines) + "\n"
