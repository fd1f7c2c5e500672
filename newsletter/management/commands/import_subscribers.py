"""`import_subscribers FILE.csv`: what bringing a list in the admin does, without the worker."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsletter import exporting, importing, list_files
from newsletter.models import ImportJob, Tag


class Command(BaseCommand):
    help = "Imports subscribers from a CSV file, who agreed elsewhere. Who is in the list already stays as they are."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source",
            default="",
            help="Where these people agreed, in words. Needed where the file has no column “consent” that says it.",
        )
        parser.add_argument(
            "--language",
            choices=list(dict(settings.LANGUAGES)),
            default=settings.LANGUAGE_CODE,
            help="The language where the file says none.",
        )
        parser.add_argument("--group", action="append", default=[], help="A group for all of them; may be repeated.")
        parser.add_argument("--trial", action="store_true", help="Store nothing, and say what would be.")
        parser.add_argument("--report", type=Path, help="A file to write the lines to that were left out, and why.")

    def handle(self, *args, file, source, language, group, trial, report, **options):
        try:
            with file.open("rb") as opened:
                content = opened.read(list_files.MOST_BYTES + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        try:
            if not source and "source" not in list_files.Table.of(content).columns:
                raise CommandError(_("Say where these people agreed: --source “…”."))
            fields = {"file_name": file.name[:200], "consent_source": source, "language": language, "is_trial": trial}
            job = importing.begin(content, [] if trial else tags(group), **fields)
        except list_files.ListFault as fault:
            raise CommandError(f"{file}: {list_files.FAULTS[fault.code]}") from fault
        self.read(job)
        job = ImportJob.objects.get(pk=job.pk)
        if job.fault:
            raise CommandError(f"{file}: {list_files.FAULTS[job.fault]}")
        self.tell(job, report)

    def read(self, job: ImportJob) -> None:
        """A worker that runs meanwhile may read a part of it."""
        while ImportJob.objects.to_be_read().filter(pk=job.pk).exists():
            job = ImportJob.objects.get(pk=job.pk)
            importing.Reading(job).go_on()
            self.stdout.write(_("%(read)d of %(rows)d lines") % {"read": job.read, "rows": job.rows})

    def tell(self, job: ImportJob, report: Path | None) -> None:
        if job.is_trial:
            added = ngettext(
                "A trial: nothing was stored. %(count)d would be added.",
                "A trial: nothing was stored. %(count)d would be added.",
                job.added,
            )
        else:
            added = ngettext("%(count)d added.", "%(count)d added.", job.added)
        known = ngettext(
            "%(count)d there already, left as it is.", "%(count)d there already, left as they are.", job.known
        )
        refused = ngettext("%(count)d left out.", "%(count)d left out.", job.refused)
        for said, count in ((added, job.added), (known, job.known), (refused, job.refused)):
            self.stdout.write(said % {"count": count})
        if report:
            report.write_bytes(b"".join(exporting.as_csv(exporting.problems(job))))
        ImportJob.objects.filter(pk=job.pk).update(content=None)


def tags(names: list[str]) -> list[Tag]:
    return [Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name) for name in names]
