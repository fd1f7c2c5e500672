"""How the site is served: one command line for `make run` and `make serve`."""

import fcntl
import hashlib
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from omep_site import proxy_pages

THREADS = 16  # requests that one process answers at once; a few slow senders must not hold them all

STOPS_WITHIN = 5  # seconds


def command(workers: int, port: int | None = None, application: str = "omep_site.wsgi:application") -> list[str]:
    """The command that serves on 127.0.0.1; `make bench` serves its bare application with the same one."""
    options = {
        "--interface": "wsgi",
        "--host": "127.0.0.1",
        "--port": port or settings.PORT,
        "--workers": workers,
        "--blocking-threads": THREADS,
        "--log-level": "warning",
        # A worker that is told to stop finishes its requests, and now and then never ends: it is then ended.
        "--workers-kill-timeout": STOPS_WITHIN,
    }
    words = [str(word) for pair in options.items() for word in pair]
    return [sys.executable, "-m", "granian", *words, "--no-ws", "--respawn-failed-workers", application]


def collect_static() -> None:
    """Hashes and compresses the static files into STATIC_ROOT, unless that was done for these very files, and writes
    beside them what the proxy says by itself. Of several that start at once, one does it."""
    found = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    state = "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in sorted(found))
    digest = hashlib.sha256(state.encode()).hexdigest()
    root = Path(settings.STATIC_ROOT)
    root.parent.mkdir(parents=True, exist_ok=True)
    with root.with_name(f".{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = root / ".collected"
        if not stamp.exists() or stamp.read_text() != digest:
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(digest)
        proxy_pages.write()
