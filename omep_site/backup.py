"""One consistent archive of the site, made while it runs; and what became of the last one.

First the database, as it is at one moment, and then the uploads: those are named by their content, are stored before the
row that shows them and stay when nothing shows them any more, so that every row of that moment finds its files. The other
way round, a picture that came in between would have its row in the archive and not itself.

It is made in a hidden folder beside the archives, read back from there, and named in one step. Whatever stops it, a full
disk or a `kill -9`, leaves the archives as they were; what is left in that folder, the next backup sweeps away.

Neither the settings (`.env`, SECRET_KEY) nor collected static files are in it, nor anything of Redis, which is an aid to
memory.
"""

import fcntl
import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import FileField
from django.utils.functional import lazy

from omep_site import archives, backup_faults, backup_postgresql, backup_sqlite, rotation
from omep_site.archives import About
from omep_site.backup_faults import Fault
from omep_site.condition import little
from omep_site.lib.release import release

LAST = "last.json"
MAKING = ".making"
LOCK = ".lock"
SPARE = 16 * 2**20  # bytes that are to be left on a disk which is not the site's own,
SPARE_BESIDE = 100_000_000  # and beside the site, which goes on storing
KINDS = {"sqlite": backup_sqlite, "postgresql": backup_postgresql}


@dataclass(frozen=True)
class Made:
    path: Path
    bytes: int
    about: About
    dropped: list[Path]  # older archives, by rotation
    missing: list[str]  # uploads that a row names, and that are not there


@dataclass(frozen=True)
class Last:
    """What became of the last backup. `sentence` says why there is none, in the language that is active when it is read: a
    morning's mail tells it to each administrator."""

    at: datetime
    ok: bool
    sentence: str
    path: str
    bytes: int
    missing: int = 0  # uploads that a row names, and that are not in it


def folder_of(to: Path | None = None) -> Path:
    """Made where it was missing, and then its owner's alone; a folder of somebody else's stays as it is."""
    folder = Path(to or settings.BACKUPS)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if to is None:
        with suppress(PermissionError):  # somebody else's, in which the site may write
            folder.chmod(0o700)
    return folder


