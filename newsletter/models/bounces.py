"""Letters that came back, and readers who complained."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsletter.models.deliveries import Delivery
from newsletter.models.subscribers import Subscriber


class Bounce(models.Model):
    class Kind(models.TextChoices):
        HARD = "hard", _("the address does not exist, or takes nothing")
        SOFT = "soft", _("not taken this time")
        COMPLAINT = "complaint", _("called spam by its reader")

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="bounces")
    delivery = models.ForeignKey(Delivery, on_delete=models.SET_NULL, null=True, related_name="bounces")
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    code = models.CharField(_("code"), max_length=20, blank=True)  # RFC 3463, such as 5.1.1
    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the report: the same one counts once
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("returned letter")
        verbose_name_plural = _("returned letters")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subscriber", "at"], name="newsletter_bounce_points")]

    def __str__(self):
        return gettext("Returned letter %(number)s") % {"number": self.pk}
