"""Who receives the newsletter.

The lifecycle is one status. `pending` has asked, and pressed no button yet; `confirmed` receives the newsletter;
`unsubscribed` receives nothing, and may ask again; `suppressed` receives nothing, whoever asks.
"""

import secrets
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsletter.models.consents import Consent
from newsletter.models.suppressions import Suppression
from newsletter.models.tags import Tag
from omep_site.lib import gone, links

CONFIRM_WITHIN = timedelta(days=7)  # the mail and its page say “seven days”
# One address gets no further confirmation mail before that, however often it is typed into the form: the first pause
# after the first mail, and so on; the last one repeats.
MAIL_PAUSES = [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1), timedelta(days=3)]
CONFIRM_PURPOSE = "newsletter.confirm"
PREFERENCES_PURPOSE = "newsletter.preferences"
PREFERENCES_WITHIN = timedelta(days=90)  # its page says “90 days”


def tidy_address(address: str) -> str:
    """The address as typed, its domain in small letters: only the part before the @ may mean its capitals."""
    local, at, domain = address.rpartition("@")
    return local + at + domain.lower()


def new_token() -> str:
    return secrets.token_urlsafe(32)


class SubscriberQuerySet(models.QuerySet):
    def at(self, address: str):
        """One address is one subscriber, whatever its capitals."""
        return self.alias(lowered=Lower("email")).filter(lowered=Lower(Value(address)))

    def find_or_begin(self, address: str, language: str) -> "Subscriber":
        """The subscriber at this address, pending where nobody was. It costs the same whether or not somebody was."""
        new = self.model(email=tidy_address(address), language=language)
        self.bulk_create([new], ignore_conflicts=True)
        return self.at(address).get()

    def by_confirm_token(self, token: str) -> "Subscriber | None":
        """None for a row that is gone. Raises links.LinkExpired and links.LinkBroken."""
        return self.filter(pk=links.unsign(CONFIRM_PURPOSE, token, CONFIRM_WITHIN)).first()

    def by_preferences_token(self, token: str, within: timedelta | None = PREFERENCES_WITHIN) -> "Subscriber | None":
        """None for a row that is gone. Raises links.LinkExpired, also for a link in a letter to an address that the
        reader has left since, and links.LinkBroken. Without `within`, whose it is, however old."""
        found = self.filter(pk=links.unsign(PREFERENCES_PURPOSE, token, within)).first()
        if found and found.address_changed_at and within:
            since = timezone.now() - found.address_changed_at
            links.unsign(PREFERENCES_PURPOSE, token, since + timedelta(seconds=1))  # tokens know whole seconds
        return found


