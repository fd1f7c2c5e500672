"""What systemd is told: that a process answers, and not before it does."""

import os
import socket
import subprocess
import sys

import pytest

from omep_site import notify
from tests.processes import get


@pytest.fixture
def systemd(tmp_path):
    """The socket on which it listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(str(tmp_path / "notify"))
        found.settimeout(60)
        yield found


def test_it_is_told_where_it_asked(systemd, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", systemd.getsockname())
    notify.tell("READY=1")
    assert systemd.recv(100) == b"READY=1"


def test_it_is_told_by_a_name_that_is_no_file_too(monkeypatch):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as found:
        found.bind(f"\0omep-{os.getpid()}")
        monkeypatch.setenv("NOTIFY_SOCKET", f"@omep-{os.getpid()}")
        notify.tell("WATCHDOG=1")
        assert found.recv(100) == b"WATCHDOG=1"


@pytest.mark.parametrize("address", ["", "/nowhere/at/all"])
def test_where_nobody_asks_or_nobody_is_there_nothing_happens(monkeypatch, address):
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    assert notify.tell("READY=1") is None


@pytest.mark.parametrize(("backlog", "expected"), [("taken.listen()", "True"), ("pass", "False")])
def test_a_process_knows_whether_it_takes_connections(backlog, expected):
    code = (
        "import socket; from omep_site import notify; taken = socket.socket(); taken.bind(('127.0.0.1', 0)); "
        f"{backlog}; print(notify.listens())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


def test_the_site_says_that_it_is_ready_once_it_answers(collected, port, systemd, settings):
    env = {"PORT": str(port), "NOTIFY_SOCKET": systemd.getsockname(), "WORKERS": "1", "ALLOWED_HOSTS": "127.0.0.1"}
    env |= {"SECRET_KEY": "x" * 50, "SITE_URL": f"http://127.0.0.1:{port}"}
    with collected.start("serve", **env):
        assert systemd.recv(100) == b"READY=1"
        assert get(port, "/healthz") == (200, b"ok\n")


def test_the_worker_says_that_it_is_ready_and_then_that_it_is_alive(project, systemd):
    with project.start("worker", NOTIFY_SOCKET=systemd.getsockname()):
        assert [systemd.recv(100) for _each in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]
