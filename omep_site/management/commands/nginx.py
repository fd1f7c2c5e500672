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
        add("--listen", action="append", metavar="ADDRESS", help="instead of the port of SITE_URL")
        add("--listen-plain", action="append", metavar="ADDRESS", help="instead of port 80, where https is led to")
        add(
            "--balancer",
            action="append",
            default=[],
            metavar="ADDRESS",
            help="what stands in front of this nginx, or a network of such; without --certificate it speaks plain http",
        )
        add("--certificate", metavar="FILE", help="instead of certbot's")
        add("--key", metavar="FILE", help="instead of certbot's")
        add("--cache", default="/run/omep-pages", metavar="FOLDER", help="where pages are kept (%(default)s)")
        add("--logs", default="/var/log/nginx", metavar="FOLDER", help="where the log is written (%(default)s)")
        add("--static", metavar="FOLDER", help=f"where it finds the static files, if not in {settings.STATIC_ROOT}")
        add("--without-brotli", action="store_true", help="though nginx's module for it is there")

    def handle(self, **options):
        balancers = proxy.balancers("nginx", options["balancer"])
        site = urlsplit(settings.SITE_URL)
        tls = site.scheme == "https" and bool(options["certificate"] or not balancers)
        # With a balancer that speaks https to visitors, the port of their addresses is the balancer's.
        port = (443 if tls else 80) if balancers else site.port or (443 if tls else 80)
        if port == settings.PORT and not (options["listen"] or options["app"]):
            environment.stop("SITE_URL", f"behind nginx the site itself listens on port {port}; choose another PORT.")
        certificates = f"{CERTIFICATES}/{site.hostname}"
        enabled = any(Path("/etc/nginx/modules-enabled").glob(f"*{BROTLI}"))
        text = proxy.configuration(
            apps=options["app"] or [f"127.0.0.1:{settings.PORT}"],
            balancers=balancers,
            static=options["static"],
            tls=tls,
            listen=options["listen"] or [str(port), f"[::]:{port}"],
            plain_listen=options["listen_plain"] or ["80", "[::]:80"],
            certificate=options["certificate"] or f"{certificates}/fullchain.pem",
            key=options["key"] or f"{certificates}/privkey.pem",
            cache=options["cache"],
            logs=options["logs"],
            brotli=enabled and not options["without_brotli"],
        )
        self.stdout.write(text, ending="")
