import sqlite3
from datetime import UTC, datetime, timedelta
from multiprocessing.pool import ThreadPool

import pytest
from django.db import connection, connections

from omep_site.lib import public, throttle


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
    monkeypatch.setattr(throttle, "time", clock)
    return clock


@pytest.fixture
def at_once(transactional_db, monkeypatch, tmp_path):
    """`at_once(function, times)` calls it in that many threads, each with its own connection, and returns the answers.

    The tests' SQLite database is in memory, where connections refuse to wait for each other; the site's is a file.
    So the threads work on a copy of it in a file.
    """

    def call(function):
        try:
            return function()
        finally:
            connections.close_all()

    def run(function, times):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            file = tmp_path / "db.sqlite3"
            copy = sqlite3.connect(file)
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as `make migrate` leaves it: the change itself cannot wait
            copy.close()
            options = connection.settings_dict["OPTIONS"] | {"timeout": 60}  # so that a slow disk fails no test
            changed = {"NAME": str(file), "OPTIONS": options}
            monkeypatch.setitem(connections.settings, "default", connection.settings_dict | changed)
        with ThreadPool(times) as pool:
            return pool.map(call, [function] * times, chunksize=1)

    return run
