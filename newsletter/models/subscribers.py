"""Who receives the newsletter, and the record that they asked for it.

The lifecycle is one status. `pending` has asked, and pressed no button yet; `confirmed` receives the newsletter;
`unsubscribed` receives nothing, and may ask again; `suppressed` receives nothing, whoever asks.
"""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from omep_site.lib import links

CONFIRM_WITHIN = timedelta(days=7)  # the mail and its page say “seven days”
# One address gets no second confirmation mail before that, however often it is typed into the form.
MAIL_PAUSE = timedelta(minutes=10)
CONFIRM_PURPOSE = "newsletter.confirm"
LONGEST_PATH = 500

# What people agree to. It stands beside each button that asks for it, and is kept with each consent.
CONSENT = _(
    "By subscribing you agree to receive our newsletter by e-mail. Your address is used for nothing else, and every "
    "letter has a link to unsubscribe."
)


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
        """The subscriber at this address, pending where nobody was."""
        found = self.at(address).first()
        if found:
            return found
        try:
            with transaction.atomic():
                return self.create(email=tidy_address(address), language=language)
        except IntegrityError:  # the same address was sent twice at once, and the other was quicker
            return self.at(address).get()

    def by_confirm_token(self, token: str) -> "Subscriber | None":
        """None for a row that is gone. Raises links.LinkExpired and links.LinkBroken."""
        return self.filter(pk=links.unsign(CONFIRM_PURPOSE, token, CONFIRM_WITHIN)).first()


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
    unsubscribe_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    confirmation_sent_at = models.DateTimeField(_("confirmation mail sent"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="newsletter_one_subscriber_per_address")]

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

    # Lifecycle

    def confirm(self, page: str) -> bool:
        """From pending to confirmed, with the consent that the button on `page` gave."""
        with transaction.atomic():
            moved = self._move([self.Status.PENDING], self.Status.CONFIRMED, confirmed_at=timezone.now())
            if moved:
                Consent.record(self, Consent.Kind.CONFIRMED, page)
        return moved

    def may_unsubscribe(self) -> bool:
        return self.status in (self.Status.PENDING, self.Status.CONFIRMED)

    def unsubscribe(self) -> bool:
        """From pending or confirmed to unsubscribed."""
        return self._move([self.Status.PENDING, self.Status.CONFIRMED], self.Status.UNSUBSCRIBED)

    def ask_again(self) -> bool:
        """From unsubscribed back to pending."""
        return self._move([self.Status.UNSUBSCRIBED], self.Status.PENDING, confirmed_at=None)

    def suppress(self) -> bool:
        """From any other status to suppressed, for good."""
        return self._move([old for old in self.Status if old != self.Status.SUPPRESSED], self.Status.SUPPRESSED)

    def write_in(self, language: str) -> bool:
        """While pending: the language of the form that was sent last."""
        return self._move([self.Status.PENDING], self.Status.PENDING, language=language)

    def claim_confirmation_mail(self) -> bool:
        """Whether a confirmation mail is to be written now: while pending, and once in MAIL_PAUSE."""
        now = timezone.now()
        due = Q(confirmation_sent_at=None) | Q(confirmation_sent_at__lte=now - MAIL_PAUSE)
        return self._move([self.Status.PENDING], self.Status.PENDING, due, confirmation_sent_at=now)

    def _move(self, old, new, *conditions, **also) -> bool:
        also |= {"status": new, "updated_at": timezone.now()}
        moved = Subscriber.objects.filter(*conditions, pk=self.pk, status__in=old).update(**also)
        if moved:
            for field, value in also.items():
                setattr(self, field, value)
        return bool(moved)


class ConsentText(models.Model):
    """A wording that people agreed to, as it was shown to them."""

    language = models.CharField(_("language"), max_length=12)
    text = models.TextField(_("wording"))
    digest = models.CharField(max_length=64, editable=False)  # SHA-256 of the text, in hexadecimal

    class Meta:
        verbose_name = _("wording of a consent")
        verbose_name_plural = _("wordings of consents")
        constraints = [models.UniqueConstraint(fields=["language", "digest"], name="newsletter_wording_once")]

    def __str__(self):
        return self.text

    @classmethod
    def shown_now(cls) -> "ConsentText":
        """The row of today's wording, in the language of the page that is being answered."""
        language, text = get_language(), str(CONSENT)
        digest = hashlib.sha256(text.encode()).hexdigest()
        return cls.objects.get_or_create(language=language, digest=digest, defaults={"text": text})[0]


class Consent(models.Model):
    """When somebody agreed, to which wording, on which page. Rows are added; they go with their subscriber only."""

    class Kind(models.TextChoices):
        REQUESTED = "requested", _("sent the form")
        CONFIRMED = "confirmed", _("confirmed by the link in the mail")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, verbose_name=_("wording"))
    page = models.CharField(_("page"), max_length=LONGEST_PATH, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["at", "pk"]

    def __str__(self):
        return self.get_kind_display()

    def save(self, **kwargs):
        if not self._state.adding:
            raise TypeError("A consent is a record: it is never changed.")
        super().save(**kwargs)

    def delete(self, **kwargs):
        raise TypeError("A consent is a record: it goes with its subscriber only.")

    @classmethod
    def record(cls, subscriber: Subscriber, kind: str, page: str) -> "Consent":
        return cls.objects.create(subscriber=subscriber, kind=kind, text=ConsentText.shown_now(), page=page)
