import json

from django.core.management.base import BaseCommand

from omep_site import privacy
from omep_site.management.addresses import address


class Command(BaseCommand):
    help = "Prints, as JSON, everything that the site stores about one e-mail address."

    def add_arguments(self, parser):
        parser.add_argument("email", type=address)

    def handle(self, *args, email, **options):
        self.stdout.write(json.dumps(privacy.export(email), ensure_ascii=False, indent=2))
