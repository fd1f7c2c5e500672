"""A fault of ours is told by mail to the addresses of ERROR_MAIL: what it means in plain words, and for whoever mends it
where it came from, without anything of the person whom it met.

The log hands faults over (`Keeper`); they wait in memory, and `send_kept` queues their mails, as all mail is. Counted over
all processes, the same fault is told once an hour, and ten are told in an hour; of the others the next mail says how many
there were.
"""

import hashlib
import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import SuspiciousOperation

from omep_site.lib import logs, work

HOUR = 3600  # seconds
AN_HOUR = 10  # mails
MOST = 100  # faults that wait in memory


@dataclass
class Fault:
    trace: str
    about: str  # the route or the job
    method: str  # "" in the worker
    id: str
    moment: float
    times: int = 1

    @property
    def digest(self) -> str:
        return hashlib.blake2b(self.trace.encode("utf-8", "replace"), digest_size=8).hexdigest()


_kept: dict[str, Fault] = {}
_lock = threading.Lock()


class Keeper(logging.Handler):
    """Of what is logged as an error, keeps that with a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        # What Django calls suspicious was answered with a 400: anybody can send it, and it is no fault of ours.
        if error is None or isinstance(error, SuspiciousOperation) or not settings.ERROR_MAIL:
            return
        at_work = work.current()
        about, method, id = (at_work.name, at_work.method, at_work.id) if at_work else ("", "", "")
        keep(Fault(logs.trace_of(error), about, method, id, record.created))


def keep(fault: Fault) -> None:
    with _lock:
        known = _kept.get(fault.digest)
        if known:
            known.times += fault.times
        elif len(_kept) < MOST:
            _kept[fault.digest] = fault


def send_kept() -> None:
    """Raises django.db.Error where the database is away, and then keeps them all."""
    from django.db import transaction  # the handler is made before Django is ready

    with _lock:
        taken = list(_kept.values())
        _kept.clear()
    if not taken:
        return
    try:
        with transaction.atomic():
            _send(taken)
    except Exception:
        for fault in taken:
            keep(fault)
        raise


def _send(faults: list[Fault]) -> None:
    from omep_site.lib.database import take_turn
    from omep_site.models import Finding

    take_turn("fault mails")
    row = Finding.objects.filter(key=Finding.FAULT_MAILS).first()
    now = time.time()
    told = [each for each in row.found["told"] if each[0] > now - HOUR] if row else []
    untold = row.found["untold"] if row else 0
    for fault in faults:
        if len(told) >= AN_HOUR or any(digest == fault.digest for _at, digest in told):
            untold += fault.times
            continue
        tell(fault, untold)
        told.append([now, fault.digest])
        untold = 0
    Finding.keep(Finding.FAULT_MAILS, told=told, untold=untold)


def tell(fault: Fault, untold: int) -> None:
    from django.urls import reverse

    from omep_site.lib.links import absolute
    from omep_site.lib.mail import send
    from omep_site.lib.release import release

    for address in settings.ERROR_MAIL:
        send(
            "fault",
            address,
            settings.LANGUAGE_CODE,
            fault=fault,
            error=fault.trace.rpartition("\n")[2],
            is_read=fault.method in ("GET", "HEAD"),
            untold=untold,
            condition=absolute(reverse("admin_condition")),
            release=release()[:12],
        )


def forget() -> None:
    """As in a new process."""
    with _lock:
        _kept.clear()
