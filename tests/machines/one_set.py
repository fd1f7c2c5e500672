"""Where several processes run the tests, one of them runs all that need the machines, so that these start once."""

from xdist.scheduler import LoadScopeScheduling

FOLDER = "tests/machines/"


class OneSetOfMachines(LoadScopeScheduling):
    """Of all others, each test goes to whichever process is free."""

    def _split_scope(self, nodeid):
        return FOLDER if nodeid.startswith(FOLDER) else nodeid
