"""Mail: a row in the transaction of its cause, delivered by the worker after it.

`send` renders one mail in its reader's language: the first line of the template is the subject. Delivery is
django-post-office's; what is ours is the pauses between tries, which grow, that two workers never send at once, and that
nothing is sent of which it could not be stored.
"""

import re
import time
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from post_office import EmailBackend
from post_office import mail as post_office
from post_office.connections import connections
from post_office.models import STATUS, Email
from post_office.settings import get_max_retries

from omep_site.lib import incidents, tallies
from omep_site.lib.context import site
from omep_site.queued_mail import ADDRESS_REFUSED

# After each failed try; the last pause repeats. MAX_RETRIES in the settings ends it after about 48 hours.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60)]
# An address that does not exist is no other in an hour. A server that is new to its work may say so of all, for minutes.
TRIES_OF_A_REFUSED = 4
NO_SUCH_READER = re.compile(rb"5\.(1\.(?![78]\b)\d+|2\.1)\b")  # 5.1.7 and 5.1.8 are about the sender
KEPT_FOR = timedelta(days=30)  # then a delivered mail's row, with its address and words, is deleted
ADVISORY_LOCK = 0x6F6D6570  # "omep": any number will do, as long as every worker takes the same
BRACES = str.maketrans({"{": "{% templatetag openbrace %}", "}": "{% templatetag closebrace %}"})


def send(template: str, to: str, language: str, headers: dict | None = None, **context) -> None:
    """Queues templates/mail/<template>.txt to one address.

    The mail is written in `language`; `site_url`, `site_name` and `site` are there beside `context`.
    """
    with translation.override(language):
        text = render_to_string(f"mail/{template}.txt", site() | context)
    subject, body = text.lstrip().split("\n", 1)
    always = {"Auto-Submitted": "auto-generated", "Content-Language": language, "X-Mail-Kind": template}
    headers = always | (headers or {})
    EmailMessage(subject.strip(), body.strip() + "\n", to=[to], headers=headers).send()


class QueueBackend(EmailBackend):
    """django-post-office's queue, for mail whose words are final.

    The queue renders subjects and bodies as Django templates once more: a visitor's “{{ name }}” would be executed,
    and “{% hello” would stop the mail. So each brace is written as a template tag that prints it.
    """

    def send_messages(self, email_messages):
        for message in email_messages or []:
            message.subject = as_template(message.subject)
            message.body = as_template(message.body)
            if getattr(message, "alternatives", None):
                message.alternatives = [
                    part._replace(content=as_template(part.content)) for part in message.alternatives
                ]
        return super().send_messages(email_messages)


def as_template(text: str) -> str:
    """A Django template that renders to `text`, whatever it contains."""
    return str(text).translate(BRACES)


def as_written(template: str) -> str:
    """What `as_template` was given."""
    return template.replace(BRACES[ord("{")], "{").replace(BRACES[ord("}")], "}")


# --- Delivery, by the worker ----------------------------------------------------------------------------------------


def deliver_due() -> int:
    """Sends what is due, one batch. Returns how many mails were tried.

    A server that refuses or is away costs a try and a growing pause, never a mail. One worker at a time sends: on
    PostgreSQL an advisory lock says who, on SQLite there is one worker.
    """
    if not post_office.get_queued().exists():
        return 0
    if connection.vendor != "postgresql":
        return _deliver()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        try:
            return _deliver()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def _deliver() -> int:
    """One after the other over one connection. Returns how many were tried.

    A mail is claimed before it is sent, and what became of it is stored before the next: where nothing can be stored,
    nothing is sent, and a worker that is killed may send the one mail at hand again, after its pause, and no other. The
    library's `send_queued` stores both at the end of a batch. A server that is away is asked once: with twenty mails that
    each wait for it, nothing else would be done for minutes.
    """
    tried = 0
    try:
        for email in post_office.get_queued():
            if not _claim(email):
                continue
            tried += 1
            try:
                email.dispatch(commit=False, disconnect_after_delivery=False)
            except Exception as error:
                _store_failure(email, error)
                if _is_away(error):
                    _note_away()
                    break
                connections.close()  # where the server has hung up, that is not the next mail's fault
            else:
                _end(email, STATUS.sent)
                tallies.count("mails", "sent")
                forget()
    finally:
        connections.close()
    return tried


def _claim(email: Email) -> bool:
    """As if it had failed: whoever does not come to say what became of it leaves it for its next try."""
    email.number_of_retries = (email.number_of_retries or 0) + 1
    now = timezone.now()
    waiting = Email.objects.filter(pk=email.pk, status__in=[STATUS.queued, STATUS.requeued])
    return bool(
        waiting.update(
            status=STATUS.requeued,
            number_of_retries=email.number_of_retries,
            scheduled_time=now + PAUSES[min(email.number_of_retries, len(PAUSES)) - 1],
            last_updated=now,
        )
    )


def _end(email: Email, status: int) -> None:
    """Sent, or failed for good."""
    Email.objects.filter(pk=email.pk).update(status=status, scheduled_time=None, last_updated=timezone.now())


def _store_failure(email: Email, error: Exception) -> None:
    """It waits for its next try, as `_claim` said, or has failed for good."""
    name, tries = type(error).__name__, email.number_of_retries
    if _is_about_the_address(error):
        name, most = ADDRESS_REFUSED, TRIES_OF_A_REFUSED
    else:
        most = get_max_retries() + 1
    with transaction.atomic():
        if tries >= most:
            _end(email, STATUS.failed)
        email.logs.create(status=STATUS.failed, message=str(error), exception_type=name)
    tallies.count("mails", "failed" if tries >= most else "tried again")


def _is_away(error: Exception) -> bool:
    """Whether the failure says nothing of the mail: nobody is there who would take one."""
    if isinstance(error, SMTPException):
        return isinstance(error, SMTPServerDisconnected | SMTPConnectError | SMTPAuthenticationError)
    return isinstance(error, OSError)


def _is_about_the_address(error: Exception) -> bool:
    """Whether the server says by a code that there is no such reader (RFC 3463). Without one it may mean us."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    return all(NO_SUCH_READER.match(answer) for _code, answer in error.recipients.values())


_away_since: float | None = None  # as this process knows it, in seconds since 1970


def _note_away() -> None:
    """From the first failure on: tries come an hour apart in the end, and are of one night."""
    global _away_since
    _away_since = _away_since or time.time()
    incidents.note("mail away", since=_away_since)


def forget() -> None:
    """That the server was away: it took a mail; or as in a new process."""
    global _away_since
    _away_since = None


def forget_old_mail(now=None) -> None:
    """Deletes the rows of mails that were delivered, or given up, a month ago."""
    old = (now or timezone.now()) - KEPT_FOR
    with transaction.atomic():
        Email.objects.filter(Q(status=STATUS.sent) | Q(status=STATUS.failed), last_updated__lt=old).delete()
