"""When the database does not answer, or nothing more can be written: a clear answer, 503, and nobody's words are lost.

What was sent comes back on a page that needs no database, with a button that sends it again to where it was sent.
"""

import logging
from dataclasses import dataclass

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _

from omep_site import proxy_pages
from omep_site.lib import incidents
from omep_site.models import Kind

logger = logging.getLogger(__name__)

RETRY_AFTER = 60  # seconds


class Away:
    """Django’s other faults are faults of ours, and stay what they are."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        return answer(request, exception) if is_away(exception) else None


def is_away(exception: BaseException) -> bool:
    """Whether it comes from outside: a database that is gone, locked or full, a disk that takes no more."""
    return incidents.kind_of(exception) != ""


def tell(exception: BaseException) -> None:
    """To the log, and to the page “How the site is”."""
    incidents.note_error(exception)
    logger.error("nothing can be read or stored: %s", incidents.cause_of(exception))


@dataclass(frozen=True)
class Sent:
    """One field of a form. Without a label it was hidden, or chosen with a click, and goes along unseen."""

    name: str
    value: str
    label: str = ""

    @property
    def is_long(self) -> bool:
        return self.name == "body"

    @property
    def kind(self) -> str:
        return "email" if self.name == "email" else "text"


def answer(request, exception: BaseException) -> HttpResponse:
    sends = request.method not in ("GET", "HEAD")
    tell(exception)
    if sends:
        incidents.note(Kind.NOT_STORED)
    language = translation.get_language()
    said = proxy_pages.words()["away"] | {
        "again": _("Try again"),
        "send_again": _("Send it again"),
        "home": _("Go to the home page"),
    }
    sent = []
    if sends:
        said |= {
            "title": _("What you sent could not be stored"),
            "lead": _("The site cannot store anything at the moment. It is nothing that you did, and we are sorry."),
            "then": _("Nothing is lost: wait a minute, and send it again with the button below."),
        }
        sent = fields(request)
        if request.path_info.startswith("/admin/"):
            said["then"] = _("Go back: what you wrote is most likely still there. Save it again in a minute.")
    text = render_to_string(
        "errors/away.html",
        {
            "language": language,
            "say": said,
            "sent": sent,
            "sends": sends and not request.path_info.startswith("/admin/"),
            "stylesheet": static("site.css"),
        },
    )
    response = HttpResponse(text, status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    response["Cache-Control"] = "no-store"
    response["Content-Language"] = language
    return response


def fields(request) -> list[Sent]:
    """What a visitor sent, in the order of the form. An editor's may hold files and a token of the session: it is left to the
    browser, which keeps it."""
    if request.path_info.startswith("/admin/"):
        return []
    labels = {"name": _("Name"), "email": _("E-mail address"), "website": _("Website"), "body": _("Comment")}
    return [
        Sent(name, value, labels.get(name, "") if value else "")
        for name, values in request.POST.lists()
        for value in values
    ]
