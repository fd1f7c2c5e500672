"""How long the newsletter's form takes for an address that is unknown, and for one in each state:
`python -m bench.subscribing`, and a part of `make bench`.

The time must not tell which it is. Requests of all kinds take turns in one process, each from a network and with an
address of its own. On SQLite, and on PostgreSQL where DATABASE_URL names a server on which databases may be created.
"""

import random
import statistics
import sys
import time
from urllib.parse import urlencode, urlsplit

from bench.databases import on_a_site_of_its_own

STATES = ["unknown", "pending", "mailed a moment ago", "confirmed", "unsubscribed", "suppressed", "blocked, erased"]
ROUNDS = 200
FIRST = 20  # that fill what a process remembers
MOST = 1.10  # what each median is held to, ÷ that of an unknown address, and the other way round


def prepare(state: str, address: str) -> None:
    from django.utils import timezone

    from newsletter.models import Subscriber, Suppression

    if state == "blocked, erased":
        Suppression.objects.add(address, Suppression.Reason.COMPLAINT)
    elif state == "mailed a moment ago":
        Subscriber.objects.create(email=address, confirmation_sent_at=timezone.now(), confirmation_mails=1)
    elif state != "unknown":
        Subscriber.objects.create(email=address, language="fr", status=state)


def measure() -> None:
    """For a process of its own."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from newsletter.models import Subscriber

    Subscriber.objects.bulk_create(
        (
            Subscriber(email=f"lectrice.{number}@example.org", language="fr", status="confirmed")
            for number in range(5000)
        ),
        batch_size=500,
    )
    client = Client(SERVER_NAME=urlsplit(settings.SITE_URL).hostname)
    took = {state: [] for state in STATES}
    for turn in range(FIRST + ROUNDS):
        for state in random.sample(STATES, len(STATES)):
            number = turn * len(STATES) + STATES.index(state)
            address = f"zoe.{number:06}@example.org"
            prepare(state, address)
            body = urlencode({"email": address, "language": "fr", "page": "/fr/"})
            network = f"10.{number // 250}.{number % 250}.1"
            kind = "application/x-www-form-urlencoded"
            began = time.perf_counter()
            answer = client.post("/fr/lettre/", body, content_type=kind, REMOTE_ADDR=network)
            spent = time.perf_counter() - began
            if answer.status_code != 303:
                sys.exit(f"the form answered {answer.status_code}")
            if turn >= FIRST:
                took[state].append(spent)
    print(f"\nThe newsletter’s form ({connection.vendor}), {ROUNDS} requests of each kind, taking turns\n")
    print(f"{'':24}{'median':>10}{'÷ unknown':>12}   held to {MOST}")
    unknown = statistics.median(took["unknown"])
    for state, times in took.items():
        ratio = statistics.median(times) / unknown
        held = "yes" if 1 / MOST <= ratio <= MOST else "NO"
        print(f"{state:24}{statistics.median(times) * 1000:>7.2f} ms{ratio:>12.2f}   {held}")


def main() -> None:
    on_a_site_of_its_own("bench.subscribing", "measure")


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
