"""Visitors who read, comment and subscribe all the time, and remember what they were told."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode

from drill.house import EVENT, House

PAGES = (f"/fr/evenements/{EVENT}/", "/en/events/", "/fr/", "/en/")
# Whose comments and subscriptions are stored.
STORED = ("SELECT email FROM comments_comment", "SELECT email FROM newsletter_subscriber")
# Seconds between two things that somebody reads or sends; `make drill` lets them hurry.
PAUSES = {"read": 0.2, "write": 0.6}
IN_A_HURRY = {"read": 0.01, "write": 0.1}
NUMBERS = count(1)  # no two visitors of one drill are alike


@dataclass(frozen=True)
class Told:
    """What somebody was told; `what` is a page, a search, a comment or a subscription, `key` finds it in the database."""

    what: str
    key: str
    at: float
    seconds: float
    status: int  # 0: nothing
    has_words: bool = False

    @property
    def sends(self) -> bool:
        return self.what in ("comment", "subscription")

    @property
    def is_served(self) -> bool:
        return self.status in (200, 303)


@dataclass
class Visitors:
    house: House
    readers: int = 4
    writers: int = 3
    told: list[Told] = field(default_factory=list)
    is_over: bool = False

    def __post_init__(self):
        _status, page = self.house.ask("GET", PAGES[0])
        self.form = re.search(r'id="comment-form" method="post" action="([^"]+)"', page.decode())[1]

    def come(self) -> list[threading.Thread]:
        works = [self.read] * self.readers + [self.write] * self.writers
        threads = [threading.Thread(target=work, daemon=True) for work in works]
        for thread in threads:
            thread.start()
        return threads

    def read(self) -> None:
        while not self.is_over:
            number = next(NUMBERS)
            what, path = ("page", PAGES[number % 4]) if number % 3 else ("search", f"/en/events/?q=w{number}")
            self.ask(what, "", "GET", path, number)
            time.sleep(PAUSES["read"])

    def write(self) -> None:
        while not self.is_over:
            number = next(NUMBERS)
            key = f"visitor{number}@example.org"
            if number % 2:
                fields = {"name": "Zoë", "email": key, "body": f"Très bien ! Numéro {number}."}
                self.ask("comment", key, "POST", self.form, number, fields)
            else:
                self.ask("subscription", key, "POST", "/fr/lettre/", number, {"email": key, "language": "fr"})
            time.sleep(PAUSES["write"])

    def ask(self, what: str, key: str, method: str, path: str, number: int, fields: dict | None = None) -> None:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if fields else {}
        began = time.monotonic()
        try:
            # Each from a network of their own, as in the world.
            source = f"127.{1 + number % 250}.{1 + number // 250 % 250}.7"
            status, body = self.house.ask(method, path, fields and urlencode(fields), headers, source)
        except OSError:
            status, body = 0, b""
        has_words = bool(fields) and all(value.encode() in body for value in fields.values() if value != "fr")
        self.told.append(Told(what, key, began, time.monotonic() - began, status, has_words))

    # What became of it

    def lost(self) -> list[str]:
        """What was answered with 303 and is not in the database, nor in one that a restore has put aside."""
        found = [row for asked in STORED for row in self.house.rows(asked) + self.house.rows_put_aside(asked)]
        there = {email for (email,) in found}
        return sorted(each.key for each in self.told if each.sends and each.status == 303 and each.key not in there)

    def twice(self) -> list[str]:
        counts = Counter(email for asked in STORED for (email,) in self.house.rows(asked))
        return sorted(key for key, times in counts.items() if times > 1 and key.startswith("visitor"))

    def summary(self) -> str:
        """In words, for the table."""
        read = [each for each in self.told if not each.sends]
        sent = [each for each in self.told if each.sends]
        parts = []
        for some, done in ((read, "pages read"), (sent, "comments and subscriptions taken")):
            counts = Counter(kind_of(each) for each in some)
            others = [f"{number} {kind}" for kind, number in sorted(counts.items()) if kind != "served"]
            parts.append(", ".join([f"{counts['served']} {done}", *others]))
        slowest = max((each.seconds for each in self.told), default=0)
        return f"{'; '.join(parts)}; the slowest answer after {slowest:.1f} s"


def kind_of(told: Told) -> str:
    if told.is_served:
        return "served"
    if told.status == 0:
        return "without an answer"
    if told.sends and told.has_words:
        return f"told {told.status}, their words on the page with a button that sends them again"
    if told.sends:
        return f"told {told.status}, to go back where their words still are"
    return f"told {told.status}, to come again in a minute"


@contextmanager
def visitors(house: House, **options) -> Iterator[Visitors]:
    found = Visitors(house, **options)
    threads = found.come()
    try:
        yield found
    finally:
        found.is_over = True
        for thread in threads:
            thread.join(120)
