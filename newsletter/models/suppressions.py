"""Addresses that nothing is sent to, kept as keyed hashes: the row outlives the address, and names nobody."""

import hmac
import secrets

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omep_site.lib import gone
from omep_site.lib.addresses import canonical


class Key(models.Model):
    """One row: a random key, made when it is first needed. It stands in the database, so that it is in every backup and
    outlives SECRET_KEY."""

    key = models.BinaryField(max_length=32)

    @classmethod
    def bytes(cls) -> bytes:
        found = cls.objects.filter(pk=1).values_list("key", flat=True).first()
        if found is None:
            try:
                with transaction.atomic():
                    cls.objects.create(pk=1, key=secrets.token_bytes(32))
            except IntegrityError:  # another process was quicker
                pass
            found = cls.objects.values_list("key", flat=True).get(pk=1)
        return bytes(found)


def digest_of(address: str, key: bytes | None = None) -> str:
    """64 hexadecimal digits: the same for every spelling of an address."""
    return digest_of_canonical(canonical(address), key or Key.bytes())


def digest_of_canonical(address: str, key: bytes) -> str:
    """For whoever has canonical addresses (omep_site.lib.addresses), many of them."""
    words = f"address|{address}".encode("utf-8", "surrogatepass")
    return hmac.digest(key, words, "sha256").hex()


class SuppressionQuerySet(models.QuerySet):
    def of(self, address: str):
        return self.filter(digest=digest_of(address))

    def blocks(self, address: str) -> bool:
        """Whether nothing may be sent to it, whoever asks."""
        return self.of(address).exclude(reason=Suppression.Reason.ERASED).exists()

    def add(self, address: str, reason: str, detail: str = "") -> bool:
        """Notes an address. A block takes the place of `erased`; an earlier block stays as it was noted."""
        if reason != Suppression.Reason.ERASED:
            gone.note(gone.What.BLOCKED, address, reason)
        row = {"reason": reason, "detail": detail[:200], "at": timezone.now()}
        found, is_new = self.get_or_create(digest=digest_of(address), defaults=row)
        if is_new or reason == Suppression.Reason.ERASED:
            return is_new
        return bool(self.filter(pk=found.pk, reason=Suppression.Reason.ERASED).update(**row))

    def forget_erased(self, address: str) -> None:
        self.of(address).filter(reason=Suppression.Reason.ERASED).delete()


class Suppression(models.Model):
    class Reason(models.TextChoices):
        BOUNCES = "bounces", _("mail to it came back")
        COMPLAINT = "complaint", _("its reader called a letter spam")
        EDITOR = "editor", _("somebody asked us by letter or telephone")
        # Whoever was erased is not brought back by an old list; by the form they may come back themselves.
        ERASED = "erased", _("its reader had left, or was erased")

    digest = models.CharField(max_length=64, unique=True, editable=False)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    detail = models.CharField(_("detail"), max_length=200, blank=True)  # what a mail server said, without addresses
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        verbose_name = _("blocked address")
        verbose_name_plural = _("blocked addresses")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return gettext("Blocked address %(number)s") % {"number": self.pk}
