import os
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import Error, connection

from omep_site import environment, running, server
from omep_site.lib import incidents
from omep_site.lib.database import pending_migrations
from omep_site.lib.sqlite import reserve
from omep_site.management.commands.run import DEMO_EDITOR
from omep_site.models import Kind

NEEDED = {
    "SECRET_KEY": "a random text of 50 characters that only this site knows",
    "ALLOWED_HOSTS": "the host names that visitors use, separated by commas",
    "SITE_URL": "the site's address, such as https://events.example.org",
}


class Command(BaseCommand):
    help = "Serves the site in production. Refuses to start, in a sentence, where something would go wrong."

    def handle(self, *args, **options):
        for name, what in NEEDED.items():
            if not os.environ.get(name, "").strip():
                environment.stop(name, f"it is not set; it is {what}.")
        if settings.DEBUG:
            environment.stop("DEBUG", "it is on, which would show the site's insides to visitors; leave it out.")
        running.share()
        try:
            if mark := running.mark():
                sys.exit(running.HALF_RESTORED.format(**mark))
            pending = pending_migrations()
        except Error as error:
            if incidents.kind_of(error) == Kind.DISK_FULL:
                sys.exit("The disk is full, so that the database cannot be opened. Make room, and start again.")
            sys.exit(f"The database does not answer: {error}".strip())
        if pending:
            sys.exit(f"Migrations are pending ({pending}): run `make migrate` first.")
        if get_user_model().objects.filter(username=DEMO_EDITOR, is_active=True).exists():
            sys.exit(
                f"The demo editor's account “{DEMO_EDITOR}” is active: delete or deactivate it in the admin first."
            )
        if connection.vendor == "sqlite":
            reserve.keep(settings.DATABASES["default"]["NAME"])
        server.collect_static()
        command = server.command(workers=settings.WORKERS)
        connection.close()
        os.execv(command[0], command)  # noqa: S606 - granian takes this process's place, and its signals
