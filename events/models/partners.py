"""Organisations that events are held with."""

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from events import search
from events.models.event import Event


class Partner(models.Model):
    """An organisation that events are held with."""

    name = models.CharField(_("name"), max_length=100, unique=True, help_text=_("As it is known, for example UNESCO."))
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    url = models.URLField(_("website"), blank=True, validators=[URLValidator(schemes=["http", "https"])])
    logo = models.ImageField(
        _("logo"),
        upload_to="partners",
        blank=True,
        width_field="logo_width",
        height_field="logo_height",
        help_text=_("Stands beside the name on the pages of its events. Ask the organisation whether you may show it."),
    )
    logo_width = models.PositiveIntegerField(editable=False, null=True)  # pixels
    logo_height = models.PositiveIntegerField(editable=False, null=True)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["name"]

    def __str__(self):
        return self.name

    def save(self, **kwargs):
        super().save(**kwargs)
        search.refresh(Event.objects.filter(partners=self.pk))  # they are found by its name


class EventPartner(models.Model):
    class Role(models.TextChoices):
        ORGANISER = "organiser", _("organises it too")
        PARTNER = "partner", _("supports it")

    event = models.ForeignKey(Event, on_delete=models.CASCADE)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, verbose_name=_("partner"))
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.ORGANISER)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "partner"], name="event_partner_once")]

    def __str__(self):
        return str(self.partner)
