"""What a mail that came back says: that a letter cannot be delivered, that it is late, that its reader complains.

Pure functions: bytes in, a Report out, whatever the bytes are. Reports after RFC 3464 and RFC 5965 say it in fields; what
older servers write in words is flufl.bounce's to read.

Anybody may write to the return address, and the library's readers take a thousand times as long for lines, fields and
encodings that no mail needs: so a mail is cut to an honest size before anything looks at it.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import Compat32
from hashlib import sha256

from flufl.bounce import all_failures

from newsletter.diagnoses import CODE, REPLY, VAGUE, Kind, reason

MOST = 2**18  # bytes of a mail that are read; what matters stands at its beginning
LINES = 5000  # of a mail, as many bytes at most as RFC 5322, 2.1.1, allows in each
LINE = 998
FIELD = 4000  # characters of a field of a head, all its lines together
SUBJECT = 1000
PARTS = 50  # of a mail that are looked at
SLOW = {"punycode", "idna"}  # encodings of names, not of texts; they cost the square of a text's length
# What programmes that answer for somebody write into the subject.
AWAY = re.compile(
    r"out of (the )?office|automatic reply|auto.?reply|vacation|on leave|absence du bureau|absent(e)? du bureau|"
    r"réponse automatique|message d.absence|abwesenheit|automatische antwort|fuera de la oficina|respuesta automática",
    re.IGNORECASE,
)
# How mail servers that keep to no standard speak.
SERVER = re.compile(r"mailer.?daemon|postmaster|mail delivery|mail system", re.IGNORECASE)
UNDELIVERED = re.compile(r"undeliver|returned mail|non remis|failure|failed|delivery|unzustellbar", re.IGNORECASE)
LATE = re.compile(r"delay|warning|retard|verzöger", re.IGNORECASE)
QUOTED = re.compile(r"^[ >]*(?:Received|Return-Path|Message-ID):", re.IGNORECASE | re.MULTILINE)
COMPLAINTS = {"", "abuse", "fraud", "opt-out", "other"}  # RFC 5965, 7.3: what is left says nothing about the reader


class ShortFields(Compat32):
    """A head as the library reads it, each field cut."""

    def header_source_parse(self, sourcelines):
        name, value = super().header_source_parse(sourcelines)
        return name, value[:FIELD]


HEADS = ShortFields()


@dataclass(frozen=True)
class Report:
    kind: Kind
    code: str = ""  # RFC 3463, such as 5.1.1, or a reply of SMTP, such as 550
    sent_to: str = ""  # whom the letter was addressed to, where it came back with its head
    places: tuple[str, ...] = ()  # texts that may name the letter, the surest first
    digest: str = ""  # the same for the same report


def read(message: bytes) -> Report:
    """Never raises."""
    message = bytes(message[:MOST])
    digest = sha256(message).hexdigest()
    try:
        mail = message_from_bytes(_cut(message), policy=HEADS)
        for part in mail.walk():
            _unpack(part)
        parts = [part for part, _number in zip(mail.walk(), range(PARTS), strict=False)]
        told = _delivery_report(parts) or _complaint(parts) or _absence(mail) or _in_words(mail, parts)
        returned = _returned_head(parts)
        places = tuple(_places(mail, parts, returned))
        kind, code = told or (Kind.OTHER, "")
        return Report(kind, code, _text(returned, "To") if returned else "", places, _name(mail, digest))
    except Exception:  # the library's readers stumble in a hundred ways over what nobody meant to be read
        return Report(Kind.OTHER, places=(message.decode("latin-1"),), digest=digest)


def _cut(text: bytes) -> bytes:
    lines = text[:MOST].splitlines(keepends=True)[:LINES]
    return b"".join(line if len(line) <= LINE + 2 else line[:LINE] + b"\r\n" for line in lines)


def _unpack(part: Message) -> None:
    """Takes off its transfer encoding, under which lines may be of any length."""
    try:
        is_slow = codecs.lookup(part.get_content_charset("utf-8")).name in SLOW
    except (LookupError, ValueError):
        is_slow = True
    if is_slow:
        part.del_param("charset")
    if "Content-Transfer-Encoding" in part and isinstance(body := part.get_payload(decode=True), bytes):
        del part["Content-Transfer-Encoding"]
        part.set_payload(_cut(body).decode("ascii", "surrogateescape"))  # as the library keeps what came as bytes


def _name(mail: Message, digest: str) -> str:
    """The report's own Message-ID: it may come by several ways, with another head each time."""
    own = _text(mail, "Message-ID").strip()
    return sha256(own.encode("utf-8", "replace")).hexdigest() if own else digest


def _text(mail: Message, name: str) -> str:
    """The first field of this name; bytes that no standard allows are read as UTF-8."""
    found = next((str(value) for each, value in mail.raw_items() if each.lower() == name.lower()), "")
    return found.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _words(part: Message) -> str:
    body = part.get_payload(decode=True)
    return body.decode(part.get_content_charset() or "utf-8", "replace") if isinstance(body, bytes) else ""


# --- What happened --------------------------------------------------------------------------------------------------


