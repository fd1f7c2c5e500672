from django.db import models
from django.utils.translation import gettext_lazy as _


class DailyCount(models.Model):
    """How many subscribers there were on a day (UTC), in one language. Whoever is erased stays counted: it names nobody."""

    day = models.DateField(_("day"))
    language = models.CharField(max_length=12)
    confirmed = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "language"], name="newsletter_count_once_a_day")]
