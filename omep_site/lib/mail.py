"""Mail: a row in the transaction of its cause, delivered by the worker after it.

`send` renders one mail in its reader's language: the first line of the template is the subject. Delivery is
django-post-office's; what is ours is the pauses between tries, which grow, and that two workers never send at once.
"""

from datetime import timedelta

from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from post_office import EmailBackend
from post_office import mail as post_office
from post_office.models import STATUS, Email

from omep_site.lib.context import site

# After each failed try; the last pause repeats. MAX_RETRIES in the settings ends it after about 48 hours.
PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60)]
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
    started = timezone.now()
    tried = sum(post_office.send_queued())
    requeued = Email.objects.filter(status=STATUS.requeued, last_updated__gte=started)
    for pk, retries in requeued.values_list("pk", "number_of_retries"):
        pause = PAUSES[min(retries or 1, len(PAUSES)) - 1]
        Email.objects.filter(pk=pk, status=STATUS.requeued).update(scheduled_time=timezone.now() + pause)
    return tried


def forget_old_mail(now=None) -> None:
    """Deletes the rows of mails that were delivered, or given up, a month ago."""
    old = (now or timezone.now()) - KEPT_FOR
    with transaction.atomic():
        Email.objects.filter(Q(status=STATUS.sent) | Q(status=STATUS.failed), last_updated__lt=old).delete()
