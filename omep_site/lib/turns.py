"""Who makes a page when the kept one has ended: one does, and the others answer with the old copy meanwhile.

Among the threads of a process it is the first that asks. Among processes it is a lock: on one machine on a byte of a
file, which ends with its process; with Redis an entry there, which ends by itself, and there the page that was made is
left for the other machines too, so that an editor's click costs one rendering however many they are.

Nothing here is needed for a page to be right. Where a file cannot be locked or Redis does not answer, each process makes
its own pages.
"""

import fcntl
import hashlib
import logging
import os
import threading
import time
from contextlib import contextmanager
from functools import cache

from django.conf import settings
from django.core.cache import caches

from omep_site.lib import incidents
from omep_site.lib.release import release

logger = logging.getLogger(__name__)

PATIENCE = 5  # seconds that a thread waits for another one's page before it makes its own
AWAY = 5  # seconds for which Redis is not asked after it failed


class Threads:
    """Turns among the threads of this process."""

    def __init__(self):
        self.lock = threading.Lock()
        self.making: dict[tuple, threading.Event] = {}

    def take(self, key: tuple) -> bool:
        with self.lock:
            if key in self.making:
                return False
            self.making[key] = threading.Event()
            return True

    def give_back(self, key: tuple) -> None:
        with self.lock:
            self.making.pop(key).set()

    def wait(self, key: tuple) -> None:
        """Until whoever has the turn gives it back."""
        with self.lock:
            made = self.making.get(key)
        if made:
            made.wait(PATIENCE)


class OneMachine:
    """Turns among the processes of one machine: POSIX locks on single bytes of a file (fcntl(2)). Each makes its own
    pages, one after the other."""

    def __init__(self, path):
        try:
            self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            self.file = None

    def find(self, version, key: tuple):
        return None

    def take(self, version, key: tuple) -> bool:
        return self._lock(key, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def give_back(self, version, key: tuple, page) -> None:
        self._lock(key, fcntl.LOCK_UN)

    def _lock(self, key: tuple, what: int) -> bool:
        if self.file is None:
            return True
        place = int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=4).digest())
        try:
            fcntl.lockf(self.file, what, 1, place)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            pass
        return True


class ManyMachines:
    """Turns, and pages, among all processes that share a Redis."""

    TURN = 10  # seconds after which a turn ends that was not given back
    LIFE = 600  # seconds

    def __init__(self, cache):
        self.cache = cache
        self.asks_again = float("-inf")

    def find(self, version, key: tuple):
        page = self._ask("get", self._name("page", version, key))
        return page if page and page.expires > time.time() else None

    def take(self, version, key: tuple) -> bool:
        return self._ask("add", self._name("turn", version, key), 1, self.TURN) is not False

    def give_back(self, version, key: tuple, page) -> None:
        if page:
            self._ask("set", self._name("page", version, key), page, self.LIFE)
        self._ask("delete", self._name("turn", version, key))

    def _name(self, what: str, version, key: tuple) -> str:
        digest = hashlib.blake2b(repr((release(), version, key)).encode(), digest_size=16).hexdigest()
        return f"{what}:{digest}"

    def _ask(self, verb: str, *args):
        """None where Redis does not answer."""
        if time.monotonic() < self.asks_again:
            return None
        try:
            return getattr(self.cache, verb)(*args)
        except Exception as error:  # whatever its client raises: pages go on without it
            self.asks_again = time.monotonic() + AWAY
            incidents.note("cache away")
            logger.warning("the shared cache did not answer, pages are made without it: %s", type(error).__name__)
            return None


@cache
def neighbours() -> OneMachine | ManyMachines:
    if settings.CACHES["default"]["BACKEND"].endswith(".RedisCache"):
        return ManyMachines(caches["default"])
    settings.VAR.mkdir(parents=True, exist_ok=True)
    return OneMachine(settings.VAR / "pages.lock")


threads = Threads()


@contextmanager
def turn_at(key: tuple):
    """Whether the caller has the turn among this process's threads; it is given back at the end."""
    has = threads.take(key)
    try:
        yield has
    finally:
        if has:
            threads.give_back(key)
