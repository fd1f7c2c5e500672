"""How much longer an event’s page takes to make where much was said: `python -m bench.conversation`.

Pages that differ in nothing but their comments are made side by side, round by round, and nothing is kept of them: with
100 comments, with 10,000, and the last page of the 10,000. On SQLite, and on PostgreSQL where DATABASE_URL names a server
on which databases may be created.
"""

import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta

from bench.databases import a_database
from bench.report import held
from bench.serving import free_port, manage, production

FEW, MANY = 100, 10_000
ROUNDS = 60
MOST = 1.5  # times as long as with few
THEN = datetime(2026, 1, 1, tzinfo=UTC)
WORDS = "Depuis trois ans, nos écoles jouent dehors chaque matin, et les familles sont venues aider. " * 3


def report() -> None:
    """In the site's own shell."""
    from django.db import connection

    from comments.models import Rules
    from events.reading import path_of

    few, many = (event_with(count) for count in (FEW, MANY))
    last = -(-MANY // Rules().page_size)
    pages = {
        f"event page, {FEW} comments": path_of(few, "fr"),
        f"event page, {MANY:,} comments": path_of(many, "fr"),
        f"the last of its {last} pages of comments": f"{path_of(many, 'fr')}?comments={last}",
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = {name: [] for name in pages}
    for _round in range(ROUNDS):
        for name, path in pages.items():
            found[name].append(seconds_to_make(path))
    first = next(iter(found.values()))
    print(f"\nmade anew each time, {ROUNDS} rounds, {connection.vendor}\n")
    print(f"{'':40}{'ms':>12}{'÷ few':>13}")
    for name, times in found.items():
        ratio = statistics.median(times) / statistics.median(first)
        print(f"{name:40}{statistics.median(times) * 1000:>12.1f}{ratio:>13.2f}")
    print()
    for name, times in found.items():
        ratio = statistics.median(times) / statistics.median(first)
        if times is not first:
            held(f"{name} ÷ {FEW}, {connection.vendor}", f"< {MOST}", f"{ratio:.2f}", ratio < MOST)


def seconds_to_make(path: str) -> float:
    from django.test import Client

    from comments.models import Rules
    from omep_site.lib import public

    public.forget()
    client = Client(SERVER_NAME="127.0.0.1")
    began = time.perf_counter()
    answer = client.get(path)
    taken = time.perf_counter() - began
    assert answer.content.count(b'<article class="comment"') == Rules().page_size
    return taken


def event_with(count: int):
    """An event with so many approved comments, of which a third are replies."""
    from django.utils import timezone

    from comments.models import Comment
    from comments.models.comment import SEGMENT
    from events.completeness import keep_overview
    from events.demo import example
    from events.management.commands.load_demo import PUBLIC
    from events.models import Event
    from omep_site.lib import public

    fields = example(timezone.localdate()).fields | PUBLIC
    slugs = {"slug_fr": f"banc-{count}", "slug_en": f"bench-{count}"}
    event = Event.objects.create(**fields | slugs)
    keep_overview(event)
    common = {"event": event, "email": "zoe@example.org", "body": WORDS, "language": "fr", "status": "approved"}
    comments = []
    for number in range(count):
        at = THEN + timedelta(minutes=number)
        own = f"{int(at.timestamp() * 1_000_000):016d}{number % 10**6:06d}"
        above = comments[-1] if number % 3 == 2 else None
        path = (above.path if above else "") + own
        thread, shown_below = path[:SEGMENT], int(number % 3 == 1 and number + 1 < count)
        comments.append(
            Comment(name=f"Zoé {number}", created_at=at, path=path, thread=thread, shown_below=shown_below, **common)
        )
    made = Comment.objects.bulk_create(comments, batch_size=500)
    for number in range(2, count, 3):
        made[number].parent = made[number - 1]
    Comment.objects.bulk_update(made[2::3], ["parent"], batch_size=500)
    public.bump()
    return event


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, a_database(folder, "conversation") as address:
        env = production(folder, free_port()) | {"DATABASE_URL": address}
        for step in ("migrate", "load_demo"):
            manage(env, step, "-v0")
        manage(env, "shell", "-v0", "-c", "from omep_site.server import collect_static; collect_static()")
        print(manage(env, "shell", "-v0", "-c", "from bench.conversation import report; report()"), end="")


if __name__ == "__main__":
    main()
