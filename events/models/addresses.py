"""Addresses that pages of events had before."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from events.models.event import Event


class OldAddress(models.Model):
    """A slug that an event had in one language. Whoever comes by it is led to the address of today."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="old_addresses")
    language = models.CharField(max_length=12)
    slug = models.SlugField(max_length=100)

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["language", "slug"], name="event_old_address_once")]

    def __str__(self):
        return self.slug
