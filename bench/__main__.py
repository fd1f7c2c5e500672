"""`make bench`: how quick the site is, as ratios of things measured side by side in one run.

Each figure is the median of several interleaved rounds, so that a machine that slows down slows both sides. Servers
listen on 127.0.0.1, every load ends by itself, and what is started here is ended here.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from bench import killing, lists, moderation, newsletter, spam, subscribing, writers
from bench.serving import free_port, manage, production, serving
from omep_site.server import command

PAGE = "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/"
ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16


def requests_per_second(port: int, path: str, *headers: str) -> float:
    command = ["wrk", "-t2", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *(f"-H{header}" for header in headers)]
    done = subprocess.run([*command, f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout and "If-None-Match" not in "".join(headers):
        sys.exit(f"{path} answered with errors:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])


def main() -> None:
    spam.main()
    if not shutil.which("wrk"):
        sys.exit("the load generator is missing: install it (apt install wrk)")
    with tempfile.TemporaryDirectory() as folder:
        site, bare = free_port(), free_port()
        settings = production(folder, site)
        for step in ("migrate", "load_demo"):
            manage(settings, step, "-v0")
        body = Path(folder) / "page.br"
        with serving(site, PAGE, sys.executable, "manage.py", "serve", **settings):
            ask = urllib.request.Request(f"http://127.0.0.1:{site}{PAGE}", headers={"Accept-Encoding": "br"})
            with urllib.request.urlopen(ask, timeout=5) as answer:
                body.write_bytes(answer.read())
                etag = answer.headers["ETag"]
            with serving(bare, "/", *command(1, bare, "bench.bare:application"), BARE_BODY=str(body)):
                measure(site, bare, etag, body.stat().st_size)
        print(manage(settings, "shell", "-v0", "-c", "from bench.conversation import report; report()"))
    moderation.main()
    subscribing.main()
    lists.main()
    newsletter.main()
    if not killing.main():
        sys.exit("A letter was sent twice or lost.")
    if not writers.measure():
        sys.exit("Comments were lost, stored twice, or answered with errors.")


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
