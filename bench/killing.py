"""The proof that nobody gets a letter twice and nobody is lost: workers killed at random moments while they send.

The mail server writes down each Message-ID before it says that it took the letter (bench.sink), so whatever was taken
stands in its file. After the last kill a worker ends the work in peace. `python -m bench.killing` asks for twenty kills
among 20,000 readers, on SQLite and, where DATABASE_URL names one, on PostgreSQL with two workers.
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bench.databases import beside
from bench.serving import ROOT, free_port, manage, production

READERS = 20_000
KILLS = 20
CONNECTIONS = 2  # of each worker on PostgreSQL
PATIENCE = 600  # seconds in all
NUMBER = re.compile(r"letter\.(\d+)\.")


@dataclass(frozen=True)
class Found:
    """What stands in the database and in the mail server's file, when all is over."""

    statuses: dict[int, str]  # of each delivery, by its number
    taken: Counter  # how often the mail server took each
    issue: str
    killed: int
    seconds: float

    @property
    def twice(self) -> int:
        return sum(count > 1 for count in self.taken.values())

    @property
    def lost(self) -> int:
        """Said to be sent, and never taken; or taken, and nobody says that it may have been."""
        sent = {number for number, status in self.statuses.items() if status == "sent"}
        known = {number for number, status in self.statuses.items() if status in ("sent", "uncertain")}
        return len(sent - set(self.taken)) + len(set(self.taken) - known)

    @property
    def uncertain(self) -> int:
        return sum(status == "uncertain" for status in self.statuses.values())

    @property
    def others(self) -> int:
        return sum(status not in ("sent", "uncertain") for status in self.statuses.values())


def kill_workers(env: dict[str, str], readers: int, kills: int, workers: int = 1) -> Found:
    """Sends one issue to so many readers on the site of `env`, whose tables are there."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        log, port = Path(folder) / "taken", free_port()
        log.touch()
        env = env | {"EMAIL_URL": f"smtp://127.0.0.1:{port}", "NEWSLETTER_CONNECTIONS": str(CONNECTIONS)}
        manage(env, "shell", "-v0", "-c", f"from bench.killing import prepare; prepare({readers})")
        sink = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port), str(log)], cwd=ROOT)
        running, killed = [], 0
        try:
            targets = sorted(random.sample(range(1, readers), kills))
            while True:
                running = [process for process in running if process.poll() is None]
                running += [start_worker(env, folder) for _one in range(workers - len(running))]
                if not targets:
                    break
                wait_until(began, lambda: lines(log) >= targets[0])
                time.sleep(random.random() / 100)
                victim = running.pop(0)
                victim.kill()
                victim.wait()
                targets.pop(0)
                killed += 1
            wait_until(began, lambda: status_of_issue(env) == "sent")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)
            sink.kill()
            sink.wait()
        stored = json.loads(manage(env, "shell", "-v0", "-c", "from bench.killing import tell; tell()"))
        taken = Counter(int(NUMBER.search(line)[1]) for line in log.read_text().splitlines())
    statuses = {int(number): status for number, status in stored["deliveries"].items()}
    return Found(statuses, taken, stored["issue"], killed, time.monotonic() - began)


def start_worker(env: dict[str, str], folder: str) -> subprocess.Popen:
    output = (Path(folder) / "worker").open("a")
    with output:
        command = [sys.executable, "manage.py", "worker"]
        return subprocess.Popen(command, cwd=ROOT, env=os.environ | env, stdout=output, stderr=output)


def lines(log: Path) -> int:
    return log.read_bytes().count(b"\n")


def wait_until(began: float, condition) -> None:
    while not condition():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"not done after {PATIENCE} seconds")
        time.sleep(0.005)


def status_of_issue(env: dict[str, str]) -> str:
    time.sleep(0.5)
    return manage(env, "shell", "-v0", "-c", "from bench.killing import status; status()").strip()


# Inside the site


def prepare(readers: int) -> None:
    from newsletter.models import Issue, Subscriber

    people = (
        Subscriber(email=f"reader{number}@example.org", language=("fr", "en")[number % 2], status="confirmed")
        for number in range(readers)
    )
    Subscriber.objects.bulk_create(people, batch_size=5000)
    issue = Issue.objects.create(
        subject_fr="La Lettre d’été",
        subject_en="The Summer Letter",
        body_fr="<p>Bonjour à toutes et à tous.</p>",
        body_en="<p>Good day to you all.</p>",
    )
    issue.send_now()


def status() -> None:
    from newsletter.models import Issue

    print(Issue.objects.latest("pk").status)


def tell() -> None:
    from newsletter.models import Issue

    issue = Issue.objects.latest("pk")
    print(json.dumps({"issue": issue.status, "deliveries": dict(issue.deliveries.values_list("pk", "status"))}))


# The benchmark


def main() -> bool:
    """Whether all went well; prints what was found."""
    print(f"\n{KILLS} workers killed among {READERS:,} letters\n")
    print(f"{'':26}{'readers':>8}{'taken':>8}{'twice':>8}{'lost':>8}{'uncertain':>11}{'others':>8}{'time':>9}")
    with tempfile.TemporaryDirectory() as folder:
        env = production(folder, free_port())
        manage(env, "migrate", "-v0")
        well = told("SQLite", kill_workers(env, READERS, KILLS))
        if url := os.environ.get("DATABASE_URL"):
            with beside(url) as address:
                env |= {"DATABASE_URL": address}
                manage(env, "migrate", "-v0")
                well &= told("PostgreSQL, two workers", kill_workers(env, READERS, KILLS, workers=2))
        else:
            print("PostgreSQL: not tried, DATABASE_URL names none")
    return well


def told(name: str, found: Found) -> bool:
    print(
        f"{name:26}{len(found.statuses):>8,}{len(found.taken):>8,}{found.twice:>8}{found.lost:>8}"
        f"{found.uncertain:>11}{found.others:>8}{found.seconds:>7.0f} s"
    )
    most = found.killed * (1 if name == "SQLite" else CONNECTIONS)  # one for each connection that was open
    return (found.twice, found.lost, found.others, found.issue) == (0, 0, 0, "sent") and found.uncertain <= most


if __name__ == "__main__":
    sys.exit(not main())
