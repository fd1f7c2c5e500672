"""One fault, from the visitors who come before it to those who are there when all is well again."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from drill import servers
from drill.faults import Fault
from drill.house import House, house
from drill.visitors import Visitors, visitors

BEFORE = AFTER = 1  # seconds of visitors


@dataclass(frozen=True)
class Row:
    """What is written down of one fault."""

    fault: Fault
    seen: str
    also: str  # what the fault itself saw
    lost: list[str]
    twice: list[str]
    well_after: float  # seconds from the end of the fault
    served_after: int  # forms that were taken from then on
    visitors: Visitors | None  # None: it did not end

    @property
    def faults_seen(self) -> set[int]:
        """What visitors were told that nobody should be; 0 for those who got no answer at all."""
        return {each.status for each in self.visitors.told} - {200, 303, 503} - ({0} if self.fault.silence else set())


def run(fault: Fault, at: House) -> Row:
    with visitors(at) as came:
        time.sleep(BEFORE)
        also = fault.do(at, came)
        ended = time.monotonic()
        servers.until(at.is_well, f"well after {fault.name}")
        well = time.monotonic() - ended
        time.sleep(AFTER)
    taken = sum(each.status == 303 and each.at > ended + well for each in came.told)
    return Row(fault, came.summary(), also, came.lost(), came.twice(), well, taken, came)


@contextmanager
def furnished(folder: Path, needs: str, **options) -> Iterator[House]:
    """A house that has what a fault needs; on PostgreSQL and Redis where it needs one of them."""
    with ExitStack() as stack:
        enter = stack.enter_context
        mail = enter(servers.mail())
        postgres = enter(servers.postgres()) if needs in ("postgres", "redis") else None
        redis = enter(servers.redis()) if postgres else None
        options |= {"database": postgres.url, "cache": redis.url} if postgres else {}
        where = folder / "house"
        if needs == "clock":
            options |= {"LD_PRELOAD": servers.FAKETIME, "FAKETIME_TIMESTAMP_FILE": str(folder / "clock")}
            options |= {"FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}
            servers.set_clock(folder / "clock", hours=1)
        if needs == "small disk":
            where = folder / "small"
            enter(servers.small_disk(where))
        found = enter(house(where, mail=mail.url, **options))
        found.mail, found.postgres, found.redis, found.clock = mail, postgres, redis, folder / "clock"
        yield found