def _delivery_report(parts: list[Message]) -> tuple[Kind, str] | None:
    """RFC 3464: the fields Action (2.3.3), Status (2.3.4) and Diagnostic-Code (2.3.6) of each reader."""
    found, why = [], None
    for block in _blocks(parts, "message/delivery-status"):
        action = _text(block, "Action").strip().lower()
        if action.startswith(("fail", "error")):
            diagnosis = _text(block, "Diagnostic-Code")
            kind, code = reason(_code(_text(block, "Status"), diagnosis), diagnosis)
            if VAGUE.fullmatch(code):
                kind, in_words = why = why or _why(parts)
                code = in_words or code
            found.append((kind, code))
        elif action.startswith("delay"):
            found.append((Kind.DELAYED, ""))
        elif action:
            found.append((Kind.HARMLESS, ""))
    order = [Kind.HARD, Kind.SOFT, Kind.DELAYED, Kind.HARMLESS]
    return min(found, key=lambda one: order.index(one[0]), default=None)


def _code(status: str, diagnosis: str) -> str:
    """What the reader's server said itself, rather than what the one that reports made of it."""
    found = CODE.search(diagnosis) or CODE.search(status) or REPLY.search(diagnosis)
    return found[1] if found else "5.0.0"


def _complaint(parts: list[Message]) -> tuple[Kind, str] | None:
    """RFC 5965, 3."""
    blocks = _blocks(parts, "message/feedback-report")
    kinds = [_text(block, "Feedback-Type").strip().lower() for block in blocks]
    if not kinds:
        return None
    return (Kind.COMPLAINT, "") if any(kind in COMPLAINTS for kind in kinds) else (Kind.HARMLESS, "")


def _absence(mail: Message) -> tuple[Kind, str] | None:
    """RFC 3834 and its older relatives, where nothing but an absence is meant."""
    if "X-Failed-Recipients" in mail:  # Exim's own reports say that they are automatic too
        return None
    marked = any(name in mail for name in ("X-Autoreply", "X-Autorespond"))
    if marked or _text(mail, "Precedence").strip().lower() in ("auto_reply", "auto-reply"):
        return Kind.AUTOMATIC, ""
    if AWAY.search(_decoded(_text(mail, "Subject"))):
        return Kind.AUTOMATIC if _is_automatic(mail) else Kind.ABSENT, ""
    return None


def _is_automatic(mail: Message) -> bool:
    """RFC 3834, 5."""
    return _text(mail, "Auto-Submitted").strip().lower().startswith("auto-")


def _decoded(words: str) -> str:
    words = words[:SUBJECT]
    try:
        return str(make_header(decode_header(words)))
    except (LookupError, ValueError):
        return words


def _in_words(mail: Message, parts: list[Message]) -> tuple[Kind, str] | None:
    if "From" not in mail:
        mail["From"] = "nobody"  # the library relies on it
    late, failed = all_failures(mail)
    subject = _decoded(_text(mail, "Subject"))
    if not failed and (late or (_is_of_a_server(mail, subject) and LATE.search(subject))):
        return Kind.DELAYED, ""
    if failed or _is_of_a_server(mail, subject):
        return _why(parts)
    return (Kind.AUTOMATIC, "") if _is_automatic(mail) else None


def _is_of_a_server(mail: Message, subject: str) -> bool:
    return bool(SERVER.search(_text(mail, "From")) and UNDELIVERED.search(subject))


def _why(parts: list[Message]) -> tuple[Kind, str]:
    """By what stands before the letter itself, which is quoted below."""
    words = "\n".join(_words(part) for part in parts if isinstance(part.get_payload(), str))
    said = QUOTED.split(words, maxsplit=1)[0]
    found = CODE.search(said) or REPLY.search(said)
    return reason(found[1] if found else "", said)


def _blocks(parts: list[Message], kind: str) -> list[Message]:
    """The groups of fields in parts of this kind."""
    found = []
    for part in parts:
        if part.get_content_type() == kind:
            inside = part.get_payload()
            if isinstance(inside, list):
                found += [block for block in inside if isinstance(block, Message)]
            else:
                found.append(message_from_bytes(_words(part).encode("utf-8", "replace"), policy=HEADS))
    return found


# --- Which letter ---------------------------------------------------------------------------------------------------


def _returned_head(parts: list[Message]) -> Message | None:
    """The head of the letter that came back with its report (RFC 3464, 2; RFC 5965, 2)."""
    for part in parts:
        kind, inside = part.get_content_type(), part.get_payload()
        if kind == "message/rfc822" and isinstance(inside, list) and inside and isinstance(inside[0], Message):
            return inside[0]
        if kind in ("text/rfc822-headers", "message/rfc822-headers") and (words := _words(part)):
            return message_from_bytes(words.encode("utf-8", "replace"), policy=HEADS)
    return None


ADDRESSED = ["Delivered-To", "X-Original-To", "X-Envelope-To", "Envelope-To", "X-Delivered-To", "To", "Cc"]
OF_A_LETTER = ["Message-ID", "Return-Path", "Sender"]


def _places(mail: Message, parts: list[Message], returned: Message | None) -> Iterator[str]:
    yield "\n".join(str(value) for name in ADDRESSED for value in mail.get_all(name, []))
    if returned:
        yield "\n".join(_text(returned, name) for name in OF_A_LETTER)
    blocks = _blocks(parts, "message/feedback-report")
    yield "\n".join(_text(block, "Original-Mail-From") for block in blocks)
    yield "\n".join(_text(mail, name) for name in ("References", "In-Reply-To"))
    yield "\n".join(_words(part) for part in parts if part.get_content_maintype() == "text")
