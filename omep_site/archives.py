"""What an archive of the site is: its name, what stands in it, and whether it is whole. No database is asked here.

    omep-2026-11-26T031205Z.tar.gz     the moment (UTC) of which it tells
        database.sqlite3 | database.dump
        media/…                        the uploads
        about.json                     last, because it has the sum of each file before it

Everything is streamed, so that an archive may be larger than the memory.
"""

import gzip
import hashlib
import json
import os
import re
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple

from omep_site.backup_faults import Fault

FORMAT = 1
ABOUT = "about.json"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}  # by the kind of database
MEDIA = "media/"
MOMENT = "%Y-%m-%dT%H%M%SZ"
NAME = re.compile(r"omep-(\d{4}-\d{2}-\d{2}T\d{6}Z)\.tar\.gz")
LONGEST_ABOUT = 2**28  # bytes; a line for each of a million uploads
# The least: pictures and PostgreSQL's own format are packed already, and the site shares the processor.
PACKED = 1
# Under this name the content version stands among the numbers that a site gave out.
CONTENT_VERSION = "omep_site_contentversion.number"
PIECE = 2**20  # bytes that are in the memory at a time


# --- What stands in it ------------------------------------------------------------------------------------------------


class Sum(NamedTuple):
    bytes: int
    sha256: str


@dataclass
class About:
    at: datetime  # UTC; everything that was stored before is in it
    release: str
    vendor: str  # Django's word for the kind of database
    server: str  # its version
    migrations: dict[str, list[str]]  # those that were applied, by app
    rows: dict[str, int]  # by table
    files: dict[str, Sum] = field(default_factory=dict)  # by name in the archive
    format: int = FORMAT

    @property
    def media(self) -> list[Sum]:
        return [each for name, each in self.files.items() if name.startswith(MEDIA)]

    @property
    def database(self) -> str:
        """The name of its file in the archive."""
        return DATABASES[self.vendor]

    def as_json(self) -> bytes:
        media = {"files": len(self.media), "bytes": sum(each.bytes for each in self.media)}
        files = {name: each._asdict() for name, each in self.files.items()}
        told = asdict(self) | {"at": self.at.isoformat(), "media": media, "files": files}
        return json.dumps(told, indent=1).encode()

    @classmethod
    def from_json(cls, text: bytes) -> "About":
        """Raises Fault."""
        try:
            told = json.loads(text)
            if told["format"] > FORMAT:
                raise Fault("newer_format")
            told["at"] = datetime.fromisoformat(told["at"]).astimezone(UTC)
            told["files"] = {name: Sum(each["bytes"], each["sha256"]) for name, each in told["files"].items()}
            about = cls(**{name: told[name] for name in cls.__dataclass_fields__})
            about.database  # noqa: B018 - raises KeyError for a kind that nobody knows
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Fault("damaged", what=ABOUT) from error
        return about


def name_at(at: datetime) -> str:
    return f"omep-{at.astimezone(UTC).strftime(MOMENT)}.tar.gz"


