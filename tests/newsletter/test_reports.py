"""What a mail that came back says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import reports
from newsletter.diagnoses import Kind
from tests.newsletter.returned import as_mail, dsn


@pytest.mark.parametrize(
    ("status", "action", "diagnosis", "expected"),
    [
        ("5.1.1", "failed", "smtp; 550 no such user", ("hard", "5.1.1")),
        ("5.1.1 (bad destination mailbox address)", "Failed", "x", ("hard", "5.1.1")),
        ("5.0.0", "failed", "smtp; 550 5.7.1 refused", ("soft", "5.7.1")),
        ("5.0.0", "failed", "smtp; 550 user unknown", ("hard", "5.1.1")),
        ("", "failed", "smtp; 552 mailbox is full", ("soft", "5.2.2")),
        ("5.1.1", "failed", "smtp; 550 5.7.1 refused", ("soft", "5.7.1")),
        ("", "failed", "", ("soft", "5.0.0")),
        ("4.4.7", "failed", "smtp; timed out", ("soft", "4.4.7")),
        ("5.1.1", "error", "x", ("hard", "5.1.1")),  # OpenSMTPD
        ("4.4.1", "delayed", "x", ("delayed", "")),
        ("2.0.0", "delivered", "x", ("harmless", "")),
        ("2.0.0", "relayed", "x", ("harmless", "")),
    ],
)
def test_a_delivery_report_says_what_became_of_a_letter(status, action, diagnosis, expected):
    report = reports.read(dsn(status=status, action=action, diagnosis=diagnosis))
    assert (report.kind, report.code) == expected


def test_the_worst_of_several_readers_counts():
    both = dsn(status="4.2.2").replace(b"Action: failed", b"Action: delayed\r\n\r\nAction: failed", 1)
    assert reports.read(both).kind == Kind.SOFT


@pytest.mark.parametrize(
    "subject",
    [
        "Out of Office: La Lettre",
        "Automatic reply: The Letter",
        "Réponse automatique : La Lettre",
        "=?utf-8?q?R=C3=A9ponse_automatique?=",
        "=?iso-8859-1?q?R=E9ponse_automatique?=",
        "Abwesenheitsnotiz",
    ],
)
def test_an_absence_is_known_by_its_subject(subject):
    assert reports.read(as_mail(f"Subject: {subject}\n\nBonjour")).kind == Kind.ABSENT


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"])
def test_an_automatic_answer_is_known_by_its_head(head):
    for subject in ("Bonjour", "Absence du bureau"):
        assert reports.read(as_mail(f"{head}\nSubject: {subject}\n\nBonjour")).kind == Kind.AUTOMATIC


@pytest.mark.parametrize(
    "mail", [b"", b"\0\xff", b"Subject: Merci\r\n\r\nBelle lettre !", b"Content-Type: ;;;\r\n\r\n"]
)
def test_what_is_no_report_is_none(mail):
    assert (reports.read(mail).kind, reports.read(mail).code) == (Kind.OTHER, "")


PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/report; boundary=x\r\n",
        b"Content-Type: message/delivery-status\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"Content-Type: message/feedback-report\r\n",
        b"Content-Type: text/plain; charset=nonsense\r\n",
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Type: text/rfc822-headers; charset=\xff\r\n",
        b"Subject: =?x?q?=E9?=\r\n",
        b"Message-ID: \xff\r\n",
        b"Action: failed\r\nStatus: 5.1.1\r\n",
        b"--x\r\n",
        b"--x--\r\n",
        b"\r\n",
        b"To: =?utf-8?b?////?=\r\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.binary(max_size=30)), max_size=30).map(b"".join))
def test_any_bytes_are_read(mail):
    assert isinstance(reports.read(mail).kind, Kind)


def test_a_mail_in_a_mail_in_a_mail_is_read():
    deep = b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _each in range(3000))
    assert reports.read(deep).kind == Kind.OTHER


def test_a_large_mail_is_read_as_far_as_it_matters():
    assert reports.read(dsn() + b"x" * 30 * 2**20).kind == Kind.HARD
