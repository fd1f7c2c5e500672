"""Stamps: when somebody began to write, on a page that is the same for everybody and may be hours old.

The page holds an empty field. On the first touch of the form its script asks for a stamp and puts it there, so that the
time runs from the person's first touch and not from the making of the page. A page without the script sends none, and
loses nothing by it.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from omep_site.lib import links

PURPOSE = "comments.stamp"
LIVES = timedelta(days=1)
LONGEST = 200  # characters; ours have about 60


@dataclass(frozen=True)
class Stamp:
    """`seconds` since the form was begun, where that is known; else `fault` is a code of comments.reasons."""

    seconds: float | None = None
    fault: str = ""
    token: str = ""

    def counter(self) -> dict[str, datetime]:
        """The key under which its uses are counted, with the end of that; nothing of anybody is kept."""
        if self.seconds is None:
            return {}
        key = hashlib.sha256(f"{PURPOSE}|{self.token}".encode()).hexdigest()
        return {key: datetime.now(UTC) + LIVES}

    def was_used(self, counts: dict[str, int]) -> bool:
        """Whether it was used before, where its use is counted in `counts`: of two at once one is told so."""
        return any(counts[key] > 1 for key in self.counter())


NO_STAMP = Stamp(fault="no_stamp")


def make(event_id: int) -> str:
    """For one event, from now on; no two are the same."""
    return links.sign(PURPOSE, [event_id, round(time.time(), 1), secrets.token_urlsafe(6)])


def read(token: str, event_id: int) -> Stamp:
    if not token:
        return NO_STAMP
    try:
        if len(token) > LONGEST:
            raise links.LinkBroken
        of_event, began, _random = links.unsign(PURPOSE, token, LIVES)
        if of_event != event_id:
            raise links.LinkBroken
    except links.LinkBroken:
        return Stamp(fault="old_stamp")
    return Stamp(seconds=max(0.0, time.time() - began), token=token)
