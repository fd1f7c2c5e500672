"""The flag that says that a process has been told to end."""

import subprocess
import sys
import threading
import time

from omep_site.lib.stopping import Flag

# A signal every millisecond for a second, while the same thread waits: `threading.Event` never comes out of that.
TOLD_AGAIN_AND_AGAIN = """
import signal, time
from omep_site.lib.stopping import Flag

flags = [Flag()]
signal.signal(signal.SIGALRM, lambda *_signal: flags[-1].set())
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
ends = time.monotonic() + 1
while time.monotonic() < ends:
    flags.append(Flag())
    flags[-1].wait(0.0005)
    flags[:-1] = []
signal.setitimer(signal.ITIMER_REAL, 0)
print("ended")
"""


def test_it_may_be_set_by_a_signal_that_comes_at_any_moment_and_again_and_again():
    command = [sys.executable, "-c", TOLD_AGAIN_AND_AGAIN]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "ended\n", "")


def test_whoever_waits_hears_of_it_at_once_and_whoever_comes_later_does_not_wait():
    flag, waited = Flag(), []

    def wait():
        began = time.monotonic()
        waited.append((flag.wait(60), time.monotonic() - began < 30))

    threads = [threading.Thread(target=wait) for _number in range(3)]
    for each in threads:
        each.start()
    assert (flag.is_set(), flag.wait(0.01)) == (False, False)
    flag.set()
    for each in threads:
        each.join()
    wait()
    assert (flag.is_set(), waited) == (True, [(True, True)] * 4)


def test_it_may_be_set_more_often_than_a_pipe_holds():
    flag = Flag()
    for _time in range(100_000):
        flag.set()
    assert flag.wait(0)
