"""A mail server that can be slow to say that it has taken a letter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.newsletter.smtp import Keeper


@dataclass
class Post(Keeper):
    holds: Callable[[], bool] = bool  # while it says so, nobody is answered; bool() is False
    waiting: set = field(default_factory=set)  # the connections that wait for an answer
    seen: set = field(default_factory=set)  # the connections that brought one

    async def handle_DATA(self, server, session, envelope):
        answer = await super().handle_DATA(
            server, session, envelope
        )  # kept first: whoever is killed now never hears of it
        self.seen.add(session.peer)
        self.waiting.add(session.peer)
        while self.holds():
            await asyncio.sleep(0.01)
        self.waiting.discard(session.peer)
        return answer

    def readers(self) -> list[str]:
        """Whom each letter was for that was taken, in alphabetical order."""
        return sorted(reader for letter in self.taken for reader in letter.readers)

    def begin_anew(self) -> None:
        """As if nobody had brought anything yet; a connection that stays open is met again."""
        self.taken.clear()
        self.seen.clear()
