"""What a comment costs: `python -m bench.posting`.

Eight writers and fifty post comments, as quickly as they are answered, to the site and to a bare Django view that
inserts one row and commits it: the same server with two processes, the same settings of the database, one after the
other in several rounds. Each comment has words, an address, a network and a stamp of its own, so that every check runs
and all are accepted. Ends with an error unless each that was answered with 303 is stored, once. On SQLite, and on
PostgreSQL where DATABASE_URL names a server on which databases may be created.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from bench.databases import beside
from bench.load import processor
from bench.report import held
from bench.serving import ROOT, free_port, manage, production, serving
from omep_site.server import command

PAGE = "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"
WRITERS = (8, 50)
ROUNDS = 5
LEAST, MOST_QUERIES = 0.5, 8  # what it is held to
SECONDS = 2
WORKERS = 2
TURN = 6_000 * SECONDS  # stamps, and numbers, that one round may use: more than can be written in it
EVENT = """
from events.models import Event
print(Event.objects.get(slug_fr=%r).pk)
"""
# Begun long enough ago for a person.
MAKE_STAMPS = """
import time
from comments.stamps import PURPOSE
from omep_site.lib.links import sign
began = round(time.time() - 60, 1)
print(*(sign(PURPOSE, [%d, began, f"{number:08}"]) for number in range(%d)), sep="\\n")
"""
# Which comments are stored, by the answers in a file: what the author's address in each opens.
STORED = """
from collections import Counter
from comments.models import Comment
from comments.views.author import WAITING, WAITING_PAGE_LIVES
from omep_site.lib.links import unsign
told = Counter(unsign(WAITING, line.split("/")[3], WAITING_PAGE_LIVES) for line in open(%r))
names = dict(Comment.objects.filter(name__startswith="Plume ").values_list("pk", "name"))
noticed = Counter(str(held) for held in Comment.objects.filter(pk__in=names).values_list("held_for", flat=True))
print(len(names), len(told.keys() - names.keys()), told.total() - len(told), len(names) - len(set(names.values())))
print("noticed:", dict(noticed))
"""
QUERIES = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from urllib.parse import urlencode
client = Client(SERVER_NAME="127.0.0.1", headers={"sec-fetch-site": "same-origin"})
counts = []
for number, stamp in enumerate(open(%r)):
    words = {"name": "Zoé", "email": f"zoe{number}@example.org", "body": f"Voilà le numéro {number}.", "stamp": stamp.strip()}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(%r, urlencode(words), content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 303
    counts.append(len(queries))
    if number == 2:
        break
print(counts[-1])
"""


@dataclass
class Side:
    """One of the two that are compared."""

    port: int
    path: str
    process: subprocess.Popen
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)  # milliseconds of processor for one POST
    slowest: list[float] = field(default_factory=list)  # milliseconds of the 99th in 100
    statuses: Counter = field(default_factory=Counter)

    def write(self, writers: int, first: int, stamps: Path, into: Path) -> list[str]:
        """One round. Where the answers led."""
        before = processor(self.process.pid)
        command = [
            "wrk",
            "-t2",
            f"-c{writers}",
            f"-d{SECONDS}s",
            "--timeout",
            "60s",
            "--latency",
            "-s",
            "bench/posting.lua",
        ]
        command += [f"http://127.0.0.1:{self.port}{self.path}", "--", str(stamps), str(into), str(first)]
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        lines = [line for thread in "01" for line in Path(f"{into}.{thread}").read_text().splitlines()]
        self.statuses.update(line.partition(" ")[0] for line in lines)
        if failed := re.search(r"Socket errors: (.*)", said):
            self.statuses[failed[1]] += 1
        self.rates.append(float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]))
        number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
        self.slowest.append(float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])
        self.costs.append((processor(self.process.pid) - before) / max(1, len(lines)) * 1000)
        return [line.partition(" ")[2] for line in lines if line.startswith("303 ")]

    def forget_the_first(self) -> None:
        """In the first round each thread of the server does for the first time what it then does for ever."""
        for figures in (self.rates, self.costs, self.slowest):
            del figures[0]