def moment_of(name: str) -> datetime | None:
    """None for a file that is no archive by its name."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[1], MOMENT).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


# --- Writing ----------------------------------------------------------------------------------------------------------


class Summed:
    """A file that is read once: so many bytes of it, with their sum."""

    def __init__(self, file: IO[bytes]):
        self.file, self.sum, self.bytes = file, hashlib.sha256(), 0

    def read(self, size: int) -> bytes:
        piece = self.file.read(size)
        self.sum.update(piece)
        self.bytes += len(piece)
        return piece

    def told(self) -> Sum:
        return Sum(self.bytes, self.sum.hexdigest())


def write(file: IO[bytes], about: About, database: Path, media: Path | None) -> None:
    """The archive, into an open file; completes `about.files`. Raises Fault and OSError."""
    with tarfile.open(
        fileobj=file, mode="w:gz", compresslevel=PACKED, format=tarfile.PAX_FORMAT, copybufsize=PIECE
    ) as tar:
        add(tar, about, about.database, database)
        for path in uploads(media) if media else ():
            try:
                add(tar, about, MEDIA + path.relative_to(media).as_posix(), path)
            except FileNotFoundError:  # somebody erased it for good at this moment
                continue
        text = about.as_json()
        member = tarfile.TarInfo(ABOUT)
        member.size, member.mtime, member.mode = len(text), int(about.at.timestamp()), 0o600
        tar.addfile(member, BytesIO(text))


def add(tar: tarfile.TarFile, about: About, name: str, path: Path) -> None:
    with path.open("rb") as file:
        state, summed = os.fstat(file.fileno()), Summed(file)
        member = tarfile.TarInfo(name)  # nothing of the machine's users
        member.size, member.mtime, member.mode = state.st_size, int(state.st_mtime), 0o600
        try:
            tar.addfile(member, summed)
        except OSError as error:
            if error.errno is None:  # tarfile's own: fewer bytes than it was promised
                raise Fault("changed", name=name) from error
            raise
        about.files[name] = summed.told()


def uploads(media: Path) -> Iterator[Path]:
    """The files below, without hidden ones; through links to folders too, each folder once. Raises OSError where a folder
    cannot be read: what is in it would be missing, and nobody would know."""

    def refuse(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError) or error.filename == str(media):  # others were erased meanwhile
            raise error

    seen = set()
    for folder, names, files in os.walk(media, onerror=refuse, followlinks=True):
        state = os.stat(folder)
        if (state.st_dev, state.st_ino) in seen:
            names.clear()
            continue
        seen.add((state.st_dev, state.st_ino))
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder) / name
            if not name.startswith(".") and path.is_file():
                yield path


# --- Reading ----------------------------------------------------------------------------------------------------------


def is_expected(member: tarfile.TarInfo) -> bool:
    """A plain file under a name that an archive has: none that leads elsewhere, is hidden, or would be another one's."""
    if not member.isreg():
        return False
    if member.name == ABOUT or member.name in DATABASES.values():
        return True
    parts = member.name.removeprefix(MEDIA).split("/")
    return member.name.startswith(MEDIA) and not any(part.startswith(".") or not part or "\0" in part for part in parts)


@contextmanager
def opened(archive: Path):
    """Its members, in their order: (name, file). Raises Fault for what is not whole, or is no archive."""

    def members(tar):
        for member in tar:
            if not is_expected(member):
                raise Fault("foreign", name=member.name[:100])
            yield member.name, tar.extractfile(member)

    try:
        with tarfile.open(archive, "r:gz") as tar:
            yield members(tar)
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Fault("damaged", what=archive.name) from error


def verify(archive: Path) -> About:
    """What it says of itself, once all of it was read and each sum was right. Raises Fault and OSError."""
    found, about = {}, None
    with opened(archive) as members:
        for name, file in members:
            if name in found or about:  # twice, or after the end
                raise Fault("damaged", what=name)
            if name == ABOUT:
                about = About.from_json(file.read(LONGEST_ABOUT))
                continue
            summed = Summed(file)
            while summed.read(PIECE):
                pass
            found[name] = summed.told()
    if about is None:
        raise Fault("damaged", what=f"{ABOUT} is missing")
    for name in found.keys() | about.files.keys() | {about.database}:
        if found.get(name) != about.files.get(name) or name not in found:
            raise Fault("damaged", what=name)
    return about


def belong_with(path: Path, other: Path) -> None:
    """Gives it the owner of another one, so that what root brings back is the site's; who is not root, owns both."""
    state = other.stat()
    with suppress(PermissionError):
        os.chown(path, state.st_uid, state.st_gid)


def extract(file: IO[bytes], to: Path) -> None:
    """Into a new file, for its owner alone, on the disk when this returns."""
    with open(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        while piece := file.read(PIECE):
            written.write(piece)
        written.flush()
        os.fsync(written.fileno())


def extract_one(archive: Path, wanted: str, to: Path) -> None:
    with opened(archive) as members:
        for name, file in members:
            if name == wanted:
                extract(file, to)
                return


def sync_folder(folder: Path) -> None:
    """What was renamed in it stays so when the power fails."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
