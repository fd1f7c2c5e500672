"""A letter in one language, as it is for everybody, with marks where each reader's own links go.

It is rendered and encoded once for each language; for each reader a few marks are filled in. A mark stands where a token
of a link stands, and is made of characters that no encoding of mail touches.
"""

import re
from dataclasses import dataclass, replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.quoprimime import body_encode
from email.utils import parseaddr

UNSUBSCRIBE = "x-unsubscribe-token-x"
PREFERENCES = "x-preferences-token-x"
SAMPLE = "sample"  # stands for both in a test mail and in a preview: its page says that it is nobody's
# These stand in the head of the mail.
TO = "x-reader-address-x"
MESSAGE_ID = "x-message-id-x"
DATE = "x-date-x"
MARKS = re.compile(f"({UNSUBSCRIBE}|{PREFERENCES}|{TO}|{MESSAGE_ID}|{DATE})")
MARKS_IN_BYTES = re.compile(MARKS.pattern.encode())
LINE = 75  # characters of an encoded line, one less than RFC 2045, 6.7 (5) allows: a mark after it needs an “=”


@dataclass(frozen=True)
class Letter:
    """`html` and `text` hold the marks as the tokens of the links to unsubscribe and to the reader's own page."""

    language: str  # of its readers
    words_in: str  # of its words
    subject: str
    html: str
    text: str

    def sample(self) -> "Letter":
        """As somebody looks at it who is no reader."""

        def filled(part: str) -> str:
            return part.replace(UNSUBSCRIBE, SAMPLE).replace(PREFERENCES, SAMPLE)

        return replace(self, html=filled(self.html), text=filled(self.text))


@dataclass(frozen=True)
class Frame:
    """What stands around every letter of an issue."""

    sender: str  # “Name <address>”
    list_id: str  # RFC 2919, with its brackets: “The Letter <letter.example.org>”
    feedback_id: str  # four fields, as the large providers ask for: campaign, customer, kind, sender
    unsubscribe_url: str  # with the mark


class Encoded:
    """A letter ready for SMTP (RFC 5321, 4.5.2: lines end in CR LF, a dot that begins one is doubled)."""

    def __init__(self, letter: Letter, frame: Frame):
        self.parts = MARKS_IN_BYTES.split(_dots_doubled(_head(letter, frame) + _body(letter)))

    def fill(self, values: dict[bytes, bytes]) -> bytes:
        """`values` by mark. They hold no line break, and none begins with a dot."""
        return b"".join([values[part] if place % 2 else part for place, part in enumerate(self.parts)])


BOUNDARY = "=_letter_7c1f0d5b9e"  # no encoded body holds “=_” (RFC 2045, 6.7)


def _head(letter: Letter, frame: Frame) -> bytes:
    name, address = parseaddr(frame.sender)
    local, _at, domain = address.rpartition("@")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, local, domain)
    message["Subject"] = letter.subject
    message["List-Id"] = frame.list_id
    message["Feedback-ID"] = frame.feedback_id
    message["Content-Language"] = letter.words_in
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no “I am on holiday” comes back
    message["Precedence"] = "bulk"
    head = bytes(message).rstrip(b"\r\n") + b"\r\n"
    # Written by hand, so that no mark is folded or read as what it is not (RFC 2369, 2; RFC 8058, 3.1).
    by_hand = {
        "To": TO,
        "Date": DATE,
        "Message-ID": f"<{MESSAGE_ID}>",
        "List-Unsubscribe": f"<{frame.unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "MIME-Version": "1.0",
        "Content-Type": f'multipart/alternative; boundary="{BOUNDARY}"',
    }
    return head + "".join(f"{name}: {value}\r\n" for name, value in by_hand.items()).encode("ascii") + b"\r\n"


def _body(letter: Letter) -> bytes:
    """The best comes last (RFC 2046, 5.1.4)."""
    parts = []
    for kind, words in (("plain", letter.text), ("html", letter.html)):
        head = f"--{BOUNDARY}\r\nContent-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        parts.append(head.encode("ascii") + quoted_printable(words) + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode("ascii")


def quoted_printable(words: str) -> bytes:
    """RFC 2045, 6.7. Each mark stands on an encoded line of its own between two soft breaks, so that what is filled in
    makes no line too long and no mark is broken."""
    pieces = MARKS.split("\n".join(words.splitlines()))
    encoded = []
    for place, piece in enumerate(pieces):
        if place % 2:
            encoded.append(f"=\r\n{piece}=\r\n")
        elif piece:
            encoded.append(body_encode(piece.encode("utf-8").decode("latin-1"), LINE, "\r\n"))
    return "".join(encoded).encode("ascii")


def _dots_doubled(data: bytes) -> bytes:
    return re.sub(rb"(?m)^\.", b"..", data)
