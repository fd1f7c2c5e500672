"""Mail that was written to keep us busy: it costs its length, and no more than a few seconds."""

import base64
import time

import pytest

from newsletter import reports
from newsletter.diagnoses import Kind

HEAD = b"From: MAILER-DAEMON@mx.example.net\r\nSubject: failure notice\r\n"
BODY = HEAD + b"\r\n"
CALLED = HEAD + b"Content-Type: text/plain"
NESTS = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (deep, deep) for deep in range(200))

REPEATED = {  # what it begins with, what is repeated, what it ends with
    "a word that goes on": (BODY, b"exceed", b""),
    "a subject": (b"Subject: ", b"=?a?q?x", b"\r\n\r\n"),
    "a subject of words": (b"Subject: ", b"=?utf-8?q?x?= ", b"\r\n\r\n"),
    "a field of semicolons": (CALLED, b";", b"\r\n\r\nx"),
    "semicolons in quotes": (CALLED + b'; a="', b";", b"\r\n\r\nx"),
    "a field of many lines": (HEAD, b"X: x\r\n y\r\n", b""),
    "an encoding of names": (CALLED + b"; charset=punycode\r\n\r\n", b"ab9", b""),
    "the same in pieces": (CALLED + b"; charset*0=puny; charset*1=code\r\n\r\n", b"ab9", b""),
    "parts in parts": (NESTS, b"\n", b""),
    "parts": (HEAD + b"Content-Type: multipart/report; boundary=a\r\n\r\n", b"--a\r\n\r\n", b""),
    "reports": (HEAD + b"Content-Type: message/delivery-status\r\n\r\n", b"Action: failed\r\n\r\n", b""),
    "empty lines": (BODY, b"\n", b""),
    "one line": (BODY + b"Message not delivered to the following\r\n", b" ", b""),
    "a line of mailboxes": (BODY, b"user mailbox", b""),
    "claims": (BODY, b"+b1-000000000000@", b""),
}


def repeated(kind: str, size: int) -> bytes:
    begin, piece, end = REPEATED[kind]
    return begin + piece * (size // len(piece)) + end


def cost(mail: bytes) -> float:
    """Seconds of this process's own time."""
    times = []
    for _turn in range(3):
        began = time.process_time()
        assert isinstance(reports.read(mail).kind, Kind)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("kind", REPEATED)
def test_twice_the_mail_costs_twice_the_time_and_a_megabyte_not_much(kind):
    assert cost(repeated(kind, 2**17)) < 3 * cost(repeated(kind, 2**16)) + 0.05
    assert cost(repeated(kind, 2**20)) < 1.5  # measured: 0.3 at most


@pytest.mark.parametrize("piece", [b"exceed", b"user mailbox", b" ", b"<"])
def test_what_an_encoding_hides_costs_no_more(piece):
    hidden = base64.encodebytes(b"failed addresses follow:\n" + piece * (2**17 // len(piece)))
    assert cost(HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + hidden) < 1.5


@pytest.mark.parametrize("name", ["base64", "quoted-printable"])
def test_a_report_under_an_encoding_is_read(name):
    said = "Désolé, 550 5.1.1 l’adresse n’existe pas".encode()
    words = base64.encodebytes(said) if name == "base64" else said.replace("é".encode(), b"=C3=A9")
    kind = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {name}\r\n\r\n".encode()
    report = reports.read(HEAD + kind + words)
    assert (report.kind, report.code) == (Kind.HARD, "5.1.1")
    assert "Désolé, 550 5.1.1 l’adresse n’existe pas" in report.places[-1]


def test_words_in_an_encoding_that_nobody_knows_are_read_all_the_same():
    report = reports.read(CALLED + b"; charset=nonsense\r\n\r\n550 5.1.1 \xff unknown")
    assert (report.kind, report.code) == (Kind.HARD, "5.1.1")
