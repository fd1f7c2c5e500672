"""What a site stands on, as servers of its own that may be stopped, killed and started again."""

import contextlib
import os
import shutil
import socketserver
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from glob import glob
from pathlib import Path

from bench.serving import free_port

PATIENCE = 60  # seconds
FAKETIME = next(iter(glob("/usr/lib/*/faketime/libfaketimeMT.so.1")), None)  # Debian's package faketime


def until(condition, what: str, patience: float = PATIENCE):
    """What the condition gives as soon as it is something; raises TimeoutError after `patience` seconds."""
    deadline = time.monotonic() + patience
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: it did not come to it within {patience} s")
        time.sleep(0.02)
    return found


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def postgres_programme(name: str) -> str | None:
    """Debian keeps them where only its own commands look."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@dataclass
class Postgres:
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"postgres://omep@127.0.0.1:{self.port}/postgres"

    def call(self, name: str, *words: str) -> None:
        # It does not run as root.
        before = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*before, postgres_programme(name), *words], check=True, capture_output=True, cwd="/")

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.call("initdb", "-D", str(self.folder), "-U", "omep", "-A", "trust", "-E", "UTF8", "--no-sync")

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.call("pg_ctl", "-D", str(self.folder), "-w", "-l", str(self.folder / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        self.call("pg_ctl", "-D", str(self.folder), "-w", "-m", mode, "stop")


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    # In a folder that everybody may go through.
    server = Postgres(Path(tempfile.mkdtemp(prefix="drill-", dir="/tmp")))
    try:
        server.make()
        server.start()
        yield server
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):  # it is stopped already
            server.stop("immediate")
        shutil.rmtree(server.folder)


# --- Redis ----------------------------------------------------------------------------------------------------------


@dataclass
class Redis:
    port: int = field(default_factory=free_port)
    process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def redis() -> Iterator[Redis]:
    server = Redis()
    server.start()
    try:
        yield server
    finally:
        server.kill()


# --- Mail -----------------------------------------------------------------------------------------------------------


class Mail(socketserver.ThreadingTCPServer):
    """A mail server (RFC 5321) that takes what comes, or is in a mood: `refuses`, `hangs` or `dies` in the middle of a mail."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", free_port()), Conversation)
        self.mood = "takes"
        self.taken: list[str] = []  # to whom, in the order of coming
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Conversation(socketserver.StreamRequestHandler):
    server: Mail

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self):
        with contextlib.suppress(OSError):
            self.talk()

    def talk(self):
        if self.server.mood == "refuses":
            return self.say("421 4.3.2 not now")
        if self.server.mood == "hangs":
            while self.server.mood == "hangs":
                time.sleep(0.05)
            return
        self.say("220 drill")
        readers = []
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            while self.server.mood == "hangs":
                time.sleep(0.05)
            if self.server.mood == "refuses":
                return self.say("421 4.3.2 not now")
            if verb == "RCPT":
                readers.append(line[line.index("<") + 1 : line.index(">")])
            if verb == "DATA":
                self.say("354 go on")
                if not self.take():
                    return
                self.server.taken += readers
                readers = []
            self.say("221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def take(self) -> bool:
        for line in self.rfile:
            if self.server.mood == "dies":
                return False
            if line == b".\r\n":
                return True
        return False


@contextlib.contextmanager
def mail() -> Iterator[Mail]:
    server = Mail()
    try:
        yield server
    finally:
        server.mood = "takes"
        server.shutdown()
        server.server_close()


# --- A small disk ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int = 32) -> Iterator[None]:
    """A file system of its own (tmpfs(5)), which only root may make."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


# --- The clock ------------------------------------------------------------------------------------------------------


def set_clock(file: Path, hours: int) -> None:
    """So many hours ahead, for the processes that faketime tells so by this file; in one step, because they look all the time."""
    made = file.with_suffix(".new")
    made.write_text(f"{hours:+}h\n")
    made.replace(file)
