"""Around Django: gives each request that it works on an id, tells and counts what became of it, and lets no fault through
to the server, whose log knows no discretion."""

import logging
import time

from django.conf import settings

from omep_site.lib import incidents, tallies, work

logger = logging.getLogger(__name__)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
HEADER = "X-Request-ID"
ROUTE, IS_KEPT = "omep.route", "omep.kept"  # what is noted in a request's environment
# What a proxy may keep: everybody would be given the id of whoever came first (deploy/nginx keeps a 404 for a second).
KEPT_STATUSES = ("404", "410")
LAST_WORDS = b"A fault on our side. Please try again in a moment.\n"


class Route:
    """A middleware that notes which route a request was given to; what none was found for has none."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        name = request.META[ROUTE] = name_of(request.resolver_match)
        if at_work := work.current():
            at_work.name = name


def name_of(match) -> str:
    """The name of a route, or its pattern, and never what stood in its place."""
    return match.view_name if match.url_name else match.route


class Requests:
    """A WSGI application (PEP 3333) around another."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ: dict, start_response):
        given = environ.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else ""
        answered = "500"

        def start(status, headers, exc_info=None):
            nonlocal answered
            answered = status[:3]
            if answered not in KEPT_STATUSES and not is_for_everybody(headers):
                headers = [*headers, (HEADER, at_work.id)]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        id = given if work.is_id(given) else work.new_id()
        with work.at(id, method=method_of(environ)) as at_work:
            began = time.perf_counter()
            try:
                return self.application(environ, start)
            except Exception:
                incidents.note("fault")
                tallies.count("faults", "web")
                logger.exception("a fault that no page could be made for")
                answered = "500"
                headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(LAST_WORDS)))]
                start_response("500 Internal Server Error", [*headers, (HEADER, at_work.id)])
                return [LAST_WORDS]
            finally:
                self.tell(environ, answered, time.perf_counter() - began)

    def tell(self, environ: dict, status: str, seconds: float) -> None:
        if environ.get(IS_KEPT):
            tallies.count("kept")
            return
        method = method_of(environ)
        route = environ.get(ROUTE, "none")
        tallies.count("requests", method, route, f"{status[0]}xx")
        told = {"method": method, "route": route, "status": int(status), "ms": round(seconds * 1000, 1)}
        logger.info("%s %s %s", method, route, status, extra={"fields": told})


def method_of(environ: dict) -> str:
    return environ["REQUEST_METHOD"] if environ["REQUEST_METHOD"] in METHODS else "other"


def is_for_everybody(headers: list[tuple[str, str]]) -> bool:
    return any(name == "Cache-Control" and "public" in value for name, value in headers)
