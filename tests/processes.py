"""Real processes: `manage.py …` in a copy of the project, so that nothing of the developer's own site is touched."""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

PATIENCE = 120  # seconds until a process that does not do what is waited for fails a test; busy machines are slow
NOT_COPIED = shutil.ignore_patterns(".*", "var", "tests", "bench", "docs", "node_modules")


def is_locked(file: Path) -> bool:
    """Whether a process holds the operating system's lock on it."""
    if not file.exists():
        return False
    with file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@dataclass
class Process:
    """A process that a test started, with what it printed."""

    popen: subprocess.Popen
    printed: Path

    def output(self) -> str:
        return self.printed.read_text()

    def wait_until(self, condition) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert self.popen.poll() is None, f"it ended:\n{self.output()}"
            assert time.monotonic() < deadline, f"it did not come to it:\n{self.output()}"
            time.sleep(0.05)

    def wait_for(self, words: str, times: int = 1) -> None:
        self.wait_until(lambda: self.output().count(words) >= times)

    def family(self) -> list[int]:
        """Its own pid and those of all that it started, directly or not."""
        parents = {}
        for each in Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(each.parent.name)] = int(each.read_text().rpartition(")")[2].split()[1])
            except OSError:  # it ended in between
                continue
        found = [self.popen.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def stop(self) -> int:
        """SIGTERM; returns the exit status."""
        self.popen.terminate()
        return self.popen.wait(PATIENCE)


@dataclass
class Project:
    """A copy of the project, and the environment in which its commands run."""

    folder: Path
    scratch: Path
    env: dict = field(default_factory=dict)

    def words(self, *args) -> list[str]:
        return [sys.executable, "manage.py", *args]

    def environment(self, **env) -> dict:
        return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.env, **env}

    def run(self, *args, **env) -> tuple[int, str, str]:
        """(exit status, what it printed, what it complained of)"""
        done = subprocess.run(
            self.words(*args),
            cwd=self.folder,
            env=self.environment(**env),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.returncode, done.stdout, done.stderr

    @contextmanager
    def start(self, *args, **env):
        printed = self.scratch / f"{args[0]}-{time.monotonic_ns()}.txt"
        with printed.open("w") as file:
            popen = subprocess.Popen(
                self.words(*args), cwd=self.folder, env=self.environment(**env), stdout=file, stderr=subprocess.STDOUT
            )
        process = Process(popen, printed)
        try:
            yield process
        finally:
            if popen.poll() is None:
                popen.terminate()
                popen.wait(PATIENCE)


def get(port, path):
    """(status, body); (None, b"") while nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    except OSError:
        return None, b""
    finally:
        connection.close()


@contextmanager
def alone(mark: Path):
    """No other process is within at the same time."""
    with mark.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def once(mark: Path):
    """Of all the processes that run the tests, one does what is within; gives whether it is this one. `mark` is a folder
    of its own for what is done."""
    mark.mkdir(exist_ok=True)
    with alone(mark / "lock"):
        done = mark / "done"
        yield not done.exists()
        done.touch()
