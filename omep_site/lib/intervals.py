"""The time between two looks at something, as one process counts it; a clock that is set does not change it."""

import time


class Interval:
    """Over until it is begun for the first time."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self.began = float("-inf")

    def begin(self) -> None:
        self.began = time.monotonic()

    def end(self) -> None:
        """Over from now on, however long it has lasted."""
        self.began = float("-inf")

    def lasted(self) -> float:
        return time.monotonic() - self.began

    def is_over(self) -> bool:
        return self.lasted() >= self.seconds
