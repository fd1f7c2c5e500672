"""Servers on ports of their own, for benchmarks and audits; ended, with what they started, at the end."""

import contextlib
import itertools
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


# Below those that the system gives to whoever asks for any (32768 and more): between choosing one here and the moment at
# which its server listens, neither a connection nor a server of somebody else gets it. And each process has its own.
_FIRST = 10_000 + os.getpid() % 88 * 256
_ports = itertools.cycle(range(_FIRST, _FIRST + 256))


def free_port() -> int:
    """One on which nobody listens, for a server that is yet to be started."""
    while True:
        port = next(_ports)
        with socket.socket() as found, contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as servers do, after connections that ended
            found.bind(("127.0.0.1", port))
            return port


def production(folder: str, port: int) -> dict[str, str]:
    """The environment of a site in production on plain http, with its database and uploads in `folder`."""
    return {
        "DJANGO_SETTINGS_MODULE": "omep_site.settings",
        "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
        "MEDIA_ROOT": f"{folder}/media",
        "SECRET_KEY": "for-this-run-and-nothing-else-0123456789",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
        "WORKERS": "1",
        "DEBUG": "0",
        "CACHE_URL": "",
        "MODERATORS": "",
        "TRUSTED_PROXIES": "0",
    }


def manage(env: dict[str, str], *words: str) -> str:
    """What a command of the site printed; raises CalledProcessError where it failed."""
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | env, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout


@contextlib.contextmanager
def serving(port: int, path: str, *command, output=None, **env):
    """A server that answers `path`, as its process; what it prints goes to `output`, a file."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | env, start_new_session=True, stdout=output, stderr=output
    )
    try:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the server on port {port} did not start")
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        process.wait()
