"""granian and gunicorn before the same application: `python -m bench.servers`. Which one serves the site follows from it.

Two workers of sixteen threads, sixteen connections; the event's page kept and made anew, and connections that are closed
after each answer. “The busier worker” is its share of the processor that both spent: half is even. Then each is told to
stop ten times, at once after a load, with connections still open.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection

from bench import site
from bench.load import Load, family, load, processor
from bench.serving import free_port, production, serving
from omep_site import server

WORKERS = 2
ROUNDS = 5
SECONDS = 3
STOPS = 10
HUNG = 4  # seconds
BROTLI = "Accept-Encoding: br"


def granian(port: int, application: str) -> list[str]:
    return server.command(WORKERS, port, application)


def gunicorn(port: int, application: str) -> list[str]:
    options = ["-k", "gthread", "--workers", str(WORKERS), "--threads", str(server.THREADS), "--log-level", "error"]
    options += ["--reuse-port", "--bind", f"127.0.0.1:{port}", "--graceful-timeout", str(server.STOPS_WITHIN)]
    return [sys.executable, "-m", "gunicorn", *options, application]


SERVERS = {"granian": granian, "gunicorn": gunicorn}
APPLICATIONS = {"kept": "omep_site.wsgi:application", "made anew": "bench.uncached:application"}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        env = production(folder, free_port())
        site.prepare(env)
        page = site.page_with(site.FEW)
        kinds = {}
        for page_is, application in APPLICATIONS.items():
            for name, command in SERVERS.items():
                port = free_port()
                process = running.enter_context(serving(port, page, *command(port, application), **env))
                kinds[f"{page_is}, {name}"] = (process.pid, f"http://127.0.0.1:{port}{page}", BROTLI)
                if page_is == "kept":
                    kinds[f"kept, each on a new connection, {name}"] = (
                        process.pid,
                        f"http://127.0.0.1:{port}{page}",
                        BROTLI,
                        "Connection: close",
                    )
        found: dict[str, list[tuple[Load, float]]] = {name: [] for name in kinds}
        for _round in range(ROUNDS):
            for name, (pid, *asked) in kinds.items():
                found[name].append(one(pid, *asked))
        print(f"\n{WORKERS} workers of {server.THREADS} threads, {ROUNDS} rounds of {SECONDS} s, taking turns\n")
        print(f"{'':44}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>9}{'busier worker':>16}")
        for name in sorted(found):
            loads = [each for each, _share in found[name]]
            rate, p50, p99, cpu = (statistics.median(getattr(each, what) for each in loads) for what in COLUMNS)
            shares = [share for _load, share in found[name]]
            print(
                f"{name:44}{rate:>12,.0f}{p50:>9.2f}{p99:>9.2f}{cpu:>9.2f}{f'{min(shares):.0%} – {max(shares):.0%}':>16}"
            )
        print(f"\n{'told to stop, ' + str(STOPS) + ' times':44}{'median s':>12}{'most s':>9}   longer than {HUNG} s")
        for name, command in SERVERS.items():
            took = [stop(command, env, page) for _ in range(STOPS)]
            print(f"{name:44}{statistics.median(took):>12.2f}{max(took):>9.2f}{sum(each > HUNG for each in took):>12}")


COLUMNS = ("rate", "p50", "p99", "cpu")


def one(pid: int, url: str, *headers: str) -> tuple[Load, float]:
    """A load, and which share of the processor the busier worker had."""
    before = {each: processor(each) for each in family(pid)}
    found = load(url, *headers, seconds=SECONDS, server=pid)
    spent = sorted(processor(each) - at for each, at in before.items() if each != pid)[-WORKERS:]
    return found, max(spent) / (sum(spent) or 1)


def stop(command, env: dict[str, str], page: str) -> float:
    """Seconds from the signal to the end."""
    port = free_port()
    with serving(port, page, *command(port, APPLICATIONS["kept"]), **env) as process:
        load(f"http://127.0.0.1:{port}{page}", BROTLI, seconds=1)
        open_still = [HTTPConnection("127.0.0.1", port) for _ in range(4)]
        for each in open_still:
            each.request("GET", page)
            each.getresponse().read()
        began = time.monotonic()
        process.terminate()
        process.wait()
        took = time.monotonic() - began
        for each in open_still:
            each.close()
    return took


if __name__ == "__main__":
    main()
