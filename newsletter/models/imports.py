"""Lists of subscribers that somebody brings. The worker reads them in, and says of each line that it left why."""

import zlib
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsletter.models.tags import Tag

KEPT_FOR = timedelta(hours=1)  # a file, after its trial or its fault; docs/privacy.md says so too


def packed(file: bytes) -> bytes:
    """As `content` keeps it: a list is a tenth as long, and the database carries it to and fro."""
    return zlib.compress(file, level=1)


def unpacked(content: bytes) -> bytes:
    return zlib.decompress(content)


class ImportJobQuerySet(models.QuerySet):
    def to_be_read(self):
        """Oldest first, without the files themselves."""
        open_ones = [ImportJob.Status.WAITING, ImportJob.Status.RUNNING]
        return self.filter(status__in=open_ones, content__isnull=False).defer("content").order_by("pk")

    def forget_files(self, now=None) -> int:
        """Of trials that nobody went on with in time."""
        old = (now or timezone.now()) - KEPT_FOR
        return self.filter(content__isnull=False, finished_at__lt=old).update(content=None)


class ImportJob(models.Model):
    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("being read")
        DONE = "done", _("read")
        FAILED = "failed", _("could not be read")

    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True, editable=False)  # the file, packed; deleted once it is read
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

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return gettext("Import %(number)s") % {"number": self.pk}

    @property
    def is_open(self) -> bool:
        return self.status in (self.Status.WAITING, self.Status.RUNNING)

    def import_for_real(self) -> bool:
        """From a trial that is over to waiting, with a new report."""
        again = {"is_trial": False, "status": self.Status.WAITING, "finished_at": None}
        counts = dict.fromkeys(["read", "added", "known", "refused"], 0)
        trial = ImportJob.objects.filter(
            pk=self.pk, is_trial=True, status=self.Status.DONE, content__isnull=False, finished_at__gt=self._too_old()
        )
        with transaction.atomic():
            moved = trial.update(**again, **counts)
            if moved:
                self.problems.all().delete()
        return bool(moved)

    def advance(self, read: int, **counts: int) -> bool:
        """So many lines more, where the row stands as this copy of it: then what was stored with them counts."""
        more = {name: F(name) + count for name, count in counts.items()}
        open_one = ImportJob.objects.filter(
            pk=self.pk, read=self.read, status__in=[self.Status.WAITING, self.Status.RUNNING]
        )
        moved = open_one.update(status=self.Status.RUNNING, read=self.read + read, **more)
        if moved:
            self.read += read
        return bool(moved)

    def finish(self, fault: str = "") -> bool:
        """The file is deleted, but after a trial: it is kept for an hour, to be imported for real."""
        status = self.Status.FAILED if fault else self.Status.DONE
        also = {"status": status, "fault": fault, "finished_at": timezone.now()}
        if fault or not self.is_trial:
            also["content"] = None
        open_one = ImportJob.objects.filter(pk=self.pk, status__in=[self.Status.WAITING, self.Status.RUNNING])
        return bool(open_one.update(**also))

    @staticmethod
    def _too_old():
        return timezone.now() - KEPT_FOR


class ImportProblem(models.Model):
    """A line that was left out, and why. No address stands in it: whoever has the file finds the line."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    line = models.PositiveIntegerField(_("line"))  # as a text editor counts
    reason = models.CharField(_("reason"), max_length=30)  # newsletter.importing says it in words

    class Meta:
        ordering = ["line", "pk"]
