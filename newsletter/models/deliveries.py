"""One letter to one reader, and what became of it.

`pending` waits, `sending` is in a worker's hands, `deferred` is tried again; `sent` was taken by the mail server, and
may still come back (`bounced`); `failed` was refused for good. `uncertain` may have been taken: the worker or the
connection ended at that very moment. It is never sent again by itself. `skipped` had left before their turn, `cancelled`
was stopped.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from newsletter.models.issues import Issue
from newsletter.models.subscribers import Subscriber


class DeliveryQuerySet(models.QuerySet):
    def still_to_send(self):
        return self.filter(status__in=[Delivery.Status.PENDING, Delivery.Status.DEFERRED])

    def due(self, now=None):
        """What may be tried now, in the order in which readers were written down."""
        again = Q(status=Delivery.Status.DEFERRED, next_try__lte=now or timezone.now())
        return self.filter(Q(status=Delivery.Status.PENDING) | again).order_by("pk")

    def in_hand_of(self, run: "SendRun"):
        """What a run holds. By way of the issues, of which there are few, so that an index finds it."""
        return self.filter(issue__in=Issue.objects.values("pk"), status=Delivery.Status.SENDING, run=run)

    def counts(self) -> dict[str, int]:
        """How many there are of each status, zeros included."""
        found = dict(self.order_by().values_list("status").annotate(models.Count("pk")))
        return {status: found.get(status, 0) for status in Delivery.Status.values}


class SendRun(models.Model):
    """A worker while it sends. What it held in its hands when it died is found by it (newsletter.recovery)."""

    worker = models.CharField(max_length=200)  # host and process, to be read by people
    started_at = models.DateTimeField(default=timezone.now)
    boot = models.CharField(max_length=64, blank=True)  # since when the machine has been up, by the name of that time


class Delivery(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", pgettext_lazy("letter", "sent")
        DEFERRED = "deferred", _("tried again later")
        FAILED = "failed", _("refused")
        UNCERTAIN = "uncertain", _("uncertain")
        SKIPPED = "skipped", _("had left")
        CANCELLED = "cancelled", pgettext_lazy("letter", "cancelled")
        BOUNCED = "bounced", _("came back")

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, db_index=False, related_name="deliveries")
    # The address is the subscriber's: it is erased with them, and the record that a letter went out stays.
    subscriber = models.ForeignKey(
        Subscriber, on_delete=models.SET_NULL, null=True, db_index=False, related_name="deliveries"
    )
    language = models.CharField(_("language"), max_length=12)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(_("tries"), default=0)
    next_try = models.DateTimeField(_("next try"), null=True)
    # Set, and kept, before the first byte of the letter leaves: what has none was never begun.
    begun_at = models.DateTimeField(_("begun"), null=True)
    done_at = models.DateTimeField(_("when"), null=True)
    # The run that had it last; no foreign key, because what was sent keeps it when the run is over.
    run = models.ForeignKey(
        SendRun, on_delete=models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    detail = models.CharField(_("what the mail server said"), max_length=200, blank=True)  # without addresses

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        # Few, because each is written to with each letter; the unique one finds the letters of a reader too.
        indexes = [models.Index(fields=["issue", "status", "id"], name="newsletter_delivery_claim")]
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "issue"], name="newsletter_one_delivery_for_each_reader")
        ]

    def __str__(self):
        return gettext("Delivery %(number)s") % {"number": self.pk}

    def send_again(self) -> bool:
        """From uncertain or failed to waiting, because somebody decided so; it goes out with the Message-ID that it had."""
        old = [self.Status.UNCERTAIN, self.Status.FAILED]
        row = Delivery.objects.filter(pk=self.pk, status__in=old, issue__status__in=_GOES_ON)
        also = {"attempts": 0, "next_try": None, "begun_at": None, "done_at": None, "detail": ""}
        return bool(row.update(status=self.Status.PENDING, **also))


_GOES_ON = [Issue.Status.SENDING, Issue.Status.PAUSED, Issue.Status.SENT]


class MailServer(models.Model):
    """One row: whether the mail server answers, and how much it was given in this minute. All workers share it."""

    failures = models.PositiveIntegerField(default=0)  # connections that failed since the last letter that went out
    down_since = models.DateTimeField(null=True)
    next_try = models.DateTimeField(null=True)
    said = models.CharField(max_length=300, blank=True)
    minute = models.DateTimeField(null=True)  # the one that is counted
    given = models.PositiveIntegerField(default=0)  # letters in it

    @classmethod
    def row(cls) -> "MailServer":
        return cls.objects.get_or_create(pk=1)[0]
