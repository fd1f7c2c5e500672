import json

from django.core.management.base import BaseCommand

from omep_site import privacy
from omep_site.management.addresses import add_address, asked


class Command(BaseCommand):
    help = "Prints, as JSON, everything that the site stores about one e-mail address."

    def add_arguments(self, parser):
        add_address(parser)

    def handle(self, *args, email, **options):
        self.stdout.write(json.dumps(privacy.export(email or asked()), ensure_ascii=False, indent=2))
