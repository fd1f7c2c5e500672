"""What the proxy says by itself, when the site does not answer or is not to be asked: files, written beside the static
ones, in each language and, for addresses without one, in all of them."""

import logging
import re
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from omep_site.lib import incidents
from omep_site.lib.links import languages
from omep_site.lib.whole_files import is_full, write_whole

logger = logging.getLogger(__name__)

# By which the log speaks of a request: nginx writes it where this stands (its server-side includes).
REFERENCE = mark_safe('<!--# echo var="request_id" default="" -->')
OF_A_FAULT = {"fault", "fault-sent", "uncertain"}


FOLDER = "proxy"


def folder() -> Path:
    return Path(settings.STATIC_ROOT) / FOLDER


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
        "too-often": {
            "title": _("Too much at once"),
            "lead": _(
                "A great deal came from your network in a short time, so this was not accepted. Nothing was stored."
            ),
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
        always = {"again": _("Try again"), "home": _("Go to the home page"), "reference": _("Reference:")}
        return {name: said | always for name, said in words().items()}


def bare() -> dict[str, str]:
    """By name of the page: what it says, in all languages, as a few words of HTML that need no file and hold nothing that a
    proxy's configuration understands. It has to be short: nginx reads no more than 4096 bytes between two quotes."""
    said = {code: in_language(code) for code in languages()}
    pages = {}
    for name in said[settings.LANGUAGE_CODE]:
        titles = " – ".join(escape(words[name]["title"]) for words in said.values())
        parts = "".join(bare_part(code, words[name]) for code, words in said.items())
        page = f"<!doctype html><meta charset=utf-8><meta name=robots content=noindex><title>{titles}</title>{parts}"
        pages[name] = re.sub(r"[\\\"${}\n]", lambda found: f"&#{ord(found[0])};", page)
    return pages


def bare_part(code: str, words: dict[str, str]) -> str:
    return f"<div lang={code}><h1>{escape(words['title'])}</h1><p>{escape(words['lead'])}</p></div>"


def write() -> None:
    """A page that stands there and says something else is replaced in one step: somebody may be reading it. On a full disk
    the former ones stay, which say the same in other words; where there is none, the proxy says so much itself."""
    said = {code: in_language(code) for code in languages()}
    try:
        folder().mkdir(parents=True, exist_ok=True)
        for name in said[settings.LANGUAGE_CODE]:
            for which in (*said, "all"):
                chosen = [(code, said[code][name]) for code in (said if which == "all" else [which])]
                context = {
                    "words": chosen,
                    "stylesheet": static("site.css"),
                    "can_try_again": name in ("away", "fault"),
                    "reference": REFERENCE if name in OF_A_FAULT else "",
                }
                write_whole(folder() / f"{name}.{which}.html", render_to_string("errors/500.html", context))
    except OSError as error:
        if not is_full(error):
            raise
        incidents.note_error(error)
        logger.warning("the disk is full: the proxy's own pages are as they were")
    for left in folder().glob(".*"):  # by whoever was stopped while it wrote
        left.unlink(missing_ok=True)
