"""A site in production on this machine: its server and its worker, started again when they end, as systemd does; nginx in
front of them, where there is one."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path

import psycopg

from bench.proxy import NGINX, proxy
from bench.serving import ROOT, free_port, production
from drill.servers import until

AGAIN_AFTER = 1  # second, as in deploy/systemd/
EVENT = "lancement-strategie-partenariat-mondial-petite-enfance"  # the demo's; its comments stay open


@dataclass
class Kept:
    """A command that is started again whenever it ends."""

    words: list[str]
    env: dict[str, str]
    root: Path
    log: Path
    wanted: bool = True
    process: subprocess.Popen | None = None
    starts: int = 0

    def start(self) -> None:
        self.run()
        threading.Thread(target=self.keep, daemon=True).start()

    def run(self) -> None:
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                self.words, cwd=self.root, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        self.starts += 1

    def keep(self) -> None:
        while self.wanted:
            self.process.wait()
            time.sleep(AGAIN_AFTER)
            if self.wanted:
                self.run()

    def family(self) -> list[int]:
        """Its own pid, and those of its children."""
        pids = [self.process.pid]
        for each in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                if int(each.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    pids.append(int(each.parent.name))
        return sorted(pids)

    def kill(self) -> None:
        """kill -9, with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self) -> None:
        self.wanted = False
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            self.process.wait()


@dataclass
class House:
    root: Path
    folder: Path
    env: dict[str, str]
    port: int  # of the site itself
    front: int  # where visitors come in
    mail: object = None
    postgres: object = None
    redis: object = None
    clock: Path = None  # where its processes read what time it is
    web: Kept = None
    worker: Kept = None
    told: list[str] = field(default_factory=list)

    def manage(self, *words: str, check: bool = True, **env: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=self.root, env=self.env | env, capture_output=True, text=True
        )
        if check and done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def ask(self, method: str, path: str, body=None, headers=None, source: str = "127.0.0.1", port: int | None = None):
        """(status, body), by a connection of its own, as a phone on the road has it."""
        return self.ask_with_cookie(method, path, body, headers, source, port)[:2]

    def ask_with_cookie(self, method: str, path: str, body=None, headers=None, source="127.0.0.1", port=None):
        """(status, body, the cookies that were set, as they are sent back)"""
        connection = self.connection(source, port)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            cookies = "; ".join(each.split(";")[0] for each in answer.headers.get_all("Set-Cookie", []))
            return answer.status, answer.read(), cookies
        finally:
            connection.close()

    def connection(self, source: str, port: int | None) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", port or self.front, timeout=90, source_address=(source, 0))

    def is_well(self) -> bool:
        """Ready, and a page that nobody has kept can be read."""
        try:
            asked = [
                self.ask("GET", "/readyz", port=self.port, headers={"X-Forwarded-For": "127.0.0.1"}),
                self.ask("GET", f"/fr/evenements/?q=x{time.monotonic_ns()}"),
            ]
        except OSError:
            return False
        return [status for status, _body in asked] == [200, 200]

    def database(self):
        """As somebody would open it from outside."""
        url = self.env["DATABASE_URL"]
        if url.startswith("postgres"):
            return contextlib.closing(psycopg.connect(url, autocommit=True))
        path = url.removeprefix("sqlite:///")
        return contextlib.closing(sqlite3.connect(path, timeout=60, isolation_level=None))

    def rows(self, sql: str) -> list[tuple]:
        with self.database() as database:
            return database.execute(sql).fetchall()

    def rows_put_aside(self, sql: str) -> list[tuple]:
        """Of the databases that restores have put aside, on SQLite: what came after a backup stands there and is not lost."""
        place = Path(self.env["DATABASE_URL"].removeprefix("sqlite:///"))
        found = []
        for file in place.parent.glob(f"{place.name}.before-restore-*Z"):  # and not their logs
            with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
                found += database.execute(sql).fetchall()
        return found

    def change(self, sql: str) -> None:
        with self.database() as database:
            database.execute(sql)


@contextlib.contextmanager
def house(
    folder: Path,
    *,
    root: Path = ROOT,
    workers: int = 2,
    database: str = "",
    cache: str = "",
    mail: str = "",
    **env: str,
) -> Iterator[House]:
    """The demo's content, a server with so many processes and a worker; what they print is in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    port, front = free_port(), free_port() if NGINX else 0
    given = {"WORKERS": str(workers), "DATABASE_URL": database, "CACHE_URL": cache, "EMAIL_URL": mail}
    fixed = {"TRUSTED_PROXIES": "1", "SITE_URL": f"http://127.0.0.1:{front}"} if front else {}
    named = {name: value for name, value in given.items() if value}
    found = House(root, folder, os.environ | production(str(folder), port) | fixed | named | env, port, front or port)
    found.manage("migrate", "-v0")
    found.manage("load_demo", "-v0")
    with ExitStack() as stack:
        python = [sys.executable, "manage.py"]
        found.web = Kept([*python, "serve"], found.env, root, folder / "web.txt")
        found.worker = Kept([*python, "worker"], found.env, root, folder / "worker.txt")
        for each in (found.web, found.worker):
            each.start()
            stack.callback(each.stop)
        if front:
            # As it is deployed: in memory.
            kept = tempfile.mkdtemp(prefix="drill-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
            stack.callback(shutil.rmtree, kept, ignore_errors=True)
            stack.enter_context(proxy(found.env, folder, "--cache", f"{kept}/pages", root=root))
        until(found.is_well, f"the site did not start: {(folder / 'web.txt').read_text()}", patience=120)
        yield found
