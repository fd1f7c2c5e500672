from django.core.management.base import BaseCommand

from omep_site.worker import Worker


class Command(BaseCommand):
    help = "The background process: queued mail and what else is due. Stops cleanly on SIGTERM."

    def handle(self, *args, **options):
        Worker().run()
