"""Mails as servers send them back."""

from newsletter import verp
from newsletter.models import Delivery, Key
from tests.newsletter.factories import ADDRESS, make_issue, make_subscriber


def make_sent(**fields) -> Delivery:
    """A letter that was sent to a reader."""
    reader = make_subscriber(**{"status": "confirmed"} | fields)
    return make_issue().deliveries.create(subscriber=reader, language=reader.language, status="sent")


def return_address(delivery) -> str:
    return verp.return_address(delivery.pk, Key.bytes())


def message_id(delivery) -> str:
    return verp.message_id(delivery.pk, Key.bytes())


def as_mail(text: str) -> bytes:
    return text.strip().replace("\n", "\r\n").encode() + b"\r\n"


def head_of(delivery, to="") -> str:
    """As the returned letter has it."""
    return f"To: {to or delivery.subscriber.email}\nMessage-ID: <{message_id(delivery)}>\nFrom: lettre@example.org\nSubject: La Lettre d’été"


def dsn(
    delivery=None,
    status="5.1.1",
    action="failed",
    diagnosis=None,
    to="",
    returned="",
    number=1,
) -> bytes:
    """As Postfix writes it: a report (RFC 3464) with the head of the letter."""
    returned = returned or (head_of(delivery) if delivery else "Subject: x")
    return as_mail(f"""
Return-Path: <>
Delivered-To: {to}
Date: Thu, 26 Nov 2026 10:00:00 +0100
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {to}
Auto-Submitted: auto-replied
Message-ID: <report{number}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_b"

--=_b
Content-Type: text/plain; charset=utf-8

Votre message n’a pas pu être remis.

--=_b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {ADDRESS}
Action: {action}
Status: {status}
Diagnostic-Code: {f"smtp; 550 {status}" if diagnosis is None else diagnosis}

--=_b
Content-Type: text/rfc822-headers; charset=utf-8

{returned}

--=_b--
""")


def complaint(delivery, kind="abuse", mail_from="") -> bytes:
    """RFC 5965, appendix B."""
    return as_mail(f"""
From: <abusedesk@example.com>
Subject: FW: La Lettre
To: <abuse@example.org>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="part1"

--part1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report for an email message.

--part1
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: SomeGenerator/1.0
Version: 1
{f"Original-Mail-From: <{mail_from}>" if mail_from else "Source-IP: 192.0.2.1"}

--part1
Content-Type: message/rfc822
Content-Disposition: inline

{"Subject: x" if mail_from else head_of(delivery)}
MIME-Version: 1.0
Content-Type: text/plain

Bonjour !
--part1--
""")


def qmail(delivery, said="550 5.1.1 unknown user") -> bytes:
    """In words alone."""
    return as_mail(f"""
Return-Path: <>
From: MAILER-DAEMON@mx.example.net
To: {return_address(delivery)}
Subject: failure notice

Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<{ADDRESS}>:
192.0.2.1 does not like recipient.
Remote host said: {said}
Giving up on 192.0.2.1.

--- Below this line is a copy of the message.

{head_of(delivery)}
""")


def exim_in_words(delivery) -> bytes:
    return as_mail(f"""
Return-path: <>
X-Failed-Recipients: {ADDRESS}
Auto-Submitted: auto-replied
From: Mail Delivery System <Mailer-Daemon@mx.example.net>
To: {return_address(delivery)}
Subject: Mail delivery failed: returning message to sender

This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  {ADDRESS}
    SMTP error from remote mail server after RCPT TO:<{ADDRESS}>:
    host mx.example.net [192.0.2.1]: 550 5.7.1 refused by policy
""")


def away(delivery, subject="Absence du bureau : La Lettre", **heads) -> bytes:
    lines = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in heads.items())
    return as_mail(f"""
From: {ADDRESS}
To: {return_address(delivery)}
Subject: {subject}
In-Reply-To: <{message_id(delivery)}>
{lines}
Je suis absente jusqu’au 3 décembre.
""")


def letter_of_a_person(to: str) -> bytes:
    return as_mail(f"""
From: {ADDRESS}
To: {to}
Subject: Re: La Lettre

Merci pour cette belle lettre !
""")
