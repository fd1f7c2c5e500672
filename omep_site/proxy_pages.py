"""What the proxy says by itself, when the site does not answer or is not to be asked: files, written beside the static
ones, in each language and, for addresses without one, in all of them."""

import os
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _

from omep_site.lib.links import languages


def folder() -> Path:
    return Path(settings.STATIC_ROOT) / "proxy"


def words() -> dict[str, dict[str, str]]:
    """By name of the page, in the active language."""
    still_there = _("Go back: what you wrote is most likely still there. Send it again in a minute.")
    return {
        "away": {
            "title": _("We will be back in a moment"),
            "lead": _("The site does not answer at the moment. It is nothing that you did, and we are sorry."),
            "then": _("Please try again in a minute."),
        },
        "not-stored": {
            "title": _("What you sent did not arrive"),
            "lead": _("The site does not answer at the moment, so nothing was stored. We are sorry."),
            "then": still_there,
        },
        "uncertain": {
            "title": _("It is not certain that what you sent arrived"),
            "lead": _("The site stopped answering before it could say so. We are sorry."),
            "then": _(
                "Go back: what you wrote is most likely still there. Send it again in a minute: a comment or a "
                "subscription that comes twice is kept once."
            ),
        },
        "fault": {
            "title": _("A fault on our side"),
            "lead": _("The page could not be shown. It is nothing that you did, and we are sorry."),
            "then": _("Please try again in a minute."),
        },
        "fault-sent": {
            "title": _("A fault on our side"),
            "lead": _("The page could not be shown. It is nothing that you did, and we are sorry."),
            "then": still_there,
        },
        "too-often": {
            "title": _("Too much at once"),
            "lead": _("Very much came from your network in a short time, so this was not taken. Nothing was stored."),
            "then": still_there,
        },
        "too-large": {
            "title": _("This request could not be read"),
            "lead": _("What you sent is too large, so nothing of it was kept."),
            "then": _("Go back: what you wrote is most likely still there. Shorten it, and send it again."),
        },
        "files-too-large": {
            "title": _("This request could not be read"),
            "lead": _(
                "The files are too large together: at most %(megabytes)s MB can be saved at once. Nothing was saved. "
                "Go back, leave some of them out, save, and then add the others."
            )
            % {"megabytes": settings.EDITORS_MOST // 2**20},
        },
        "unreadable": {
            "title": _("This request could not be read"),
            "lead": _(
                "It is not of a form that this site understands. Often an address was cut, or changed on its way."
            ),
        },
    }


def in_language(code: str) -> dict[str, dict[str, str]]:
    with translation.override(code):
        ways = {"again": _("Try again"), "home": _("Go to the home page")}
        return {name: said | ways for name, said in words().items()}


def write() -> None:
    """A page that stands there already is replaced in one step: somebody may be reading it."""
    said = {code: in_language(code) for code in languages()}
    folder().mkdir(parents=True, exist_ok=True)
    for name in said[settings.LANGUAGE_CODE]:
        for which in (*said, "all"):
            chosen = [(code, said[code][name]) for code in (said if which == "all" else [which])]
            context = {"words": chosen, "stylesheet": static("site.css"), "can_try_again": name in ("away", "fault")}
            made = folder() / f".{name}.{which}.{os.getpid()}"
            made.write_text(render_to_string("errors/500.html", context))
            made.replace(folder() / f"{name}.{which}.html")
