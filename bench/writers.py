"""The proof that nothing is lost: fifty writers at once, on SQLite and, where there is one, on PostgreSQL.

Each writer is a client of its own network, and posts its comments one after the other to a real server of two processes
while forty-nine others do the same. The last hundred comments are sent twice at the same moment, as a double click does.
Ends with an error unless every comment is stored once, none is lost and no answer is a fault.
"""

import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from threading import Barrier
from urllib.parse import urlencode

from bench.databases import beside
from bench.serving import free_port, manage, production, serving

PAGE = "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"
WRITERS = 50
COMMENTS = 500
TWICE = 100  # of them, each by two senders at the same moment
HEADERS = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
# Where the form leads, and what is stored, asked of the site itself.
WRITE = """
from events.models import Event
from omep_site.lib.links import path_in
print(path_in("fr", "comments:write", event_id=Event.objects.get(slug_fr=%r).pk))
"""
STORED = """
from comments.models import Comment
print(*Comment.objects.filter(name__startswith="Plume").values_list("name", flat=True), sep="\\n")
"""
# Each writer sends a dozen within seconds; on a real site that is a flood.
RULES = """
from comments.models import Policy
Policy.objects.update_or_create(event=None, defaults={"per_minute": 1000, "per_hour": 10000, "min_seconds": 0})
"""


def post(port: int, path: str, number: int, writer: int) -> str:
    """The status of the answer; the name of the exception where there was none."""
    words = {
        "name": f"Plume {number:03d}",
        "email": f"plume{number}@example.org",
        "website": "",
        "body": f"Voilà le commentaire numéro {number}, écrit par la plume {writer}.",
        "parent": "",
    }
    headers = HEADERS | {"X-Forwarded-For": f"10.{writer}.0.1"}
    connection = HTTPConnection("127.0.0.1", port, timeout=180)  # seconds
    try:
        connection.request("POST", path, urlencode(words), headers)
        answer = connection.getresponse()
        answer.read()
        return str(answer.status)
    except (OSError, HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()


def write(port: int, path: str) -> tuple[list[str], float]:
    """All answers, and how many seconds it took."""
    alone, twice = range(COMMENTS - TWICE), range(COMMENTS - TWICE, COMMENTS)
    together = Barrier(WRITERS)
    pairs = [Barrier(2) for _ in twice]

    def writer(own: int) -> list[str]:
        together.wait()
        answers = [post(port, path, number, own) for number in alone if number % WRITERS == own]
        # Two writers, of one network as one browser is, have the same comment to send, and wait for each other.
        half = own % (WRITERS // 2)
        for place, number in enumerate(twice):
            if number % (WRITERS // 2) == half:
                pairs[place].wait()
                answers.append(post(port, path, number, half))
        return answers

    started = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        found = [answer for each in pool.map(writer, range(WRITERS)) for answer in each]
    return found, time.monotonic() - started


def try_on(name: str, env: dict[str, str], port: int) -> bool:
    for step in ("migrate", "load_demo"):
        manage(env, step, "-v0")
    manage(env, "shell", "-v0", "-c", RULES)
    slug = PAGE.rstrip("/").rpartition("/")[2]
    path = manage(env, "shell", "-v0", "-c", WRITE % slug).strip()
    with serving(port, PAGE, sys.executable, "manage.py", "serve", **env):
        answers, seconds = write(port, path)
    stored = Counter(manage(env, "shell", "-v0", "-c", STORED).split("\n"))
    stored.pop("", None)
    errors = Counter(answer for answer in answers if answer != "303")
    doubled = sum(count - 1 for count in stored.values())
    lost = COMMENTS - len(stored)
    print(
        f"{name:12}{len(stored):>8}{doubled:>8}{lost:>8}{sum(errors.values()):>8}{seconds:>9.1f} s"
        f"{len(answers) / seconds:>9.0f}/s   {dict(errors) or ''}",
        flush=True,
    )
    return not (doubled or lost or errors)


def measure() -> bool:
    """Whether it held on each database."""
    print(f"\n{WRITERS} writers at once, {COMMENTS} comments, {TWICE} of them sent twice at the same moment\n")
    print(f"{'':12}{'stored':>8}{'twice':>8}{'lost':>8}{'errors':>8}{'time':>11}{'rate':>11}")
    databases = {"SQLite": contextlib.nullcontext("")}
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        databases["PostgreSQL"] = beside(url)
    held = []
    for name, database in databases.items():
        with tempfile.TemporaryDirectory() as folder, database as address:
            port = free_port()
            env = production(folder, port) | {"WORKERS": "2", "TRUSTED_PROXIES": "1"}
            held.append(try_on(name, env | ({"DATABASE_URL": address} if address else {}), port))
    if "PostgreSQL" not in databases:
        print("PostgreSQL: not tried, DATABASE_URL names none")
    return all(held)


if __name__ == "__main__":
    sys.exit(None if measure() else "comments were lost, stored twice or answered with errors")
