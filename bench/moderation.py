"""The admin's lists with 100 and with 100,000 comments, subscribers and letters, side by side: `python -m bench.moderation`.

On SQLite, and on PostgreSQL where DATABASE_URL names a server on which databases may be created; both are deleted at
the end.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from urllib.parse import urlsplit

from bench.report import held
from bench.serving import ROOT, free_port, manage, production, serving

SIZES = (100, 100_000)
ROUNDS = 40
MOST = 1.5  # what the list is held to: time with 100,000 comments ÷ time with 100
LIST = "/admin/comments/comment/"
VIEWS = {
    "what waits": LIST,
    "everything": f"{LIST}?status__exact=all",
    "what was approved": f"{LIST}?status__exact=approved",
    "everything of one event": f"{LIST}?status__exact=all&event__id__exact=1",
    "the decisions": "/admin/comments/move/",
    "subscribers": "/admin/newsletter/subscriber/",
    "what was queued of a letter": "/admin/newsletter/delivery/",
}


def fill(count: int) -> None:
    """For a process of its own: that many comments under twenty events, half of them under the first, in all four states
    alike, and a superuser, whose cookie is printed."""
    import django

    django.setup()
    from datetime import timedelta

    from django.conf import settings
    from django.contrib.auth.models import User
    from django.db import connection
    from django.test import Client
    from django.utils import timezone

    from comments.models import Comment, Move, Via
    from events.models import Event
    from newsletter.models import Delivery, Issue, Subscriber

    now = timezone.now()
    for number in range(20):
        words = {f"{name}_{code}": f"{name} {number}" for name in ("title", "summary", "body") for code in ("fr", "en")}
        slugs = {f"slug_{code}": f"rencontre-{number}" for code in ("fr", "en")}
        ends = {"starts_at": now, "ends_at": now + timedelta(hours=1), "publish_at": now, "status": "published"}
        Event.objects.create(**words, **slugs, **ends)
    events = list(Event.objects.order_by("pk"))
    states = list(Comment.Status)
    body = "Merci d’avoir pensé aux crèches, et à celles et ceux qui y travaillent. " * 5
    comments = []
    for number in range(count):
        at = now - timedelta(seconds=number)
        path = f"{int(at.timestamp() * 1_000_000):016d}{number % 10**6:06d}"
        comments.append(
            Comment(
                event=events[number // 2 % 20 if number % 2 else 0],
                path=path,
                thread=path,
                name=f"Zoé {number}",
                email=f"zoe.{number}@example.org",
                body=body,
                language="fr",
                status=states[number // 20 % 4],
                held_for=["new_address"],
                created_at=at,
            )
        )
    Comment.objects.bulk_create(comments, batch_size=2000)
    moves = (Move(comment_number=n, old="pending", new="approved", via=Via.ADMIN, actor="zoé") for n in range(count))
    Move.objects.bulk_create(moves, batch_size=2000)
    readers = (
        Subscriber(
            email=f"zoe.{number}@example.org",
            language=("fr", "en")[number % 2],
            status=list(Subscriber.Status)[number % 4],
        )
        for number in range(count)
    )
    subscribers = Subscriber.objects.bulk_create(readers, batch_size=2000)
    issue = Issue.objects.create(subject_fr="Lettre d’été", subject_en="Summer letter", status=Issue.Status.SENT)
    Delivery.objects.bulk_create(
        (Delivery(issue=issue, subscriber=each, language=each.language, status="sent") for each in subscribers),
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")
    client = Client()
    client.force_login(User.objects.create_superuser("bench", "bench@example.org"))
    print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")


def filled(env: dict[str, str], count: int) -> str:
    command = [sys.executable, "-m", "bench.moderation", "fill", str(count)]
    env = os.environ | env | {"DJANGO_SETTINGS_MODULE": "omep_site.settings"}
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


@contextlib.contextmanager
def databases(folder: str):
    """An address for each size."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {size: f"sqlite:///{folder}/{size}.sqlite3" for size in SIZES}
        return
    import psycopg

    names = {size: f"bench_moderation_{os.getpid()}_{size}" for size in SIZES}
    with psycopg.connect(url, autocommit=True) as server:
        for name in names.values():
            server.execute(f"CREATE DATABASE {name}")
        try:
            yield {size: urlsplit(url)._replace(path=f"/{name}").geturl() for size, name in names.items()}
        finally:
            for name in names.values():
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def seconds(port: int, path: str, cookie: str) -> float:
    ask = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Cookie": cookie, "Accept-Language": "fr"})
    began = time.perf_counter()
    with urllib.request.urlopen(ask, timeout=60) as answer:
        page = answer.read()
    took = time.perf_counter() - began
    if b"result_list" not in page:
        sys.exit(f"{path} did not answer with the list")
    return took


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, databases(folder) as addresses, contextlib.ExitStack() as servers:
        sites = {}
        for size, address in addresses.items():
            port = free_port()
            env = production(folder, port) | {"DATABASE_URL": address}
            manage(env, "migrate", "-v0")
            cookie = filled(env, size)
            servers.enter_context(serving(port, "/healthz", sys.executable, "manage.py", "serve", **env))
            sites[size] = (port, cookie)
        database = urlsplit(next(iter(addresses.values()))).scheme
        print(f"\nThe admin's lists with {SIZES[0]:,} and {SIZES[1]:,} comments ({database}), {ROUNDS} rounds\n")
        print(f"{'':28}{SIZES[0]:>12,}{SIZES[1]:>12,}{'ratio':>9}")
        ratios = {}
        for name, path in VIEWS.items():
            took = {size: [] for size in SIZES}
            for number in range(ROUNDS + 3):
                for size, (port, cookie) in sites.items():
                    one = seconds(port, path, cookie)
                    if number >= 3:  # the first fill what a process remembers
                        took[size].append(one)
            few, many = (statistics.median(took[size]) * 1000 for size in SIZES)
            ratios[name] = many / few
            print(f"{name:28}{few:>9.1f} ms{many:>9.1f} ms{ratios[name]:>9.2f}")
        print()
        worst = max(ratios, key=ratios.get)
        what = f"admin’s lists, {SIZES[1]:,} rows ÷ {SIZES[0]:,}, {database}: the slowest is {worst}"
        held(what, f"≤ {MOST}", f"{ratios[worst]:.2f}", ratios[worst] <= MOST)


if __name__ == "__main__":
    if sys.argv[1:2] == ["fill"]:
        fill(int(sys.argv[2]))
    else:
        main()