@contextmanager
def alone(folder: Path):
    """Raises Fault where another backup or restore is at work there."""
    with open(os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Fault("busy", folder=folder) from error
        yield


def make(to: Path | None = None, keep: bool = False) -> Made:
    """An archive in BACKUPS, or in another folder; with `keep`, those that rotation does not keep go. Raises Fault."""
    with backup_faults.in_words():
        folder = folder_of(to)
        with alone(folder):
            try:
                with backup_faults.in_words():
                    made = _make(folder, keep, spare=SPARE_BESIDE if to is None else SPARE)
            except Fault as fault:
                note(folder, fault=fault)
                raise
            except Exception as error:
                note(folder, fault=Fault("unforeseen", what=type(error).__name__))
                raise
            note(folder, made=made)
            return made


def _make(folder: Path, keep: bool, spare: int) -> Made:
    making = folder / MAKING
    sweep(folder)
    dropped = make_room(folder, bytes_needed(), spare, keep)
    making.mkdir(mode=0o700)
    try:
        kept, missing = write(folder, making)
        path = folder / archives.name_at(kept.at)
        os.rename(making / "archive", path)
        archives.sync_folder(folder)
    finally:
        sweep(folder)
    dropped += rotation.drop_old(folder) if keep else []
    return Made(path, path.stat().st_size, kept, dropped, missing)


def sweep(folder: Path) -> None:
    """What a backup left that was killed."""
    shutil.rmtree(folder / MAKING, ignore_errors=True)


def write(folder: Path, making: Path, media: bool = True) -> tuple[About, list[str]]:
    """`archive` in the folder `making`: whole, read back and on the disk; and the uploads that a row names and that are not
    there. Raises Fault and OSError."""
    kind, uploads = KINDS[connection.vendor], media_root() if media else None
    at = datetime.now(UTC).replace(microsecond=0)  # of before the copy: whatever was stored by then is in it
    copy = kind.copy_out(making)
    named = named_uploads() if media else set()  # of after the copy and before the uploads: each has its file by then
    if named and not (uploads and any(archives.uploads(uploads))):
        raise Fault("no_uploads", folder=settings.MEDIA_ROOT, count=len(named))
    about = About(at, release(), connection.vendor, copy.server, copy.migrations, copy.rows)
    with open(os.open(making / "archive", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        archives.write(file, about, copy.file, uploads)
        file.flush()
        os.fsync(file.fileno())
    if archives.verify(making / "archive") != about:
        raise Fault("damaged", what=archives.ABOUT)
    return about, sorted(name for name in named if archives.MEDIA + name not in about.files)


def media_root() -> Path | None:
    """None where it is not there, as on a site to which nothing was uploaded yet."""
    root = Path(settings.MEDIA_ROOT)
    return root if root.is_dir() else None


def named_uploads() -> set[str]:
    """Every file that some row names now."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:  # each language has a field of its own
            if isinstance(field, FileField):
                found.update(model._base_manager.order_by().values_list(field.name, flat=True).distinct())
    return found - {"", None}


# --- Room -------------------------------------------------------------------------------------------------------------


def bytes_needed(media: bool = True) -> int:
    """The copy of the database, and at most the same once more in the archive, with the uploads."""
    uploads = media_root() if media else None
    of_uploads = sum(path.stat().st_size for path in archives.uploads(uploads)) if uploads else 0
    return 2 * KINDS[connection.vendor].size() + of_uploads


def ensure_room(folder: Path, needed: int, spare: int = SPARE) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + spare:
        raise Fault(
            "full",
            folder=folder,
            missing=in_mb(needed + spare - free),
            needed=in_mb(needed),
            spare=in_mb(spare),
            free=free // 10**6,
        )


def make_room(folder: Path, needed: int, spare: int, keep: bool) -> list[Path]:
    """With `keep`, those go first that would go afterwards, where the disk would be nearly full otherwise; returns them."""
    disk = shutil.disk_usage(folder)
    dropped = rotation.drop_for(datetime.now(UTC), folder) if keep and disk.free < needed + little(disk.total) else []
    try:
        ensure_room(folder, needed, spare)
        return dropped
    except Fault as fault:
        there = sorted(rotation.found_in(folder).items(), key=lambda found: found[1])
        if not there:
            raise
        told = {
            "count": len(there),
            "taken": in_mb(sum(path.stat().st_size for path, _at in there)),
            "oldest": there[0][0].name,
            "newest": there[-1][0].name,
        }
        raise Fault("full_of_archives", **fault.values, **told) from fault


def in_mb(count: int) -> int:
    return -(-count // 10**6)


# --- What became of the last one --------------------------------------------------------------------------------------


def note(folder: Path, made: Made | None = None, fault: Fault | None = None) -> None:
    """Beside the archives. Where the disk is too full for that, the last one told of grows old, which tells as much."""
    now = datetime.now(UTC)
    told = {"at": now.isoformat(), "code": "", "values": {}, "path": "", "bytes": 0, "missing": 0}
    if made:
        told |= {"path": str(made.path), "bytes": made.bytes, "missing": len(made.missing)}
    if fault:
        told |= {"code": fault.code, "values": fault.values}
    beside = folder / f".{LAST}"
    with suppress(OSError):
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(told, file)
        os.replace(beside, folder / LAST)


def last() -> Last | None:
    """Of those in BACKUPS. None where there never was one, or nobody can say."""
    try:
        told = json.loads((Path(settings.BACKUPS) / LAST).read_text())
        said = lazy(backup_faults.sentence, str)(told["code"], told["values"]) if told["code"] else ""
        str(said)  # what another release wrote may have no sentence here
        at, missing = datetime.fromisoformat(told["at"]), told.get("missing", 0)
        return Last(at, not told["code"], said, told["path"], told["bytes"], missing)
    except (OSError, ValueError, LookupError, TypeError):
        return None
