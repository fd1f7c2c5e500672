"""`make drill`: every fault with real processes, and docs/drill.md.

`python -m drill house` does what can happen to the site's processes and to what they stand on, `python -m drill debian`
walks docs/deploy.md on a fresh Debian and does there what administrators do; a name of a fault does that one. Only a whole
drill is written down.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

from bench import report
from bench.proxy import NGINX
from bench.serving import ROOT
from drill import debian, faults, servers, upkeep, visitors
from drill.faults import FAULTS, Fault
from drill.house import House
from drill.run import Row, furnished, run
from drill.upkeep import UPKEEP

FILE = ROOT / "docs" / "drill.md"
HEAD = """# The drill

Written by `make drill`. In each row the site runs in production, behind nginx, with seven visitors who come and go all the
time: four read pages, kept ones and searches; three write comments and subscribe. It is theirs that the third column counts,
from a second before the fault to a second after all is well again. *Lost*: comments and subscriptions that were answered with
303 and are not in the database afterwards, and those that stand there twice. *Well again*: ready, and a page that nobody has kept
can be read, counted from the end of the fault.

A visitor who is told 503 is told it in words, in their language. *Their words on the page*: what they wrote stands there, with a
button that sends it again. *Go back*: nginx answered, because the site did not; the browser has what was written.
"""


def why_not(fault: Fault) -> str:
    """Why it cannot be done here; "" where it can."""
    if fault.needs in ("postgres", "redis") and not (
        servers.postgres_programme("initdb") and shutil.which("redis-server")
    ):
        return "PostgreSQL and Redis are not installed"
    if fault.needs == "small disk" and os.geteuid() != 0:
        return "only root makes a small disk"
    if fault.needs == "clock" and not servers.FAKETIME:
        return "faketime is not installed (apt install faketime)"
    return "" if NGINX else "nginx is not installed (apt install nginx)"


def kind_of_house(fault: Fault) -> str:
    return {"mail": "", "redis": "postgres"}.get(fault.needs, fault.needs)


def tried(chosen: list[Fault], house: House) -> list[Row]:
    rows = []
    for fault in chosen:
        print(f"{fault.done} …", flush=True)
        try:
            rows.append(run(fault, house))
            print(f"  {seen(rows[-1])}; lost: {lost(rows[-1])}; well after {rows[-1].well_after:.1f} s", flush=True)
        except Exception:
            traceback.print_exc()
            rows.append(Row(fault, "", "**it did not end well**", [], [], 0, 0, None))
    return rows


def seen(row: Row) -> str:
    return "; ".join(words for words in (row.seen, row.also) if words)


def lost(row: Row) -> str:
    return "nothing" if not row.lost and not row.twice else f"**{len(row.lost)} lost, {len(row.twice)} twice**"


def table(rows: list[Row]) -> list[str]:
    lines = [
        "| what was done | what visitors saw, from before until after | lost | well again after |",
        "|---|---|---|---|",
    ]
    lines += [f"| {row.fault.done} | {seen(row)} | {lost(row)} | {row.well_after:.1f} s |" for row in rows]
    return lines


@contextmanager
def folder():
    made = Path(tempfile.mkdtemp(prefix="drill-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def in_houses(chosen: list[Fault]) -> list[Row]:
    rows = []
    for kind, some in groupby(sorted(chosen, key=kind_of_house), kind_of_house):
        with folder() as where, furnished(where, kind) as house:
            rows += tried(list(some), house)
    return sorted(rows, key=lambda row: FAULTS.index(row.fault))


def on_debian(chosen: list[Fault]) -> tuple[float, list[Row]]:
    with debian.installed() as (house, took):
        print(f"A fresh Debian had the site, with its certificate, after {took:.0f} s.", flush=True)
        upkeep.prepare(house)
        return took, tried(chosen, house)


def redis_version() -> str:
    if not shutil.which("redis-server"):
        return ""
    said = subprocess.run(["redis-server", "--version"], capture_output=True, text=True).stdout
    return f", Redis {re.search(r'v=([0-9.]+)', said)[1]}"


def main(words: list[str]) -> int:
    faults.TIMES, faults.TRIES = 3, 10_000
    visitors.PAUSES = visitors.IN_A_HURRY
    chosen = [fault for fault in FAULTS if not words or fault.name in words or "house" in words]
    kept_up = [fault for fault in UPKEEP if not words or fault.name in words or "debian" in words]
    for fault in chosen:
        if why := why_not(fault):
            print(f"left out, {why}: {fault.done}")
    if kept_up and (why := debian.why_not()):
        print(f"no Debian: {why}")
        kept_up = []
    rows = in_houses([fault for fault in chosen if not why_not(fault)])
    lines = [HEAD, f"{report.machine()}{redis_version()}", "", "## The site and what it stands on", "", *table(rows)]
    if kept_up:
        took, others = on_debian(kept_up)
        rows += others
        lines += ["", "## An installed site", ""]
        lines += [
            f"The commands of [deploy.md](deploy.md), as they are written, on a fresh Debian 12: {took:.0f} s until the site ran",
            "behind nginx, with its certificate. What follows was done to that site; its visitors came by https.",
            "",
            *table(others),
        ]
    if not words:
        FILE.write_text("\n".join(lines) + "\n")
    return int(any(row.visitors is None or row.lost or row.twice or row.faults_seen for row in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
