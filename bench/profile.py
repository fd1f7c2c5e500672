"""Where the time of the event's page goes when it is made anew: `python -m bench.profile` writes docs/profile.md.

A page after a change of its event, as in bench.uncached: fifty times under cProfile, which makes calls dearer than they are;
shares count, not milliseconds.
"""

import cProfile
import io
import os
import pstats
import re
import subprocess
import sys
import tempfile

from bench import site
from bench.report import machine
from bench.serving import ROOT, free_port, production

TIMES = 50
MOST = 45  # lines
FILE = ROOT / "docs" / "profile.md"


def measure() -> None:
    """For a process of its own, which prints a table."""
    import django

    django.setup()
    from django.test import Client

    import bench.uncached  # noqa: F401 - shelves that hold nothing

    client, page = Client(SERVER_NAME="127.0.0.1"), site.page_with(site.FEW)
    for _ in range(5):
        client.get(page)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(TIMES):
        client.get(page)
    profile.disable()
    stats = pstats.Stats(profile, stream=io.StringIO())
    calls, whole = stats.total_calls // TIMES, stats.total_tt
    rows = []
    for (file, line, name), (_primitive, count, own, total, _callers) in stats.stats.items():
        where = re.sub(r"^.*/site-packages/", "", file).removeprefix(f"{ROOT}/")
        if where.startswith(("<", "~", "/")):
            continue
        rows.append((total / whole, own / whole, count / TIMES, f"{where}:{line} {name}"))
    rows.sort(reverse=True)
    print(f"{calls:,} calls for a page\n\n{'whole':>7}{'own':>7}{'calls':>9}  function")
    for total, own, count, name in rows[:MOST]:
        print(f"{total:>7.1%}{own:>7.1%}{count:>9,.1f}  {name}")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        env = production(folder, free_port())
        site.prepare(env)
        env = os.environ | env | {"DJANGO_SETTINGS_MODULE": "omep_site.settings"}
        command = [sys.executable, "-W", "ignore", "-m", "bench.profile", "measure"]
        table = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True).stdout
    print(table)
    words = (__doc__ or "").partition("\n\n")[2].strip()
    FILE.write_text(f"# Where the time of a page goes\n\n{words}\n\n{machine()}\n\n```text\n{table}```\n")


if __name__ == "__main__":
    measure() if sys.argv[1:] == ["measure"] else main()
