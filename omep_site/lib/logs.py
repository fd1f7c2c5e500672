"""What is logged: one line for each thing, for machines (JSON) or for people, and nothing personal in either.

Whatever any library says goes through `scrub`, and of an error only where it came from is told: its own words may be a
visitor's (“invalid literal for int(): 'Zoé'”, “Key (email)=(zoe@…) already exists”). The few kinds of errors whose words
are always the programmer's keep theirs.

python-json-logger would write the JSON, which is one call of `json.dumps`; what is longer here, it does not do.
"""

import json
import logging
import os
import re
import smtplib
import sys
import threading
import traceback
from datetime import UTC, datetime
from ipaddress import ip_address

from omep_site.lib import work

logger = logging.getLogger(__name__)

# --- Without anything personal --------------------------------------------------------------------------------------

URL = re.compile(r"://((?:(?!://)[^\s/?#])*)((?:(?!://)\S)*)")  # up to the next one, in a list
PORT = re.compile(r":\d*$")
_APART = r"\s<>\"'“”«»()\[\]{},;:=|/"  # what stands around an address
_AT = "(?:@|%(?:25)*40)"  # also as addresses of the web write it, and those that are written into such
# No possessive quantifier: the Python of Debian 12, 3.11.2, finds nothing with one around a group. None is needed, as an
# address begins at its first character only, and no shorter piece of it is followed by an @.
ADDRESS = re.compile(rf"(?:\"[^\"\n]{{1,64}}\"|(?<![^{_APART}])(?:(?!{_AT})[^{_APART}])+){_AT}[^{_APART}?&]*")
DATABASE_VALUES = re.compile(r"\)=\(.*\)")
DETAILS = re.compile(r"(?:DETAIL:|CONTEXT:|Failing row contains).*", re.DOTALL)
# Of an address of the site only where it begins: what follows may be a token, or what somebody searched for.
PATH = re.compile(r"(/[a-z]{2}(?:-[a-z]+)?|/admin|/anymail)/[^\s\"'“”«»<>]+")
QUERY = re.compile(r"\?[\w.~%+-]+=[^\s\"'“”«»<>]*")
IP = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w)"  # a port may follow, or a colon
    r"|(?<![\w.:])[0-9a-fA-F]{0,4}(?::[0-9a-fA-F.]{0,15}){2,8}(?![\w:])"
)
CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def scrub(text: str) -> str:
    """On one line, without e-mail addresses, IP addresses, passwords, tokens, searches and values of the database."""
    text = DETAILS.sub("", text)
    text = DATABASE_VALUES.sub(")=(*)", text)
    text = URL.sub(_without_credentials, text)
    text = ADDRESS.sub(lambda found: found[0] if found[0].startswith("*@") else "*@*", text)
    text = PATH.sub(r"\1/*", text)
    text = QUERY.sub("?*", text)
    text = IP.sub(_without_ip, text)
    return CONTROL.sub(" ", text).strip()


def _without_credentials(found: re.Match) -> str:
    """Of an address of the web. People put passwords into it as they are, with an @ or a / in them: then it cannot be told
    where they end, and all of it is left out."""
    host, rest = found[1], found[2]
    if "@" in rest and ("@" in host or ":" in PORT.sub("", host).rpartition("]")[2]):
        return "://*"
    return f"://*@{host.rpartition('@')[2]}{rest}" if "@" in host else found[0]


def _without_ip(found: re.Match) -> str:
    words = found[0].rstrip(".:")
    try:
        address = ip_address(words)
    except ValueError:  # the time of day, say
        return found[0]
    return found[0] if address.is_loopback or address.is_unspecified else f"*{found[0][len(words) :]}"


# --- Errors ---------------------------------------------------------------------------------------------------------

# Their words come from programmes and not from people.
PLAIN_WORDS = (AttributeError, NameError, ImportError, ZeroDivisionError, RecursionError, MemoryError)
PLAIN_WORDS_OF_DJANGO = {"ImproperlyConfigured", "TemplateDoesNotExist", "TemplateSyntaxError", "AppRegistryNotReady"}


