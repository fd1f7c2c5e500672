"""What a process has noted in memory is stored: in the worker after each round, in a web process by a thread of its own, so
that no visitor waits for it. And who ended without being told to is found out by whoever starts next."""

import atexit
import fcntl
import hashlib
import logging
import os
import threading
import time
from contextlib import suppress
from multiprocessing.util import Finalize
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import Error, connection

from omep_site import fault_mails
from omep_site.lib import incidents, logs, tallies
from omep_site.models import Kind

logger = logging.getLogger(__name__)

EVERY = 10  # seconds


def store() -> None:
    """Where the database is away, it all waits in memory for the next time."""
    try:
        incidents.store()
        tallies.store()
        fault_mails.send_kept()
    except Error as error:
        incidents.note_error(error)
    except Exception:
        logger.exception("what was noted could not be stored")


def start(role: str) -> None:
    """In a web process: for as long as it lives."""
    logs.take_over()
    look_for_the_dead(role)
    for at_its_end in (atexit.register, lambda ended: Finalize(None, ended, exitpriority=1)):
        at_its_end(_end)  # the second where it is a child of the server’s, to which the first does not apply
    threading.Thread(target=_keep_storing, args=[role], name="watching", daemon=True).start()


def _end() -> None:
    store()
    mark_ended()


def _keep_storing(role: str) -> None:
    pause = threading.Event()
    while not pause.wait(EVERY):
        if not _alive:  # not before: a server that is told to end while it starts kills its processes
            mark_alive(role)
        still_alive()
        store()
        connection.close()  # a connection that rests is one less for visitors


# --- Who ended unasked ----------------------------------------------------------------------------------------------

# Seconds. A server that is told to end ends its processes too, and kills one that does not end: that one was told, as its
# sisters were at about the same time.
TOLD_TOGETHER = 60
MARKS_KEPT = 24 * 3600  # seconds

_alive: list[tuple[Path, IO]] = []


def look_for_the_dead(role: str, folder: Path | None = None) -> None:
    """A file that `mark_alive` left and that nobody holds is of a process that was killed, or fell with the machine: that is
    noted."""
    folder = folder or settings.VAR / "processes"
    with suppress(OSError):
        for path in sorted(folder.glob(f"{_site()}-{role}-*")):
            if path.name.endswith("-told"):
                if time.time() - path.stat().st_mtime > MARKS_KEPT:
                    path.unlink(missing_ok=True)
            elif _was_left(path):
                incidents.note(Kind.PROCESS_DIED)
                logger.error("a process had ended without being told to: %s", role)


def mark_alive(role: str, folder: Path | None = None) -> None:
    """Leaves a file that is locked for as long as this process lives, after a look for those of others."""
    look_for_the_dead(role, folder)
    folder = folder or settings.VAR / "processes"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{_site()}-{role}-{os.getppid()}-{os.getpid()}"
        unseen = path.with_name(f".{path.name}")
        file = unseen.open("w")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unseen.replace(path)
        _alive.append((path, file))
    except OSError as error:
        incidents.note_error(error)


def still_alive() -> None:
    """Now and then, so that it is known until when."""
    with suppress(OSError):
        for path, _file in _alive:
            os.utime(path)


def mark_ended() -> None:
    """It was told to end."""
    with suppress(OSError):
        while _alive:
            path, file = _alive.pop()
            _mark_of(path).touch()
            path.unlink(missing_ok=True)
            file.close()


def _mark_of(path: Path) -> Path:
    """Says that a child of the same process was told to end."""
    return path.with_name(f"{path.name.rpartition('-')[0]}-told")


def _was_left(path: Path) -> bool:
    """Takes the file away where nobody holds it; of several that look, one finds it. False where it was told to end."""
    try:
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lived_until = path.stat().st_mtime
            path.unlink()
    except OSError:
        return False
    mark = _mark_of(path)
    return not (mark.exists() and mark.stat().st_mtime > lived_until - TOLD_TOGETHER)


def _site() -> str:
    """Several sites may run from one folder, each on its own database."""
    database = settings.DATABASES["default"]
    which = "|".join(str(database.get(part, "")) for part in ("ENGINE", "HOST", "PORT", "NAME"))
    return hashlib.blake2b(which.encode(), digest_size=4).hexdigest()
