from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet):
    def open(self):
        """Those in whose sight nobody has decided yet."""
        return self.filter(weighed_at=None)


class Report(models.Model):
    """A reader's word that a published comment should not be. Of the reader nothing is kept but a keyed hash of the
    network, whose key is gone after two days (omep_site.models.DailyKey)."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("advertising or fraud")
        HURTFUL = "hurtful", _("hurtful or hateful")
        PRIVATE = "private", _("private details of somebody")
        OTHER = "other", _("something else")

    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    who = models.CharField(max_length=64, editable=False)
    at = models.DateTimeField(_("when"), default=timezone.now)
    weighed_at = models.DateTimeField(null=True, editable=False)  # when an editor decided in spite or because of it

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["comment", "who"], name="comments_one_report_per_reader")]

    def __str__(self):
        return gettext("Report %(number)s") % {"number": self.pk}
