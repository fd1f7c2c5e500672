import os
import sys

from django.core.management.base import BaseCommand, CommandError

from newsletter import reports, returning


class Command(BaseCommand):
    help = (
        "Reads one mail that came back from standard input, for a mail server to hand it over. Exit status: 0 where it "
        "was taken, 75 where the mail server is to keep it and try again."
    )
    requires_system_checks = []  # it runs for each mail

    def add_arguments(self, parser):
        parser.add_argument("--for", dest="reader", default="", metavar="ADDRESS", help="whom its envelope is for")

    def handle(self, *args, reader, **options):
        message = sys.stdin.buffer.read(reports.MOST)
        while sys.stdin.buffer.read(2**16):  # a mail server that cannot hand all over believes that it failed
            pass
        try:
            returning.take(message, reader)
        except Exception as error:  # whatever it is, the mail is not to be lost by it
            raise CommandError(f"not now: {type(error).__name__}", returncode=os.EX_TEMPFAIL) from error