def words_of(error: BaseException) -> str:
    """What may be told of an error beside its name; "" where that is nothing."""
    if isinstance(error, PLAIN_WORDS) or type(error).__name__ in PLAIN_WORDS_OF_DJANGO:
        return scrub(str(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return os.strerror(error.errno)
    # PostgreSQL and SQLite have names for what went wrong, and the former for the rule that was broken.
    parts = [getattr(error, "sqlstate", None), getattr(error, "sqlite_errorname", None)]
    parts.append(getattr(getattr(error, "diag", None), "constraint_name", None))
    return " ".join(part for part in parts if isinstance(part, str))


def name_of(error: BaseException) -> str:
    words, kind = words_of(error), type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"{name}: {words}" if words else name


def chain_of(error: BaseException) -> list[BaseException]:
    """The error, and before it those from which it came: the first comes first."""
    found = [error]
    while (
        before := found[0].__cause__ or (None if found[0].__suppress_context__ else found[0].__context__)
    ) is not None:
        if before in found:
            break
        found.insert(0, before)
    return found


def trace_of(error: BaseException) -> str:
    """Where an error came from, as Python tells it, without values of variables and without people's words."""
    told = []
    for each in chain_of(error):
        frames = traceback.StackSummary.extract(traceback.walk_tb(each.__traceback__))
        told.append("Traceback (most recent call last):\n" + "".join(frames.format()) + name_of(each))
    return "\n\nThen:\n\n".join(told)


# --- Lines ----------------------------------------------------------------------------------------------------------


class Formatter(logging.Formatter):
    def message(self, record: logging.LogRecord) -> str:
        try:
            words = record.getMessage()
            path = getattr(getattr(record, "request", None), "path", "")  # Django says it of answers, whole
            return scrub(words.replace(path, "*") if len(path) > 1 else words)
        except Exception:  # its arguments do not fit its words; logging would print them all
            return scrub(str(record.msg))

    def trace(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        return trace_of(error) if error is not None else ""


class Json(Formatter):
    """{"time": in UTC, "level", "logger", "message"}; "id" of the request or round, "trace" of an error, and what else the
    line was given in `extra={"fields": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self.message(record),
        }
        if id := work.current_id():
            line["id"] = id
        line |= getattr(record, "fields", {})
        if trace := self.trace(record):
            line["trace"] = trace
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


class Line(Formatter):
    def format(self, record: logging.LogRecord) -> str:
        id = work.current_id()
        head = f"{datetime.fromtimestamp(record.created):%Y-%m-%d %H:%M:%S} {record.levelname} {record.name}"
        line = f"{head}{f' [{id[:8]}]' if id else ''}: {self.message(record)}"
        trace = self.trace(record)
        return f"{line}\n{trace}" if trace else line


FORMATS = {"json": Json, "line": Line}


def chosen_format() -> str:
    """What LOG_FORMAT says; without it lines for who looks at them in a terminal, and JSON where they are collected."""
    return os.environ.get("LOG_FORMAT", "").strip() or ("line" if sys.stderr.isatty() else "json")


def formatter() -> logging.Formatter:
    """The formatter that was chosen, for configurations of logging, the server's too."""
    return FORMATS.get(chosen_format(), Line)()


class NotTwice(logging.Filter):
    """Leaves out what Django says of answers like 404, one line tells of each request (lib/requests.py), and like 503, whose
    cause is told where it is known (omep_site/away.py)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name != "django.request" or record.exc_info:
            return True
        return record.levelno >= logging.ERROR and getattr(record, "status_code", 0) != 503


def take_over() -> None:
    """What nobody has caught is told by the log too, and not by Python, which would tell all that it knows."""

    def tell(kind, error, trace) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        logger.critical("nobody caught this", exc_info=(kind, error, trace))

    sys.excepthook = tell
    threading.excepthook = lambda args: (
        args.exc_type is not SystemExit and tell(args.exc_type, args.exc_value, args.exc_traceback)
    )
