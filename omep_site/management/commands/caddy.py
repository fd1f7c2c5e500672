import re
import shutil
import subprocess

from django.conf import settings
from django.core.management.base import BaseCommand

from omep_site import proxy


class Command(BaseCommand):
    help = "Prints the configuration of Caddy for this site, for those who prefer it to nginx (docs/deploy.md)."

    def add_arguments(self, parser):
        parser.add_argument(
            "--app", action="append", metavar="HOST:PORT", help="where the site runs; again for each machine"
        )
        parser.add_argument(
            "--balancer",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="what stands in front of this Caddy, or a network of such; it speaks plain http with it",
        )
        parser.add_argument(
            "--static",
            metavar="FOLDER",
            help=f"where this Caddy finds the static files, if not in {settings.STATIC_ROOT}",
        )

    def handle(self, **options):
        text = proxy.caddyfile(
            apps=options["app"] or [f"127.0.0.1:{settings.PORT}"],
            balancers=proxy.balancers("Caddy", options["balancer"]),
            static=options["static"],
            buffers_by_word=is_before_2_7(),
        )
        self.stdout.write(text, ending="")


def is_before_2_7() -> bool:
    """Debian's is: it has another word for reading requests whole. Where none is installed, a newer one is expected."""
    caddy = shutil.which("caddy")
    if not caddy:
        return False
    said = subprocess.run([caddy, "version"], capture_output=True, text=True).stdout  # noqa: S603
    found = re.match(r"v?(\d+)\.(\d+)", said)
    return bool(found) and (int(found[1]), int(found[2])) < (2, 7)
