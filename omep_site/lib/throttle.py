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

from omep_site.models import Counter, DailyKey


@dataclass(frozen=True)
class Limit:
    name: str
    times: int
    seconds: int

    def hit(self, who: str) -> int:
        """Counts one more for `who`. Returns 0 where that is allowed, else the seconds until it will be."""
        now = time.time()
        window = int(now // self.seconds)
        ends = (window + 1) * self.seconds
        secret = f"{self.name}|{window}|{who}".encode()
        key = hmac.new(DailyKey.today(), secret, hashlib.sha256).hexdigest()
        if Counter.add(key, datetime.fromtimestamp(ends, UTC)) <= self.times:
            return 0
        return math.ceil(ends - now)


def wait_for(limits: list[Limit], who: str) -> int:
    """Counts `who` in each limit; the longest wait in seconds, 0 where all allow it."""
    return max(limit.hit(who) for limit in limits)
