"""The site that the benchmarks of pages ask: the demo, and events with 20 and 1,000 comments. Runs in a process of its own.

The event with 20 comments has all that the launch's page has, a subject that other events share among it.
"""

import contextlib
import sys

from bench.serving import ROOT, manage, serving

PAGE = "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"
FEW, MANY = 20, 1000
SLUG = "banc-{count}"


def fill() -> None:
    """In the site's own shell, after load_demo."""
    from bench.conversation import event_with
    from events.models import Event

    launch = Event.objects.get(slug_fr=PAGE.split("/")[-2])
    for count in (FEW, MANY):
        event = event_with(count)
        event.subjects.set(launch.subjects.all())


def page_with(count: int) -> str:
    return f"/fr/evenements/{SLUG.format(count=count)}/"


def prepare(env: dict[str, str]) -> None:
    for step in ("migrate", "load_demo"):
        manage(env, step, "-v0")
    manage(env, "shell", "-v0", "-c", "from bench.site import fill; fill()")


@contextlib.contextmanager
def served(env: dict[str, str], port: int, path: str = PAGE):
    """The site as `make serve` starts it; yields the server's process."""
    with serving(port, path, sys.executable, str(ROOT / "manage.py"), "serve", **env) as process:
        yield process
