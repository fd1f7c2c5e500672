"""How quickly a list of 100,000 subscribers is read in: `python -m bench.lists`, and a part of `make bench`.

Held to at most 4 times the cost of reading the file with Python’s csv and asking the form’s own field for each address.
Rounds take turns with that; memory is the growth of the process from 10,000 lines to 100,000. On SQLite, and on
PostgreSQL where DATABASE_URL names a server on which databases may be created.
"""

import csv
import io
import resource
import statistics
import sys
import time

from bench.databases import on_a_site_of_its_own

ROWS = 100_000
ROUNDS = 5
MOST = 4.0
MOST_MEMORY = 20  # MB


def a_list(rows: int, turn: int) -> bytes:
    lines = [f"Lectrice.{turn}.{n}@ecole{n % 700}.example;Zoé Lefèvre;{('fr', 'en')[n % 3 == 0]}" for n in range(rows)]
    return "\r\n".join(["Courriel;Nom;Langue", *lines, ""]).encode("utf-8-sig")


def simply(content: bytes) -> float:
    from omep_site.lib.forms import AddressField

    field = AddressField()
    began = time.perf_counter()
    for cells in csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"):
        field.clean(cells["Courriel"])
    return time.perf_counter() - began


def read_in(content: bytes, expected: tuple[int, int]) -> float:
    from newsletter import importing

    began = time.perf_counter()
    job = importing.begin(content, file_name="liste.csv", consent_source="banc d’essai", language="fr", is_trial=False)
    while importing.work():
        pass
    took = time.perf_counter() - began
    job.refresh_from_db()
    if (job.status, job.added, job.known, job.refused) != ("done", *expected, 0):
        sys.exit(f"the list came out as {job.status}: {job.added} added, {job.known} known, {job.refused} left out")
    return took


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measure() -> None:
    """For a process of its own."""
    import django

    django.setup()
    from django.db import connection

    from newsletter.models import Subscriber

    few, many = a_list(10_000, -1), a_list(ROWS, -2)
    read_in(few, (10_000, 0))
    before = memory()
    read_in(many, (ROWS, 0))
    grown = memory() - before
    found = {"csv and the form’s field": [], "a new list": [], "the same list again": []}
    for turn in range(ROUNDS):
        Subscriber.objects.all().delete()
        content = a_list(ROWS, turn)
        found["csv and the form’s field"].append(simply(content))
        found["a new list"].append(read_in(content, (ROWS, 0)))
        found["the same list again"].append(read_in(content, (0, ROWS)))
    print(f"\nA list of {ROWS:,} subscribers ({connection.vendor}), {ROUNDS} rounds\n")
    print(f"{'':28}{'median':>10}{'ratio':>9}{'(from – to)':>16}   held to {MOST:.0f}")
    first = found["csv and the form’s field"]
    for name, times in found.items():
        ratios = [took / other for took, other in zip(times, first, strict=True)]
        middle = statistics.median(ratios)
        print(
            f"{name:28}{statistics.median(times):>8.2f} s{middle:>9.2f}"
            f"{f'{min(ratios):.2f} – {max(ratios):.2f}':>16}   {'yes' if middle <= MOST else 'NO'}"
        )
    print(f"memory, 10,000 → {ROWS:,} lines: {grown:+.0f} MB   held to {MOST_MEMORY} MB")


def main() -> None:
    on_a_site_of_its_own("bench.lists", "measure")


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
