"""Organisations that events are held with."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class Partner(models.Model):
    """An organisation that events are held with."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("As it is known, for example UNESCO."))
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    url = models.URLField(_("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])])

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]

    def __str__(self):
        return self.name


class EventPartner(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, verbose_name=_("partner"))
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "partner"], name="event_partner_once")]

    def __str__(self):
        return str(self.partner)
