import pytest
from django.db import connection

from newsletter import marks
from newsletter.sending import Sender
from tests.newsletter.smtp import real_server, scripted_server


@pytest.fixture
def _to_port(settings, monkeypatch):
    def use(port: int) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5

    # A test stands in one transaction, in which SQLite does not change how it waits for the disk.
    monkeypatch.setattr(marks, "quickly", connection.cursor)
    return use


@pytest.fixture
def mail_server(_to_port):
    """A mail server that takes everything; what it took is in `taken`."""
    with real_server() as (port, keeper):
        _to_port(port)
        yield keeper


@pytest.fixture
def odd_server(_to_port):
    """A mail server that does what its `script` says."""
    with scripted_server() as server:
        _to_port(server.port)
        yield server


@pytest.fixture
def send_all(db):
    """Works as a worker does until nothing is left to try; returns how many letters were tried."""
    senders = []

    def work(sender: Sender | None = None) -> int:
        sender = sender or Sender()
        senders.append(sender)
        tried = 0
        while now := sender.work():
            tried += now
        return tried

    yield work
    for sender in senders:
        sender.close()
