"""What goes wrong is noted here, from anywhere, also while the database is what is away.

`note` keeps it in memory; `store` writes it down at the next occasion, when the database is there (omep_site/watching.py).
What a process had noted and not stored ends with it.
"""

import errno
import re
import threading
import time
from datetime import UTC, datetime

from omep_site.lib.whole_files import is_full

NEAR = 60  # seconds: what is noted again within them is counted together
# The second: it could not make the file beside a database that it opens by (omep_site/lib/sqlite/reserve.py).
FULL_OF_SQLITE = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE")
MOST = 1000  # of what is kept in memory

_noted: list[list] = []  # [kind, began, ended, times], in seconds since 1970
_lock = threading.Lock()  # held for as long as it takes to count one more


def note(kind: str, since: float | None = None) -> None:
    """Says that something of this kind (`omep_site.models.Kind`) happens now, or has happened `since` (in seconds since
    1970). Takes a microsecond, asks nothing of anybody, and never fails."""
    now = time.time()
    _join(str(kind)[:20], now if since is None else min(since, now), now, 1)


def note_error(error: BaseException) -> str:
    """Notes what an error says of the machine: a disk that is full, a database that is away. Returns the kind; "" where it
    says nothing of either."""
    kind = kind_of(error)
    if kind:
        note(kind)
    return kind


def kind_of(error: BaseException) -> str:
    from django.db import InterfaceError, OperationalError

    chain = [error, error.__cause__]
    if any(is_full(each) or getattr(each, "errno", None) == errno.EROFS for each in chain):
        return "disk full"
    if any(getattr(each, "sqlite_errorname", "") in FULL_OF_SQLITE for each in chain):
        return "disk full"
    if any(getattr(each, "sqlstate", "") == "53100" for each in chain):
        return "disk full"
    if getattr(error.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR":  # a query that it does not understand
        return ""
    return "database away" if isinstance(error, OperationalError | InterfaceError) else ""


# What it is for whoever reads the log, by the names that Linux, SQLite and PostgreSQL have for it.
CAUSES = {
    "the disk is full": {"ENOSPC", "EDQUOT", "SQLITE_FULL", "53100"},
    "the disk can only be read": {"EROFS"},
    "the database can only be read": {"SQLITE_READONLY", "25006"},
    "the disk fails": {"EIO", "SQLITE_IOERR", "58030"},
    "the database is locked": {"SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "40P01"},
    "the database has too many clients": {"53300"},
    "the database cannot be opened": {"SQLITE_CANTOPEN"},
    "the database is damaged": {"SQLITE_CORRUPT", "SQLITE_NOTADB", "XX001", "XX002"},
    "the database is away": {"57P01", "57P02", "57P03", "08000", "08001", "08003", "08004", "08006"},
}
# Of a connection that was refused libpq tells no code, only what the server said in the language of its own.
TOO_MANY = re.compile(
    r"too many (?:clients|connections)|connection slots|trop de (?:clients|connexions)|de connexions? rest"
)


def cause_of(error: BaseException) -> str:
    """The same in a few words of ours with the code behind them, for the log: nothing of what the error says."""
    chain = [each for each in (error, error.__cause__) if each is not None]
    for each in chain:
        code = errno.errorcode.get(getattr(each, "errno", None), "")
        code = code or getattr(each, "sqlite_errorname", None) or getattr(each, "sqlstate", None)
        if code:
            kind = "_".join(code.split("_")[:2])  # of SQLITE_IOERR_WRITE the first two
            return f"{next((words for words, codes in CAUSES.items() if kind in codes), 'the database fails')} ({code})"
    if any(TOO_MANY.search(str(each)) for each in chain):
        return "the database has too many clients"
    return "the database refuses the connection" if "FATAL:" in str(error) else "the database is away"


def noted() -> list[str]:
    """The kinds of what is not stored yet."""
    with _lock:
        return [kind for kind, *_rest in _noted]


def store() -> None:
    """Writes down what was noted. Raises django.db.Error where the database is away, and then keeps it all."""
    from django.db import transaction  # `note` is called from where Django is not ready yet, too

    from omep_site.lib.database import take_turn
    from omep_site.models import Incident

    with _lock:
        taken, _noted[:] = list(_noted), []
    if not taken:
        return
    try:
        with transaction.atomic():
            take_turn("incidents")
            for kind, began, ended, times in taken:
                Incident.add(kind, *(datetime.fromtimestamp(each, UTC) for each in (began, ended)), times)
    except Exception:
        for each in taken:
            _join(*each)
        raise


def forget() -> None:
    """As in a new process."""
    with _lock:
        _noted.clear()


def _join(kind: str, began: float, ended: float, times: int) -> None:
    with _lock:
        for known in reversed(_noted):
            if known[0] == kind and began - known[2] < NEAR and known[1] - ended < NEAR:
                known[1], known[2], known[3] = min(known[1], began), max(known[2], ended), known[3] + times
                return
        if len(_noted) < MOST:
            _noted.append([kind, began, ended, times])
