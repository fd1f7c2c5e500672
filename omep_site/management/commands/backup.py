import os
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from omep_site import backup, backup_faults
from omep_site.backup_faults import Fault
from omep_site.lib.media import size_in_words

MOST = 10  # files that are named
GENTLY = 10  # nice(2): visitors first


class Command(BaseCommand):
    help = "Makes an archive of the database and the uploads, while the site runs."

    def add_arguments(self, parser):
        parser.add_argument("--to", type=Path, metavar="FOLDER", help="Where; left out: the folder BACKUPS.")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="Then delete older archives: kept is one of each of 7 days, 4 weeks and 6 months.",
        )

    def handle(self, *args, to, keep, **options):
        with suppress(OSError):
            os.nice(GENTLY)
        try:
            made = backup.make(to and to.absolute(), keep)
        except Fault as fault:
            raise CommandError(_("There is no new backup. {why}").format(why=fault)) from fault
        self.stdout.write(f"{made.path}  {size_in_words(made.bytes)}")
        if made.missing:
            text = ngettext(
                "%(count)d file that pages name is not there, and so not in the backup: %(names)s",
                "%(count)d files that pages name are not there, and so not in the backup: %(names)s",
                len(made.missing),
            )
            names = ", ".join(backup_faults.shown(name) for name in made.missing[:MOST])
            more = " …" if len(made.missing) > MOST else ""
            self.stdout.write(text % {"count": len(made.missing), "names": names + more})
        if made.dropped:
            text = ngettext("%(count)d older backup deleted.", "%(count)d older backups deleted.", len(made.dropped))
            self.stdout.write(text % {"count": len(made.dropped)})
