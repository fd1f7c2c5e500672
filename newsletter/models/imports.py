"""Lists of subscribers that somebody brings. The worker reads them in, and says of each line that it left why."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsletter.models.tags import Tag


class ImportJob(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("could not be read")

    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True, editable=False)  # the file; deleted once it is read
    consent_source = models.CharField(
        _("where these people agreed"),
        max_length=200,
        help_text=_("For example: “registration form of the congress in Bologna, 12 July 2026, box ticked”."),
    )
    language = models.CharField(
        _("language where the file says none"),
        max_length=12,
        choices=settings.LANGUAGES,
        default=settings.LANGUAGE_CODE,
    )
    tags = models.ManyToManyField(Tag, verbose_name=_("groups"), blank=True)
    is_trial = models.BooleanField(
        _("only try it"), default=True, help_text=_("Nothing is stored; the report says what would be.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    fault = models.CharField(max_length=200, blank=True)  # why the whole file could not be read
    rows = models.PositiveIntegerField(_("lines"), default=0)
    read = models.PositiveIntegerField(default=0)  # lines so far, the others are next
    added = models.PositiveIntegerField(_("added"), default=0)
    known = models.PositiveIntegerField(_("there already"), default=0)
    refused = models.PositiveIntegerField(_("left out"), default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("by"))
    created_at = models.DateTimeField(_("when"), default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return gettext("Import %(number)s") % {"number": self.pk}


class ImportProblem(models.Model):
    """A line that was left out, and why. No address stands in it: whoever has the file finds the line."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(_("line"))  # as a text editor counts
    reason = models.CharField(_("reason"), max_length=30)  # newsletter.importing says it in words

    class Meta:
        ordering = ["line", "pk"]