class Subscriber(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("subscribed")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        SUPPRESSED = "suppressed", _("blocked")

    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PENDING)
    # Random and kept, not signed: the link in an old letter works for ever, also when SECRET_KEY changes.
    unsubscribe_token = models.CharField(max_length=64, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    confirmation_sent_at = models.DateTimeField(_("confirmation mail sent"), null=True, editable=False)
    confirmation_mails = models.PositiveSmallIntegerField(default=0, editable=False)  # since the last confirmation
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    left_at = models.DateTimeField(_("left"), null=True, editable=False)
    # Links in letters to the earlier address open nothing any more: somebody else may read its mail by now.
    address_changed_at = models.DateTimeField(_("address changed"), null=True, editable=False)
    tags = models.ManyToManyField(Tag, verbose_name=_("groups"), blank=True, related_name="subscribers")

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["status", "language"], name="newsletter_audience")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="newsletter_one_subscriber_per_address"),
            # Not `unique=True`: on PostgreSQL that makes a second index, for LIKE, at which nobody looks.
            models.UniqueConstraint(fields=["unsubscribe_token"], name="newsletter_token_once"),
        ]

    def __str__(self):
        # No address: the admin's log keeps this text after the row is erased.
        return gettext("Subscriber %(number)s") % {"number": self.pk}

    # Addresses, in the subscriber's language

    @property
    def confirm_url(self) -> str:
        token = links.sign(CONFIRM_PURPOSE, self.pk)
        return links.absolute(links.path_in(self.language, "newsletter:confirm", token=token))

    @property
    def unsubscribe_url(self) -> str:
        return links.absolute(links.path_in(self.language, "newsletter:unsubscribe", token=self.unsubscribe_token))

    @property
    def preferences_token(self) -> str:
        """For the reader's own page: signed, with the moment, so that a letter that was passed on does not open it for ever."""
        return links.sign(PREFERENCES_PURPOSE, self.pk)

    @property
    def preferences_url(self) -> str:
        return links.absolute(links.path_in(self.language, "newsletter:preferences", token=self.preferences_token))

    # Lifecycle

    def confirm(self, page: str) -> bool:
        """From pending to confirmed, with the consent that the button on `page` gave. Whoever was erased once is
        welcome again; a list may bring them from now on."""
        with transaction.atomic():
            now = timezone.now()
            also = {"confirmed_at": now, "left_at": None, "confirmation_mails": 0}
            moved = self._move([self.Status.PENDING], self.Status.CONFIRMED, **also)
            if moved:
                Consent.record(self, Consent.Kind.CONFIRMED, page)
                Suppression.objects.forget_erased(self.email)
        return moved

    def may_unsubscribe(self) -> bool:
        return self.status in (self.Status.PENDING, self.Status.CONFIRMED)

    def unsubscribe(self) -> bool:
        """From pending or confirmed to unsubscribed."""
        old = [self.Status.PENDING, self.Status.CONFIRMED]
        moved = self._move(old, self.Status.UNSUBSCRIBED, left_at=timezone.now())
        if moved:
            gone.note(gone.What.LEFT, self.email)
        return moved

    def ask_again(self) -> bool:
        """From unsubscribed back to pending."""
        return self._move([self.Status.UNSUBSCRIBED], self.Status.PENDING, confirmed_at=None)

    def suppress(self) -> bool:
        """From any other status to suppressed, for good."""
        others = [old for old in self.Status if old != self.Status.SUPPRESSED]
        return self._move(others, self.Status.SUPPRESSED, left_at=timezone.now())

    def release(self) -> bool:
        """From suppressed to unsubscribed: nothing is sent, and whoever reads the address may ask again."""
        return self._move([self.Status.SUPPRESSED], self.Status.UNSUBSCRIBED)

    def write_in(self, language: str) -> bool:
        """While pending: the language of the form that was sent last."""
        return self._move([self.Status.PENDING], self.Status.PENDING, language=language)

    def read_in(self, language: str) -> bool:
        """The language of the letters from now on, while pending or confirmed."""
        reading = (self.Status.PENDING, self.Status.CONFIRMED)
        return any(self._move([status], status, language=language) for status in reading)

    def move_to(self, address: str, page: str) -> bool:
        """While confirmed: the letters go to another address from now on, whose reader pressed a button on `page`. An old
        list does not bring the earlier one back.

        False also where the row has another address by now than this copy of it, and where somebody else has that one.
        """
        confirmed, earlier = self.Status.CONFIRMED, self.email
        also = {"email": tidy_address(address), "address_changed_at": timezone.now()}
        with suppress(IntegrityError), transaction.atomic():
            moved = self._move([confirmed], confirmed, Q(email=earlier), **also)
            if moved:
                Consent.record(self, Consent.Kind.CONFIRMED, page)
                Suppression.objects.add(earlier, Suppression.Reason.ERASED)
                gone.note(gone.What.LEFT, earlier)
                Suppression.objects.forget_erased(self.email)
            return moved
        return False

    def claim_confirmation_mail(self) -> bool:
        """Whether a confirmation mail is to be written now: while pending, and after a pause that grows with each."""
        now = timezone.now()
        due = Q(confirmation_sent_at=None)
        for sent, pause in enumerate(MAIL_PAUSES, start=1):
            so_many = Q(confirmation_mails__lte=1) if sent == 1 else Q(confirmation_mails=sent)
            if sent == len(MAIL_PAUSES):
                so_many = Q(confirmation_mails__gte=sent)
            due |= so_many & Q(confirmation_sent_at__lte=now - pause)
        also = {"confirmation_sent_at": now, "confirmation_mails": F("confirmation_mails") + 1}
        return self._move([self.Status.PENDING], self.Status.PENDING, due, **also)

    def _move(self, old, new, *conditions, **also) -> bool:
        also |= {"status": new, "updated_at": timezone.now()}
        moved = Subscriber.objects.filter(*conditions, pk=self.pk, status__in=old).update(**also)
        if moved:
            for field, value in also.items():
                if not isinstance(value, CombinedExpression):
                    setattr(self, field, value)
        return bool(moved)
