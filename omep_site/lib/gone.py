"""Who has gone, noted beside the backups: an older backup that is brought back does not know it (omep_site/gone_again.py).

A file for each month, `gone-2026-11.log`, a line for each time:

    2026-11-26T03:12:05+00:00 erased 3f5a…        moment (UTC), what happened, keyed hash of the address, a detail

The key is a row of the database, and so in each backup; nobody can read an address out of a line without it. It is done
once what caused it is stored, and never in its way: where it cannot be written, the line waits in the database, which
“How the site is” tells, and the worker writes it as soon as it can be. Who comes back later is not noted: after a restore
they are asked once more.
"""

import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import Error, transaction
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)

NOT_NOTED = "who has gone could not be noted beside the backups: %s"
KEPT = "gone "  # begins the keys of what waits in the database
KEPT_FOR = timedelta(days=400)  # longer than rotation keeps an archive; docs/privacy.md says so too


class What(StrEnum):
    ERASED = "erased"  # all that was stored of a person
    LEFT = "left"  # the newsletter
    BLOCKED = "blocked"  # nothing is to be sent there; the detail says why
    STOPPED = "stopped"  # mails about comments; the detail is the number of the one comment, where it was only one


class Line(NamedTuple):
    at: datetime
    what: What
    digest: str
    detail: str = ""


def note(what: What, address: str, detail: str = "") -> None:
    """Once the transaction is stored, if there is one."""
    transaction.on_commit(lambda: _write(what, address, detail))


def _write(what: What, address: str, detail: str) -> None:
    try:
        now = datetime.now(UTC).replace(microsecond=0)
        digest = import_string(settings.GONE_DIGEST)(address)
        line = f"{now.isoformat()} {what} {digest} {detail}".strip()
        try:
            _append(line)
        except OSError as error:
            logger.warning(NOT_NOTED, type(error).__name__)
            _keep(line)
    except Error as error:
        logger.warning(NOT_NOTED, type(error).__name__)


def _append(line: str) -> None:
    folder = Path(settings.BACKUPS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    month = line[: len("2026-11")]
    file = os.open(folder / f"gone-{month}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, f"{line}\n".encode())  # whole: several processes write at once
    finally:
        os.close(file)


# --- While it cannot be written there ---------------------------------------------------------------------------------


def _keep(line: str) -> None:
    from omep_site.models import Finding  # this module is read before the models

    Finding.keep(f"{KEPT}{secrets.token_hex(12)}", line=line)


def kept():
    """Rows with a line that could not be written, the oldest first."""
    from omep_site.models import Finding  # this module is read before the models

    return Finding.objects.filter(key__startswith=KEPT).order_by("at", "key")


def write_kept() -> int:
    """Makes up for them; returns how many. Killed in between, it writes one twice, which says no more than once. Raises
    django.db.Error."""
    done = 0
    with suppress(OSError):  # it still cannot be written
        for row in kept():
            _append(row.found["line"])
            row.delete()
            done += 1
    return done


# --- Reading ----------------------------------------------------------------------------------------------------------


def files() -> list[Path]:
    return sorted(Path(settings.BACKUPS).glob("gone-????-??.log"))


def since(moment: datetime) -> Iterator[Line]:
    """What was noted from then on, in its order. A line that was cut off is left out."""
    for file in files():
        for line in file.read_text(errors="replace").splitlines():
            with suppress(ValueError, IndexError):
                at, what, digest, *detail = line.split()
                found = Line(datetime.fromisoformat(at), What(what), digest, " ".join(detail))
                if found.at >= moment and len(digest) == 64:
                    yield found


def forget_old(now: datetime | None = None) -> None:
    """Deletes the files of months that are long over."""
    oldest = (now or datetime.now(UTC)) - KEPT_FOR
    for file in files():
        if file.name < f"gone-{oldest:%Y-%m}.log":
            file.unlink(missing_ok=True)
