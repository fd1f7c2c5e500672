import sys

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from omep_site import privacy
from omep_site.management.addresses import add_address, asked


class Command(BaseCommand):
    help = "Erases, for good, everything that the site stores about one e-mail address."

    def add_arguments(self, parser):
        add_address(parser)
        parser.add_argument(
            "--noinput", "--no-input", action="store_false", dest="interactive", help="Do not ask before erasing."
        )

    def handle(self, *args, email, interactive, **options):
        email = email or asked()
        if interactive and not self.is_sure():
            self.stdout.write(_("Nothing was erased."))
            sys.exit(1)
        summary = privacy.erase(email)
        for line in [*summary.sentences, *summary.left]:
            self.stdout.write(line)

    def is_sure(self) -> bool:
        """Where nobody can answer, nothing is erased."""
        self.stdout.write(_("Everything stored about this address is erased. That cannot be undone."))
        try:
            return input(_("Type “yes” to go on:") + " ").strip().strip('“”"«» ').lower() in {"yes", _("yes")}
        except EOFError:
            return False
