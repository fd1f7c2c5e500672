"""The record that people asked for the newsletter: when, on which page, and in which words."""

import hashlib

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LONGEST_PATH = 500

# What people agree to. It stands beside each button that asks for it, and is kept with each consent.
CONSENT = _(
    "By subscribing you agree to receive our newsletter by e-mail. Your address is used for nothing else, and every "
    "letter has a link to unsubscribe."
)


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
        IMPORTED = "imported", _("came with a list")

    subscriber = models.ForeignKey("newsletter.Subscriber", on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    # None for what came with a list: then `source` says where people agreed, in the words of whoever brought it.
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, null=True, verbose_name=_("wording"))
    page = models.CharField(_("page"), max_length=LONGEST_PATH, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
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
    def record(cls, subscriber, kind: str, page: str) -> "Consent":
        return cls.objects.create(subscriber=subscriber, kind=kind, text=ConsentText.shown_now(), page=page)
