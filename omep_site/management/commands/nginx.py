from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand

from omep_site import environment, proxy

CERTIFICATES = "/etc/letsencrypt/live"
BROTLI = "mod-http-brotli-static.conf"  # as Debian enables it


class Command(BaseCommand):
    help = "Prints the configuration of nginx for this site, a file for /etc/nginx/sites-enabled/ (docs/deploy.md)."

    def add_arguments(self, parser):
        add = parser.add_argument
        add("--app", action="append", metavar="HOST:PORT", help="where the site runs; again for each machine")
        add("--listen", action="append", metavar="ADDRESS", help="instead of port 443, or 80 without https")
        add("--listen-plain", action="append", metavar="ADDRESS", help="instead of port 80, where https is led to")
        add("--certificate", metavar="FILE", help="instead of certbot's")
        add("--key", metavar="FILE", help="instead of certbot's")
        add("--cache", default="/var/cache/omep", metavar="FOLDER", help="where pages are kept (%(default)s)")
        add("--logs", default="/var/log/nginx", metavar="FOLDER", help="where the log is written (%(default)s)")
        add("--without-brotli", action="store_true", help="though nginx's module for it is there")

    def handle(self, **options):
        if settings.TRUSTED_PROXIES != 1:
            environment.stop(
                "TRUSTED_PROXIES", "behind this nginx it must be 1, or visitors are not told apart; set it in .env."
            )
        site = urlsplit(settings.SITE_URL)
        port = 443 if site.scheme == "https" else 80
        certificates = f"{CERTIFICATES}/{site.hostname}"
        enabled = any(Path("/etc/nginx/modules-enabled").glob(f"*{BROTLI}"))
        text = proxy.configuration(
            apps=options["app"] or [f"127.0.0.1:{settings.PORT}"],
            listen=options["listen"] or [str(port), f"[::]:{port}"],
            plain_listen=options["listen_plain"] or ["80", "[::]:80"],
            certificate=options["certificate"] or f"{certificates}/fullchain.pem",
            key=options["key"] or f"{certificates}/privkey.pem",
            cache=options["cache"],
            logs=options["logs"],
            brotli=enabled and not options["without_brotli"],
        )
        self.stdout.write(text, ending="")
