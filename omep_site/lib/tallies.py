"""How much of something there was: counted in memory, added to the database by `store` every few seconds.

The database adds up over processes, machines and restarts, so whatever reads it may take differences (`rate()` of
Prometheus). prometheus-client's own way for several processes, a file of each in memory, was tried: counting there takes
0.8 µs, 1.9 with a label, where a kept page takes 2.3 in all, and `Quick` 0.06; its files stay behind when a process
ends, and know one machine. A process that is killed forgets what it counted since it stored last.
"""

import itertools
import threading

_counted: dict[str, float] = {}
_quick: list["Quick"] = []
_lock = threading.Lock()


def count(*name: str, by: float = 1) -> None:
    """Counts one more. The parts of a name are words of the code: nothing that a visitor could choose."""
    key = "|".join(name)
    with _lock:
        _counted[key] = _counted.get(key, 0) + by


# Seconds: in which of these a duration stays.
WITHIN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


def took(name: str, seconds: float) -> None:
    """Counts one that took so long, among those that stay within the same bound of WITHIN."""
    within = next((str(bound) for bound in WITHIN if seconds <= bound), "+Inf")
    count(name, "within", within)
    count(name, "seconds", by=seconds)


class Quick:
    """Where even a lock is too dear: `one_more()` and nothing else is done each time."""

    def __init__(self, *name: str):
        self.key = "|".join(name)
        self.counter = itertools.count()
        self.one_more = self.counter.__next__
        self.taken = 0
        _quick.append(self)

    def take(self) -> int:
        """How many there were since it was last asked."""
        so_far = int(repr(self.counter)[len("count(") : -1])
        new, self.taken = so_far - self.taken, so_far
        return new


def store() -> None:
    """Adds what was counted to the database. Raises django.db.Error where that is away, and then keeps it all."""
    from omep_site.models import Tally

    with _lock:
        taken = dict(_counted)
        _counted.clear()
        for each in _quick:
            if new := each.take():
                taken[each.key] = taken.get(each.key, 0) + new
    try:
        Tally.add(taken)
    except Exception:
        for key, value in taken.items():
            count(key, by=value)
        raise


def forget() -> None:
    """As in a new process."""
    with _lock:
        _counted.clear()
        for each in _quick:
            each.take()
