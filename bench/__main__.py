"""`make bench`: how quick the site is, as ratios of things measured side by side in one run.

Each figure is the median of several interleaved rounds, so that a machine that slows down slows both sides. Servers
listen on 127.0.0.1, every load ends by itself, and what is started here is ended here.
"""

import contextlib
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from omep_site.server import command

ROOT = Path(__file__).resolve().parent.parent
PAGE = "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@contextlib.contextmanager
def serving(port: int, path: str, *command, **env):
    """A server that answers `path`; ended, with what it started, at the end."""
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | env, start_new_session=True)
    try:
        until = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5).close()
                break
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"the server on port {port} did not start")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def requests_per_second(port: int, path: str, *headers: str) -> float:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *(f"-H{header}" for header in headers)]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout and "If-None-Match" not in "".join(headers):
        sys.exit(f"{path} answered with errors:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def main() -> None:
    if not shutil.which("wrk"):
        sys.exit("the load generator is missing: install it (apt install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        site, bare = free_port(), free_port()
        settings = {
            "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
            "SECRET_KEY": "for-the-benchmark-and-nothing-else-0123456789",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": f"http://127.0.0.1:{site}",
            "PORT": str(site),
            "WORKERS": "1",
            "DEBUG": "0",
        }
        for step in (["migrate", "-v0"], ["load_demo", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *step], cwd=ROOT, env=os.environ | settings, check=True)
        body = Path(folder) / "page.br"
        with serving(site, PAGE, sys.executable, "manage.py", "serve", **settings):
            ask = urllib.request.Request(f"http://127.0.0.1:{site}{PAGE}", headers={"Accept-Encoding": "br"})
            with urllib.request.urlopen(ask, timeout=5) as answer:
                body.write_bytes(answer.read())
                etag = answer.headers["ETag"]
            with serving(bare, "/", *command(1, bare, "bench.bare:application"), BARE_BODY=str(body)):
                measure(site, bare, etag, body.stat().st_size)


def measure(site: int, bare: int, etag: str, size: int) -> None:
    kinds = {
        "bare Django view, the same bytes": (bare, "/", "Accept-Encoding: br"),
        "cached event page": (site, PAGE, "Accept-Encoding: br"),
        "cached event page, conditional (304)": (site, PAGE, "Accept-Encoding: br", f"If-None-Match: {etag}"),
    }
    found = {name: [] for name in kinds}
    for _round in range(ROUNDS):
        for name, (port, path, *headers) in kinds.items():
            found[name].append(requests_per_second(port, path, *headers))
    first = found["bare Django view, the same bytes"]
    print(f"\n{size:,} bytes compressed; one process, {CONNECTIONS} connections; {ROUNDS} rounds of {SECONDS} s\n")
    print(f"{'':40}{'requests/s':>12}{'÷ bare view':>13}{'(from – to)':>16}")
    for name, rates in found.items():
        ratios = [rate / other for rate, other in zip(rates, first, strict=True)]
        print(
            f"{name:40}{statistics.median(rates):>12,.0f}{statistics.median(ratios):>13.2f}"
            f"{f'{min(ratios):.2f} – {max(ratios):.2f}':>16}"
        )


if __name__ == "__main__":
    main()
