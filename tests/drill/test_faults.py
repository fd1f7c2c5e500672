"""What can happen to the house at night, with real processes and visitors who are there all the time.

Nothing that was accepted is lost, nobody's words are lost, and nobody sees a fault. `make drill` does the same at greater
length and writes docs/drill.md.
"""

from contextlib import ExitStack

import pytest

from drill.__main__ import kind_of_house, why_not
from drill.faults import FAULTS
from drill.run import furnished, run


@pytest.fixture(scope="module")
def houses(copy, tmp_path_factory):
    """A house that has what a fault needs; it serves all faults that need the same."""
    with ExitStack() as stack:
        made = {}

        def house(key: str):
            if key not in made:
                where = tmp_path_factory.mktemp("drill")
                made[key] = stack.enter_context(furnished(where, key, root=copy))
            return made[key]

        yield house


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if not fault.takes_long], ids=lambda fault: fault.name)
def test_nothing_that_was_accepted_is_lost_and_nobody_sees_a_fault(houses, fault):
    if why := why_not(fault):
        pytest.skip(why)
    row = run(fault, houses(kind_of_house(fault)))
    assert (row.lost, row.twice, row.faults_seen) == ([], [], set())
    assert row.served_after > 0
