from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from omep_site import restore
from omep_site.archives import About
from omep_site.backup_faults import Fault
from omep_site.lib.history.telling import date_and_hour
from omep_site.lib.media import size_in_words


class Command(BaseCommand):
    help = "Brings the site back from an archive. The site and its worker are to be stopped before."

    def add_arguments(self, parser):
        parser.add_argument("archive", type=Path)
        parser.add_argument("--yes", action="store_true", help="Do not ask before.")

    def handle(self, *args, archive, yes, **options):
        try:
            about = restore.look(archive)
            with restore.alone():
                self.tell(about)
                if not yes and not self.is_sure():
                    raise CommandError(_("Nothing was changed."))
                aside = restore.bring_back(archive, about, self.stdout.write)
        except Fault as fault:
            raise CommandError(fault) from fault
        if aside:
            self.stdout.write(_("The database that was there is kept: {path}").format(path=aside))
        self.stdout.write(_("Done. Start the site and its worker, and look at the first page of the admin."))

    def tell(self, about: About) -> None:
        taken = date_and_hour(timezone.localtime(about.at))
        size = size_in_words(sum(each.bytes for each in about.files.values()))
        text = _(
            "A backup of {taken}. Comments: {comments}; subscribers: {subscribers}; uploads: {uploads}; in all {size}."
        )
        self.stdout.write(
            text.format(
                taken=taken,
                comments=about.rows.get("comments_comment", 0),
                subscribers=about.rows.get("newsletter_subscriber", 0),
                uploads=len(about.media),
                size=size,
            )
        )

    def is_sure(self) -> bool:
        """Where nobody can answer, nothing is changed."""
        name = settings.DATABASES["default"]["NAME"]
        self.stdout.write(
            _("It takes the place of the database {name}. What was stored since is lost.").format(name=name)
        )
        try:
            return input(_("Type “restore” to go on:") + " ").strip().strip('“”"«» ').lower() == "restore"
        except EOFError:
            return False
