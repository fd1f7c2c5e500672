from datetime import UTC, datetime, timedelta

import pytest

from omep_site.lib import kept, public, throttle


class Clock:
    """The time that the site sees. It stands still until a test moves it."""

    def __init__(self):
        self.moment = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)

    def forward(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def now(self) -> datetime:
        return self.moment

    def time(self) -> float:
        return self.moment.timestamp()

    monotonic = time


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", clock.now)
    monkeypatch.setattr(public, "time", clock)
    monkeypatch.setattr(kept, "time", clock)
    monkeypatch.setattr(throttle, "time", clock)
    return clock
