"""Who ended without being told to is found out by whoever starts next."""

import multiprocessing
import os
import signal
import time

import pytest

from omep_site import watching
from omep_site.lib import incidents
from omep_site.models import Kind

# The child of a fork does nothing but what is tested, and takes no lock that another thread may have held.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


def live(folder, is_alive, is_told) -> None:
    watching._alive.clear()
    watching.mark_alive("web", folder)
    is_alive.set()
    is_told.wait()
    watching.mark_ended()


class Child:
    """A process that marks itself as alive."""

    def __init__(self, folder):
        forked = multiprocessing.get_context("fork")
        self.is_alive, self.is_told = forked.Event(), forked.Event()
        self.process = forked.Process(target=live, args=(folder, self.is_alive, self.is_told))
        self.process.start()
        assert self.is_alive.wait(60)

    def tell_to_end(self) -> None:
        self.is_told.set()
        self.process.join(60)

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.join(60)


@pytest.fixture(autouse=True)
def _nobody_else(monkeypatch):
    monkeypatch.setattr(watching, "_alive", [])
    yield
    watching.mark_ended()


@pytest.fixture
def start(tmp_path):
    started = []

    def start_one() -> Child:
        started.append(Child(tmp_path))
        return started[-1]

    yield start_one
    for child in started:
        child.process.kill()
        child.process.join()


def died(folder) -> list[str]:
    """What a process that starts now finds."""
    watching.mark_alive("web", folder)
    watching.mark_ended()
    return incidents.noted()


def test_a_process_that_was_killed_is_found_once_and_one_that_lives_or_was_told_to_end_is_not(start, tmp_path):
    living, told, killed = start(), start(), start()
    told.tell_to_end()
    for file in tmp_path.glob("*-told"):  # long before the other was killed
        os.utime(file, (time.time() - 300,) * 2)
    killed.kill()
    assert died(tmp_path) == [Kind.PROCESS_DIED]
    incidents.forget()
    assert died(tmp_path) == []
    assert living.process.is_alive()


def test_one_that_a_server_killed_while_it_told_all_to_end_was_told_too(start, tmp_path):
    told, slow = start(), start()
    told.tell_to_end()
    slow.kill()
    assert died(tmp_path) == []


def test_processes_of_another_kind_and_on_another_database_are_left_alone(start, tmp_path, settings, monkeypatch):
    killed = start()
    killed.kill()
    watching.mark_alive("worker", tmp_path)
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "another")
    assert died(tmp_path) == []


def test_a_folder_that_cannot_be_written_keeps_no_process_from_starting(tmp_path):
    (tmp_path / "processes").write_text("a file")
    watching.mark_alive("web", tmp_path / "processes")
    watching.still_alive()
    assert incidents.noted() == []
