"""Which tests stay together where several processes run them."""

from xdist.scheduler import LoadScopeScheduling

FOLDERS = (
    "tests/browser/",  # one Chromium gives two cores enough to do
    "tests/drill/",  # a house serves several faults, and one after the other they wait more than they work
    "tests/machines/",  # which start once
)
FILES = "tests/deploy/"  # each file has proxies of its own, which start once


class Together(LoadScopeScheduling):
    """Of all others, each test goes to whichever process is free."""

    def _split_scope(self, nodeid):
        if nodeid.startswith(FILES):
            return nodeid.partition("::")[0]
        return next((folder for folder in FOLDERS if nodeid.startswith(folder)), nodeid)
