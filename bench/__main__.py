"""`make bench`: how quick the site is, as ratios of things measured side by side in one run, and docs/benchmarks.md.

Each figure is the median of several rounds in which all that is compared takes turns, so that a machine that slows down
slows both sides. Servers listen on 127.0.0.1, every load ends by itself, and what is started here is ended here.
`python -m bench pages fresh` runs some parts only, and writes nothing.
"""

import ast
import os
import subprocess
import sys
from dataclasses import dataclass, field

from bench import report
from bench.serving import ROOT

FILE = ROOT / "docs" / "benchmarks.md"
# The parts, in the order of the page; each can be run by itself: python -m bench.<name>.
PARTS = {
    "pages": "The event’s page",
    "fresh": "Fresh after an editor’s click",
    "memory": "Memory",
    "servers": "Which server",
    "posting": "Comments that come in",
    "writers": "Nothing is lost",
    "moderation": "The admin’s lists",
    "conversation": "Long conversations",
    "subscribing": "The newsletter’s form",
    "lists": "Lists of subscribers",
    "newsletter": "Sending a letter",
    "killing": "Killed workers",
    "spam": "What is taken for spam",
    "profile": "Where the time of a page goes",
}
NOISE = ("[WARNING] Configuration allows spawning",)  # granian on its threads, each time that it starts


@dataclass
class Found:
    lines: list[str] = field(default_factory=list)
    failed: bool = False

    @property
    def held(self) -> list[list[str]]:
        return [row for line in self.lines if (row := report.read(line))]


def run(name: str) -> Found:
    """A part in a process of its own; what it says is shown as it comes, and kept."""
    found = Found()
    env = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", f"bench.{name}"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if not line.startswith(NOISE):
                print(line, end="", flush=True)
                found.lines.append(line.rstrip())
    found.failed = process.returncode != 0
    return found


def write(found: dict[str, Found]) -> None:
    rows = [row for each in found.values() for row in each.held]
    lines = [
        "# Benchmarks",
        "",
        "Written by `make bench`. All that is compared was measured in one run, taking turns.",
        "",
        report.machine(),
        "",
        "| figure | asked for | measured | |",
        "|---|---|---|---|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]
    for name, each in found.items():
        words = ast.get_docstring(ast.parse((ROOT / "bench" / f"{name}.py").read_text()))
        table = "\n".join(line for line in each.lines if not report.read(line)).strip("\n")
        lines += ["", f"## {PARTS[name]}", "", words, "", "```text", table, "```"]
    FILE.write_text("\n".join(lines) + "\n")


def main(names: list[str]) -> None:
    found = {}
    for name in names or PARTS:
        found[name] = run(name)
        if not names:
            write(found)  # after each, so that an hour is not lost with its last minute
    if failed := [name for name, each in found.items() if each.failed]:
        sys.exit(f"These failed: {', '.join(failed)}.")


if __name__ == "__main__":
    main(sys.argv[1:])
