"""The mailbox that letters come back to, read over IMAP (RFC 9051), where the site has one (settings.BOUNCE_MAILBOX).

A mail is deleted after what it says was stored, and only if it is a report about a letter of ours, or an answer that says
in its head that a programme wrote it. Whatever else lies there is left for a person, with a flag, so that it is not read
again. A connection that is lost in between costs
nothing: what was stored and not deleted is known again (newsletter.points).
"""

import contextlib
import imaplib
import logging
import ssl
from collections.abc import Iterator

from django.conf import settings

from newsletter import reports, returning
from omep_site.lib.intervals import Interval
from omep_site.models import Finding

logger = logging.getLogger(__name__)

EVERY = 300  # seconds between two looks into it
SPELL = 10  # seconds of reading, then the worker's other jobs have their turn
PATIENCE = 20  # seconds for each answer of the server
READABLE = "UNDELETED UNFLAGGED"  # not “unseen”: somebody may have looked into the mailbox


class Refused(Exception):
    """The server did not do what it was asked."""


class Mailbox:
    """The part of a worker that reads it."""

    def __init__(self):
        self.pause = Interval(EVERY)

    def look(self) -> int:
        """Where it is time: reads for a few seconds. Returns how many mails were read; the rest waits for the next call."""
        if not settings.BOUNCE_MAILBOX or not self.pause.is_over():
            return 0
        self.pause.begin()
        read, trouble = 0, ""
        try:
            with _open(settings.BOUNCE_MAILBOX) as imap:
                for number in _numbers(imap):
                    if self.pause.lasted() > SPELL:
                        self.pause.end()
                        break
                    _read_one(imap, number)
                    read += 1
        except (OSError, imaplib.IMAP4.error, Refused, UnicodeError) as error:  # its words may hold the account's name
            trouble = type(error).__name__
            logger.warning("the mailbox of returned letters could not be read: %s", trouble)
        Finding.keep(Finding.MAILBOX, trouble=trouble)
        return read


@contextlib.contextmanager
def _open(place: dict) -> Iterator[imaplib.IMAP4]:
    where = {"host": place["host"], "port": place["port"], "timeout": PATIENCE}
    if place["secure"]:
        imap = imaplib.IMAP4_SSL(**where, ssl_context=ssl.create_default_context())
    else:
        imap = imaplib.IMAP4(**where)
    try:
        imap.login(_quoted(place["user"]), place["password"])
        _ask(imap.select(_quoted(place["folder"])))
        yield imap
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            imap.logout()
        with contextlib.suppress(OSError):
            imap.shutdown()


def _quoted(words: str) -> str:
    """A string of RFC 9051, 4.3."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _ask(answer: tuple) -> list:
    status, said = answer
    if status != "OK":
        raise Refused
    return said


def _numbers(imap: imaplib.IMAP4) -> list[str]:
    """The UIDs of what was not read yet, the oldest first."""
    return (_ask(imap.uid("SEARCH", None, READABLE))[0] or b"").decode("ascii").split()


def _read_one(imap: imaplib.IMAP4, number: str) -> None:
    # PEEK: a person who looks into the mailbox still sees as new what nobody has read.
    said = _ask(imap.uid("FETCH", number, f"(BODY.PEEK[]<0.{reports.MOST}>)"))
    message = next((piece[1] for piece in said if isinstance(piece, tuple)), None)
    if message is None:  # somebody deleted it in between
        return
    if not returning.take(message).is_settled:
        _ask(imap.uid("STORE", number, "+FLAGS.SILENT", r"(\Flagged)"))
        return
    _ask(imap.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))
    # Without UIDPLUS (RFC 4315) the command would take away what others have marked, so that is left to them.
    if "UIDPLUS" in imap.capabilities:
        _ask(imap.uid("EXPUNGE", number))
