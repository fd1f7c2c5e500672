"""The event's page: kept, conditional, made anew, and behind nginx: `python -m bench.pages`, and a part of `make bench`.

Beside a bare Django view (a project of its own without middleware, the same bytes, the same server with one worker) and
beside nginx serving the same compressed bytes as a file. The page that is made anew is asked of two sites whose shelves
hold nothing: one that is as after an editor has approved a comment (bench.approved), and one that remembers nothing of the
database (bench.uncached).
"""

import statistics
import sys
import tempfile
import urllib.request
from pathlib import Path

from bench import site
from bench.load import CONNECTIONS, Load, load
from bench.proxy import proxy
from bench.report import held
from bench.serving import free_port, manage, production, serving
from omep_site.server import command

ROUNDS = 5
SECONDS = 3
BROTLI = "Accept-Encoding: br"
BARE, CACHED, NOT_CHANGED = (
    "bare Django view, the same bytes",
    "event page, kept",
    "event page, kept, conditional (304)",
)
AFTER_APPROVAL = f"made anew after an approval, {site.FEW} comments"
FEW, MANY = f"made anew, {site.FEW} comments", f"made anew, {site.MANY:,} comments (paged)"
ALONE = " · alone"  # one connection, so that the time of the processor is the page’s own
FILE, PROXY = "nginx, the same bytes as a file", "event page behind nginx’s cache"
# As plain a server of files as nginx can be.
FILES = """server {{
    listen 127.0.0.1:{port};
    location / {{
        root "{folder}";
        default_type "text/html; charset=utf-8";
        add_header Content-Encoding br;
    }}
}}"""

QUERIES = """
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from omep_site.lib import kept, public
kept.MOST_BYTES = 0
public.VERSION_MEMORY = 60
client = Client(SERVER_NAME="127.0.0.1")
for most in (0, public.Remembered.MOST):
    public.Remembered.MOST = most
    public.forget()  # or the memory of before would go on
    for path in {paths}:
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        print(len(queries))
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        port, front, bare, anew, approved, file = (free_port() for _ in range(6))
        env = production(folder, port) | {"SITE_URL": f"http://127.0.0.1:{front}", "TRUSTED_PROXIES": "1"}
        site.prepare(env)
        page = site.page_with(site.FEW)
        with site.served(env, port):
            (Path(folder) / "page").write_bytes(got(f"http://127.0.0.1:{port}{page}")[0])
            etag = got(f"http://127.0.0.1:{port}{page}")[1]
            body = {"BARE_BODY": f"{folder}/page"}
            with (
                serving(bare, "/", *command(1, bare, "bench.bare:application"), **body) as of_bare,
                serving(anew, page, *command(1, anew, "bench.uncached:application"), **env) as of_anew,
                serving(approved, page, *command(1, approved, "bench.approved:application"), **env) as of_approved,
                proxy(env, folder, workers=1, more=FILES.format(port=file, folder=folder)) as through,
            ):
                on = "http://127.0.0.1:{}{}".format
                kinds = {
                    BARE: (on(bare, "/"), BROTLI),
                    CACHED: (on(port, page), BROTLI),
                    NOT_CHANGED: (on(port, page), BROTLI, f"If-None-Match: {etag}"),
                    FEW: (on(anew, page), BROTLI),
                    FILE: (on(file, "/page"), BROTLI),
                    PROXY: (f"{through}{page}", BROTLI),
                }
                alone = {
                    BARE: (on(bare, "/"), of_bare.pid),
                    AFTER_APPROVAL: (on(approved, page), of_approved.pid),
                    FEW: (on(anew, page), of_anew.pid),
                    MANY: (on(anew, site.page_with(site.MANY)), of_anew.pid),
                }
                found: dict[str, list[Load]] = {}
                for _round in range(ROUNDS):
                    for name, (url, *headers) in kinds.items():
                        found.setdefault(name, []).append(load(url, *headers, seconds=SECONDS))
                    for name, (url, pid) in alone.items():
                        one = load(url, BROTLI, seconds=SECONDS, connections=1, server=pid)
                        found.setdefault(name + ALONE, []).append(one)
        paths = [site.page_with(site.FEW), site.page_with(site.MANY)]
        queries = manage(env, "shell", "-v0", "-c", QUERIES.format(paths=paths)).split()
        tell(found, (Path(folder) / "page").stat().st_size, [int(each) for each in queries])


def got(url: str) -> tuple[bytes, str]:
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept-Encoding": "br"}), timeout=10) as answer:
        if answer.headers["Content-Encoding"] != "br":
            sys.exit(f"{url} came uncompressed")
        return answer.read(), answer.headers["ETag"]


def tell(found: dict[str, list[Load]], size: int, queries: list[int]) -> None:
    print(
        f"\n{size:,} bytes compressed; one worker, {CONNECTIONS} connections; {ROUNDS} rounds of {SECONDS} s, taking turns\n"
    )
    print(f"{'':52}{'requests/s':>12}{'÷ bare':>9}{'(from – to)':>16}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}")
    for name, loads in found.items():
        beside = ratios(found, name, BARE + ALONE if name.endswith(ALONE) else BARE)
        rate, p50, p99, cpu = (middle(loads, what) for what in ("rate", "p50", "p99", "cpu"))
        spread = f"{min(beside):.2f} – {max(beside):.2f}"
        print(
            f"{name:52}{rate:>12,.0f}{statistics.median(beside):>9.2f}{spread:>16}{p50:>9.2f}{p99:>9.2f}"
            f"{f'{cpu:.2f}' if cpu else '':>9}"
        )
    print()
    cached, proxied = (statistics.median(ratios(found, *pair)) for pair in ((CACHED, BARE), (PROXY, FILE)))
    held("cached page ÷ bare Django view", "≥ 0.9", f"{cached:.2f}", cached >= 0.9)
    held("behind nginx’s cache ÷ nginx with the same bytes as a file", "≥ 0.9", f"{proxied:.2f}", proxied >= 0.9)
    few, many, few_after, many_after = queries
    for name, what in ((AFTER_APPROVAL, "after an approval"), (FEW, "nothing remembered")):
        cpu = middle(found[name + ALONE], "cpu")
        times = cpu / middle(found[BARE + ALONE], "cpu")
        held(f"processor for the page, 20 comments, {what}", "≤ 8 ms", f"{cpu:.1f} ms ({times:.0f} × bare)", cpu <= 8)
    is_constant = few == many and few_after == many_after
    held("its queries", "≤ 12, constant", f"{few}, after an approval {few_after}", is_constant and few <= 12)
    more = middle(found[MANY + ALONE], "cpu") / middle(found[FEW + ALONE], "cpu")
    held("processor, 1,000 comments ÷ 20", "≤ 1.3", f"{more:.2f}", more <= 1.3)
    tail = statistics.median(each.p99 / each.p50 for each in found[CACHED])
    held("cached page, p99 ÷ p50 at 16 connections", "≤ 8", f"{tail:.1f}", tail <= 8)


def ratios(found: dict[str, list[Load]], name: str, other: str) -> list[float]:
    return [one.rate / two.rate for one, two in zip(found[name], found[other], strict=True)]


def middle(loads: list[Load], what: str) -> float:
    return statistics.median(getattr(each, what) for each in loads)


if __name__ == "__main__":
    main()
