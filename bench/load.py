"""Load from wrk, and what it cost the server: every figure that the benchmarks of pages compare."""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16
TICKS = os.sysconf("SC_CLK_TCK")
UNITS = {"us": 0.001, "ms": 1, "s": 1000}  # in milliseconds


@dataclass(frozen=True)
class Load:
    requests: int
    rate: float  # a second
    p50: float  # milliseconds
    p99: float
    cpu: float  # milliseconds of processor that the server spent on one request


def load(
    url: str, *headers: str, seconds: float = 3, connections: int = CONNECTIONS, server: int = 0, script=""
) -> Load:
    """Asks for `url` for so long. `server` is a process whose children are counted too; `script` a file of wrk's Lua.
    Ends the benchmark where an answer is neither 2xx nor 304."""
    if not shutil.which("wrk"):
        sys.exit("the load generator is missing: install it (apt install wrk)")
    threads = 1  # or it would take the processor from the server
    words = ["wrk", f"-t{threads}", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "30s"]
    words += [word for header in headers for word in ("-H", header)] + (["-s", script] if script else [])
    before = processor(server)
    done = subprocess.run([*words, url], capture_output=True, text=True, check=True).stdout
    spent = processor(server) - before
    if "Non-2xx" in done or "Socket errors" in done:  # it counts 304 as well
        sys.exit(f"{url} answered with errors:\n{done}")
    requests = int(re.search(r"(\d+) requests in", done)[1])
    latency = {int(name): float(n) * UNITS[unit] for name, n, unit in re.findall(r"(50|99)% +([\d.]+)(\w+)", done)}
    rate = float(re.search(r"Requests/sec: +([\d.]+)", done)[1])
    return Load(requests, rate, latency[50], latency[99], 1000 * spent / max(requests, 1))


def processor(pid: int) -> float:
    """Seconds of processor that a process and its children have spent so far; 0 for none."""
    return sum(_ticks(each) for each in family(pid)) / TICKS if pid else 0


def memory(pid: int) -> int:
    """Bytes of memory that a process alone holds (its proportional share, proc_pid_smaps_rollup(5))."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)[1]) * 1024


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    for each in found:
        for file in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in file.read_text().split()]
    return found


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # utime and stime, proc_pid_stat(5)
