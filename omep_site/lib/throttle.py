"""Limits: how often something may happen in a while.

A limit is counted in one statement of the database, so it holds across processes and machines. What is counted is a
keyed hash, and the key is random, for one day, and deleted: nobody can be found again from it.
"""

import hashlib
import hmac
import math
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import F

from omep_site.models import Counter, DailyKey


@dataclass(frozen=True)
class Limit:
    name: str
    times: int
    seconds: int

    def hit(self, who: str) -> int:
        """Counts one more for `who`. Returns 0 where that is allowed, else the seconds until it will be."""
        return wait_for([self], who)

    def wait(self, who: str) -> int:
        """Without counting: 0 where one more is allowed, else the seconds until it will be."""
        key, _ends, left = self._window(who)
        return left if Counter.objects.filter(key=key, count__gte=self.times).exists() else 0

    def forget(self, who: str) -> None:
        """As if nothing had happened yet."""
        Counter.objects.filter(key=self._window(who)[0]).delete()

    def _window(self, who: str) -> tuple[str, int, int]:
        """The key of the counter for now, when it ends (seconds since 1970), and in how many seconds that is."""
        now = time.time()
        window = int(now // self.seconds)
        ends = (window + 1) * self.seconds
        secret = f"{self.name}|{window}|{who}".encode()
        key = hmac.new(DailyKey.today(), secret, hashlib.sha256).hexdigest()
        return key, ends, math.ceil(ends - now)


@dataclass(frozen=True)
class Taken:
    """What `take` answers. `wait` is 0 where it was allowed, else the seconds until it will be."""

    wait: int
    keys: tuple[str, ...] = ()

    def give_back(self) -> None:
        """As if it had not been counted."""
        with transaction.atomic():
            for key in self.keys:  # in the order of `take`, so that no two wait for each other for ever
                Counter.objects.filter(key=key, count__gt=0).update(count=F("count") - 1)


def take(counts: list[tuple[Limit, str]]) -> Taken:
    """Counts one more in each of these limits, or in none where one of them does not allow it.

    For what is counted only when it fails: taken before it is tried and given back when it succeeds, so that of many who
    try at once no more get through than are allowed. Callers name the same kinds of limits in the same order.
    """
    windows = [(limit, *limit._window(who)) for limit, who in counts]
    keys = tuple(key for _limit, key, _ends, _left in windows)
    known = dict(Counter.objects.filter(key__in=keys).values_list("key", "count"))
    waits = [left for limit, key, _ends, left in windows if known.get(key, 0) >= limit.times]
    if not waits:  # looked at before, because a flood of what is refused shall not write
        with transaction.atomic():
            now = Counter.add_to_each({key: datetime.fromtimestamp(ends, UTC) for _, key, ends, _ in windows})
            waits = [left for limit, key, _ends, left in windows if now[key] > limit.times]
            transaction.set_rollback(bool(waits))
    return Taken(max(waits)) if waits else Taken(0, keys)


def trace_of(who: str, about: str) -> str:
    """The same text for the same `who` and matter on one day (UTC), another one tomorrow: tells whether somebody has
    done something today already, and nothing else. 64 hexadecimal digits, under the day's key."""
    return hmac.new(DailyKey.today(), f"trace|{about}|{who}".encode(), hashlib.sha256).hexdigest()


def wait_for(limits: list[Limit], who: str) -> int:
    """Counts `who` in each limit; the longest wait in seconds, 0 where all allow it."""
    return tally(limits, who, {})[0]


def tally(limits: list[Limit], who: str, others: dict[str, datetime]) -> tuple[int, dict[str, int]]:
    """As `wait_for`, and in the same statement counts one more for each key of `others`, which is good until its moment:
    the wait, and the counts of these."""
    windows = [(limit, *limit._window(who)) for limit in limits]
    counts = Counter.add_to_each({key: datetime.fromtimestamp(ends, UTC) for _, key, ends, _ in windows} | others)
    waits = [left for limit, key, _ends, left in windows if counts[key] > limit.times]
    return max(waits, default=0), {key: counts[key] for key in others}
