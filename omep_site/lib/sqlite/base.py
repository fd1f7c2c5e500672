"""Django's SQLite, whose writers stand in line.

SQLite has one writer at a time. Who finds another at work sleeps and asks again, up to a tenth of a second later, while
newcomers go first: with eight people writing at once one in a hundred waited for a second (bench/posting.py). So each
transaction first takes a lock of the operating system, on a file beside the database, which wakes the next one as soon as
it is free. It is never the database's own file: closing that would take away the locks that SQLite has on it.

Where another programme holds the database for long, a backup of somebody's own for instance, whoever stands in front waits
for as long as SQLite is told to (omep_site/backing_services.py), and those behind do not each begin to wait for as long anew.

Nothing is promised by it. Who does not stand in line, a single statement or another programme, waits as SQLite does; and
so do all where there can be no such file.
"""

import contextlib
import fcntl
import os
import sqlite3
import time
from functools import lru_cache

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from omep_site.lib.sqlite import reserve

STILL_LOCKED = 1  # second after which that somebody waited in vain says nothing any more
IN_VAIN = 200  # milliseconds for which the next one waits

_in_vain_at = float("-inf")  # monotonic seconds: when somebody in this process waited in vain


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query, *, param_names=None):
        return in_sqlites_style(query) if param_names is None else super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=256)
def in_sqlites_style(query: str) -> str:
    """Marks for values as SQLite has them. Django looks for them in each query each time, which takes a long one longer
    than being asked; the values are not in it."""
    return base.SQLiteCursorWrapper.convert_query(None, query)


class DatabaseWrapper(base.DatabaseWrapper):
    _line: int | None = None  # the open file; each connection has its own, so that threads stand in line too
    _in_front = False

    def get_new_connection(self, conn_params):
        if self._line is None and not self.is_in_memory_db():
            with contextlib.suppress(OSError):
                self._line = os.open(
                    f"{self.settings_dict['NAME']}-writers", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666
                )
        try:
            return super().get_new_connection(conn_params)
        except sqlite3.OperationalError as error:
            if not reserve.give_up(self.settings_dict["NAME"], error):
                raise
        return super().get_new_connection(conn_params)

    def create_cursor(self, name=None):
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self):
        if self._line is not None:
            fcntl.flock(self._line, fcntl.LOCK_EX)
            self._in_front = True
        try:
            self._begin()
        except BaseException:
            self._leave()
            raise

    def _begin(self):
        global _in_vain_at
        hurries = time.monotonic() < _in_vain_at + STILL_LOCKED
        try:
            if hurries:
                self.connection.execute(f"PRAGMA busy_timeout = {IN_VAIN}")
            super()._start_transaction_under_autocommit()
        except OperationalError as error:
            if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                _in_vain_at = time.monotonic()
            raise
        finally:
            if hurries:
                self.connection.execute(
                    f"PRAGMA busy_timeout = {round(1000 * self.settings_dict['OPTIONS']['timeout'])}"
                )

    def _commit(self):
        super()._commit()
        self._leave()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._leave()

    def _close(self):
        try:
            super()._close()
        finally:
            self._leave()
            if self._line is not None:
                os.close(self._line)
                self._line = None

    def _leave(self):
        if self._in_front:
            fcntl.flock(self._line, fcntl.LOCK_UN)
            self._in_front = False
