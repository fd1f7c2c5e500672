"""What a benchmark is held to, as one line that people and `python -m bench` read alike; and where it was measured."""

import datetime
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path

MARK = "held to: "
LIBRARIES = ("Django", "granian", "gunicorn", "psycopg", "brotli")


def held(what: str, asked: str, found: str, ok: bool) -> None:
    print(f"{MARK}{what} | {asked} | {found} | {'yes' if ok else 'NO'}", flush=True)


def read(line: str) -> list[str] | None:
    """What, asked, found, and yes or NO; None for any other line."""
    return line.removeprefix(MARK).strip().split(" | ") if line.startswith(MARK) else None


def machine() -> str:
    """The day, the processor, and what ran on it."""
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())
    found = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)]
    found += [words for words in (_said("nginx", "-v"), _said("psql", "--version"), _said("wrk", "-v")) if words]
    kernel = platform.release().partition("-")[0]
    return (
        f"{datetime.date.today().isoformat()} · {os.cpu_count()} processors"
        f"{f' ({processor[1]})' if processor else ''}, {int(memory[1]) / 2**20:.0f} GB, Linux {kernel} · "
        + ", ".join(found)
    )


def _said(*command: str) -> str:
    """What a programme says of its version; "" where it is not installed."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PATH": path})
    except OSError:
        return ""
    found = re.search(r"(nginx|wrk|PostgreSQL)\D{0,12}?([\d.]+)", done.stdout + done.stderr)
    return f"{found[1]} {found[2].rstrip('.')}" if found else ""
