"""The queue of mail as an administrator looks after it: what waits, what was sent, what failed and why."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from post_office.models import STATUS, Email, Log

WAITING = (STATUS.queued, STATUS.requeued)

# Stands in the place of an exception's name: it was never tried, because it may have gone out before.
HELD = "HeldAfterRestore"

# So does this: the server says by a code that there is no such address (omep_site.lib.mail).
ADDRESS_REFUSED = "AddressRefused"

# It was the address that the server did not take.
REFUSED = (ADDRESS_REFUSED, SMTPRecipientsRefused.__name__)

# What a failed try means, by the name of Python's exception.
FAILURES = {
    HELD: _("It comes from a backup, and may have gone out since. “Try again” sends it."),
    "SMTPAuthenticationError": _("The mail server did not accept the site’s user name or password."),
    ADDRESS_REFUSED: _("The mail server refused the address: it does not exist or takes no e-mail."),
    "SMTPRecipientsRefused": _("The mail server did not take the e-mail for this address."),
    "SMTPSenderRefused": _("The mail server does not let this site send from its address."),
    "SMTPDataError": _("The mail server refused the e-mail after reading it."),
    "SMTPNotSupportedError": _("The mail server cannot do what the settings ask of it."),
    "SMTPServerDisconnected": _("The mail server ended the conversation."),
    "SMTPConnectError": _("The mail server did not answer."),
    "ConnectionRefusedError": _("The mail server did not answer."),
    "ConnectionResetError": _("The mail server ended the conversation."),
    "TimeoutError": _("The mail server took too long to answer."),
    "gaierror": _("The mail server was not found: its name may be wrong, or the network was away."),
    "SSLCertVerificationError": _("The mail server could not prove who it is, so nothing was sent."),
    "SSLError": _("No secure connection to the mail server could be made."),
    "OSError": _("The network was away."),
}


def failure_in_words(exception: str | None) -> str:
    """What a failed try means to somebody who does not program; "" where nothing failed."""
    if not exception:
        return ""
    return str(FAILURES.get(exception) or _("Something unforeseen went wrong (%(name)s).") % {"name": exception})


class QueuedMailQuerySet(models.QuerySet):
    def held(self):
        """Those that waited at the time of a backup that was brought back, and wait for somebody's word."""
        return self.with_last_failure().filter(status=STATUS.failed, failure=HELD)

    def with_last_failure(self):
        """Each mail with `failure` and `answer`: the last exception's name, and what the server said."""
        last = Log.objects.filter(email=OuterRef("pk"), status=STATUS.failed).order_by("-pk")
        return self.annotate(
            failure=Subquery(last.values("exception_type")[:1]), answer=Subquery(last.values("message")[:1])
        )


class QueuedMail(Email):
    """A mail of django-post-office's queue, without its words: the links in them are keys."""

    objects = QueuedMailQuerySet.as_manager()

    class Meta:
        proxy = True
        app_label = "omep_site"
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        ordering = ["-pk"]

    def __str__(self):
        # The admin's log keeps this for ever: no address.
        return str(_("E-mail %(number)s") % {"number": self.pk})

    def __repr__(self):
        return f"<QueuedMail: {self.pk}>"  # the library's shows the addresses

    @property
    def kind(self) -> str:
        """The name of its template (omep_site.lib.mail.send); "" where it was made otherwise."""
        return (self.headers or {}).get("X-Mail-Kind", "")

    def try_again(self) -> bool:
        """From failed, or waiting for its next try, to the front of the queue, with all its tries before it."""
        change = {
            "status": STATUS.queued,
            "scheduled_time": None,
            "number_of_retries": 0,
            "last_updated": timezone.now(),
        }
        row = QueuedMail.objects.filter(pk=self.pk, status__in=[STATUS.failed, STATUS.requeued])
        return bool(row.update(**change))


def hold(taken_at: datetime) -> list[str]:
    """One of settings.AFTER_RESTORE: what waited to go out waits for somebody's word."""
    waiting = Email.objects.filter(status__in=WAITING)
    rows = list(waiting.values_list("pk", flat=True))
    Log.objects.bulk_create(
        [Log(email_id=pk, status=STATUS.failed, exception_type=HELD, message="") for pk in rows], batch_size=500
    )
    waiting.update(status=STATUS.failed, scheduled_time=None, last_updated=timezone.now())
    text = ngettext(
        "%(count)d e-mail is held, because it may have gone out since: see “Outgoing e-mails”.",
        "%(count)d e-mails are held, because they may have gone out since: see “Outgoing e-mails”.",
        len(rows),
    )
    return [text % {"count": len(rows)}] if rows else []