def main() -> bool:
    """Whether nothing was lost, stored twice or answered with an error."""
    if not shutil.which("wrk"):
        sys.exit("the load generator is missing: install it (apt install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        well = on("SQLite", folder, f"sqlite:///{folder}/site.sqlite3", f"sqlite:///{folder}/bare.sqlite3")
        url = os.environ.get("DATABASE_URL", "")
        if url.startswith("postgres"):
            with beside(url) as site, beside(url) as bare:
                well &= on("PostgreSQL", folder, site, bare)
        else:
            print("PostgreSQL: not tried, DATABASE_URL names none")
    return well


def on(database: str, folder: str, site_database: str, bare_database: str) -> bool:
    port, bare = free_port(), free_port()
    env = production(folder, port) | {"DATABASE_URL": site_database, "WORKERS": str(WORKERS), "TRUSTED_PROXIES": "1"}
    bare_env = {"BARE_DATABASE": bare_database}
    for step in ("migrate", "load_demo"):
        manage(env, step, "-v0")
    subprocess.run([sys.executable, "-m", "bench.bare_row"], cwd=ROOT, env=os.environ | bare_env, check=True)
    event = int(manage(env, "shell", "-v0", "-c", EVENT % PAGE.rstrip("/").rpartition("/")[2]))
    path = f"/fr/evenements/{event}/commentaire/"
    stamps, answers = Path(folder) / "stamps", Path(folder) / "answers"
    turns = len(WRITERS) * (ROUNDS + 1)
    made = manage(env, "shell", "-v0", "-c", MAKE_STAMPS % (event, TURN * turns + 3)).split()
    stamps.write_text("\n".join(made[-3:]))
    queries = manage(env, "shell", "-v0", "-c", QUERIES % (str(stamps), path)).strip()
    print(f"\n{database}: {WORKERS} processes, {ROUNDS} rounds of {SECONDS} s; one POST asks {queries} queries\n")
    print(
        f"{'':14}{'comments/s':>12}{'bare/s':>9}{'÷ bare':>9}{'(from – to)':>16}{'processor':>12}{'bare':>9}{'p99':>9}{'bare':>9}"
    )
    led, statuses, first, beside_bare = [], Counter(), 0, {}
    with (
        serving(port, PAGE, sys.executable, "manage.py", "serve", **env) as site_process,
        serving(bare, "/", *command(WORKERS, bare, "bench.bare_row:application"), **bare_env) as bare_process,
    ):
        for writers in WRITERS:
            site, other = Side(port, path, site_process), Side(bare, "/", bare_process)
            for _round in range(ROUNDS + 1):
                stamps.write_text("\n".join(made[first : first + TURN]))
                led += site.write(writers, first, stamps, answers)
                other.write(writers, first, stamps, answers)
                first += TURN
            site.forget_the_first(), other.forget_the_first()
            ratios = [one / another for one, another in zip(site.rates, other.rates, strict=True)]
            beside_bare[writers] = statistics.median(ratios)
            print(
                f"{writers:>3} writers   {statistics.median(site.rates):>12,.0f}{statistics.median(other.rates):>9,.0f}"
                f"{statistics.median(ratios):>9.2f}{f'{min(ratios):.2f} – {max(ratios):.2f}':>16}"
                f"{statistics.median(site.costs):>9.2f} ms{statistics.median(other.costs):>6.2f} ms"
                f"{statistics.median(site.slowest):>6.0f} ms{statistics.median(other.slowest):>6.0f} ms",
                flush=True,
            )
            statuses += site.statuses + Counter({f"bare {status}": count for status, count in other.statuses.items()})
    answers.write_text("\n".join(led))
    numbers, noticed = manage(env, "shell", "-v0", "-c", STORED % str(answers)).splitlines()
    stored, lost, same, twice = map(int, numbers.split())
    errors = {status: count for status, count in statuses.items() if status.removeprefix("bare ") != "303"}
    # What was still under way when a round ended is stored, and was told to nobody.
    print(
        f"\n{len(led):,} accepted, {stored:,} stored, {lost} lost, {same + twice} twice, errors: {errors or 0}; {noticed}"
    )
    print()
    asked = f"≥ {LEAST}" if database == "SQLite" else "–"
    for writers, ratio in beside_bare.items():
        is_asked = database == "SQLite" and writers == WRITERS[0]
        what = f"comment POST ÷ a view that inserts one row, {database}, {writers} writers"
        held(what, asked if is_asked else "–", f"{ratio:.2f}", ratio >= LEAST or not is_asked)
    held(f"queries of a comment POST, {database}", f"≤ {MOST_QUERIES}", queries, int(queries) <= MOST_QUERIES)
    found = f"{sum(errors.values())} errors, {lost} lost, {same + twice} twice of {len(led):,}"
    held(f"comments that were accepted, {database}", "0 errors, 0 lost", found, not (lost or same or twice or errors))
    return not (lost or same or twice or errors)


if __name__ == "__main__":
    sys.exit(None if main() else "comments were lost, stored twice or answered with errors")
