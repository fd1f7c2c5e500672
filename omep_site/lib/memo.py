from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings


class Memo:
    """What follows from values alone, kept by them in this process: at most `most` of it, the oldest go first. Not while
    somebody works on the templates (DEBUG), and not None."""

    def __init__(self, most: int):
        self.most = most
        self.found: dict[Hashable, Any] = {}

    def get(self, values: Hashable, make: Callable[[], Any]) -> Any:
        found = self.found.get(values)
        if found is None:
            found = make()
            if self.most and found is not None and not settings.DEBUG:
                while len(self.found) >= self.most:
                    self.found.pop(next(iter(self.found)), None)
                self.found[values] = found
        return found
