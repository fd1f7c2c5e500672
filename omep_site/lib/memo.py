from collections.abc import Callable, Hashable

from django.conf import settings


class Memo:
    """What follows from values alone, kept by them in this process: at most `most` of it, the oldest go first. Not while
    somebody works on the templates (DEBUG)."""

    def __init__(self, most: int):
        self.most = most
        self.found: dict[Hashable, str] = {}

    def get(self, values: Hashable, make: Callable[[], str]) -> str:
        found = self.found.get(values)
        if found is None:
            found = make()
            if not settings.DEBUG:
                while len(self.found) >= self.most:
                    self.found.pop(next(iter(self.found)), None)
                self.found[values] = found
        return found
