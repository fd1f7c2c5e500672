"""That a process has been told to end, as its signal handlers may say it."""

import os
import select
from contextlib import suppress


class Flag:
    """Like `threading.Event`, whose lock must not be asked for in a signal handler: the thread that the signal interrupts may
    hold it, and would wait for itself for ever. So it does when it is told twice at once, as by systemd and by `make`. A pipe
    that has something in it needs no lock.
    """

    def __init__(self):
        self._is_set = False
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._writing, False)

    def set(self) -> None:
        self._is_set = True
        with suppress(BlockingIOError):  # told so often that the pipe is full
            os.write(self._writing, b".")

    def is_set(self) -> bool:
        return self._is_set

    def wait(self, seconds: float) -> bool:
        """Until it is set, or so long; whether it is."""
        select.select([self._reading], [], [], seconds)
        return self._is_set

    def __del__(self):
        os.close(self._reading)
        os.close(self._writing)
