"""Bringing the site back from an archive.

Whatever stops it, there is the old site or the new one, never half of each, and a second run finishes:

1. The archive is read through; nobody may be at work on the database, and nobody can begin.
2. Uploads that are missing are added, each in one step. None is taken away: what no row shows is not handed out, and the
   folder may be a disk of its own, which cannot be renamed.
3. The database comes under a name of its own (SQLite) or in one transaction (PostgreSQL), is migrated, and is told that
   time has passed; then it takes the place of the present one, which stays beside it.

That time has passed means that nothing goes out again by itself which may have gone out since the backup: the functions
of `settings.AFTER_RESTORE` see to that, each for its own, in one transaction with what follows, before any other process
works on it. Each is given the moment of the backup and returns its sentences. What each job of the worker then does:

    digests           begin anew: of what waits now, the first page of the admin tells
    announcements     those that were due are written, and held with the other mails
    mails             those that waited are held; “Try again” sends them
    imports           those that were being read have ended; somebody brings the list again
    letters           what was scheduled, being sent or paused is paused until somebody goes on with it
    deliveries        what a worker had in its hands is uncertain
    returned letters  are fetched on: numbers are not given out twice, so that none is taken for another's
    tidying           deletes by age, counts, and mails nobody

Sessions end: who has signed out since, or was shut out, would otherwise be in again.

Numbers of rows go on behind a gap. They stand in links that were signed and in mails that were sent: the link of a reader
who came after the backup must not open the page of the next one who gets that number. The content version goes on behind
one too, because machines and proxies may have kept pages of later versions.
"""

import os
import shutil
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.module_loading import import_string

from omep_site import archives, backup, backup_faults, running
from omep_site.archives import MEDIA, About
from omep_site.backup_faults import Fault
from omep_site.lib import gone
from omep_site.models import ContentVersion, Incident, Kind

GAP = 1_000_000  # numbers; more than a site gives out between two backups that anybody would bring back
RESTORING = ".restoring"  # in the folder of uploads; hidden, so that no backup takes it along
KIND_IN_WORDS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def look(archive: Path) -> About:
    """What the archive says of itself, where it is whole and this site can take it. Raises Fault."""
    with backup_faults.in_words():
        about = archives.verify(archive)
    if about.vendor != connection.vendor:
        raise Fault("other_kind", theirs=KIND_IN_WORDS[about.vendor], ours=KIND_IN_WORDS[connection.vendor])
    known = MigrationLoader(None).disk_migrations
    for app, names in sorted(about.migrations.items()):
        for name in names:
            if (app, name) not in known:
                raise Fault("newer", migration=f"{app}.{name}")
    return about


@contextmanager
def alone():
    """Nobody works on the database meanwhile, nor on the archives. Raises Fault."""
    with ExitStack() as stack:
        with backup_faults.in_words():
            stack.enter_context(backup.alone(backup.folder_of()))
            if not stack.enter_context(running.nobody()):
                raise Fault("running")
        if who := backup.KINDS[connection.vendor].others():
            raise Fault("others", who=who)
        yield


def bring_back(archive: Path, about: About, said: Callable[[str], None]) -> Path | None:
    """Call it within `alone`. Each sentence about what is held, and what to press, is `said`. Returns where the database that
    was there is now; None where there was none. Raises Fault."""
    kind, folder, stamp = backup.KINDS[about.vendor], backup.folder_of(), datetime.now(UTC).strftime(archives.MOMENT)
    sentences: list[str] = []

    def finish(before: dict[str, int]) -> None:
        sentences[:] = time_has_passed(about.at, kind, before)

    backup.sweep(folder)
    note_who_is_kept()
    work = folder / backup.MAKING
    with backup_faults.in_words():
        try:
            work.mkdir(mode=0o700)
            aside = keep_present(kind, folder, work, stamp)
            for where, needed in (kind.needed(about, work), (media_root(), bytes_missing(about))):
                backup.ensure_room(where, needed)
            put_media(archive, about)
            aside = kind.bring_back(archive, about, work, stamp, finish) or aside
        finally:
            backup.sweep(folder)
    for each in sentences:
        said(each)
    return aside


def note_who_is_kept() -> None:
    """Who has gone while nothing could be written beside the backups stands in the present database alone."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return  # asking would make one
    with suppress(Error):  # an empty database, or a damaged one
        gone.write_kept()
    connection.close()


def keep_present(kind, folder: Path, work: Path, stamp: str) -> Path | None:
    """On PostgreSQL: the present database as an archive without uploads, for `restore` to bring back. SQLite's file stays."""
    if connection.vendor != "postgresql" or kind.is_empty() or kind.unfinished():
        return None
    backup.ensure_room(folder, backup.bytes_needed(media=False))
    backup.write(folder, work, media=False)
    path = folder / f"before-restore-{stamp}.tar.gz"
    os.rename(work / "archive", path)
    archives.sync_folder(folder)
    shutil.rmtree(work)
    work.mkdir(mode=0o700)
    return path


def time_has_passed(at: datetime, kind, before: dict[str, int]) -> list[str]:
    with transaction.atomic():
        kind.skip_numbers(before, GAP)
        version, _is_new = ContentVersion.objects.select_for_update().get_or_create(pk=1)
        number = max(version.number + GAP, before.get(archives.CONTENT_VERSION, 0) + 1)
        ContentVersion.objects.filter(pk=1).update(number=number)
        now = timezone.now()
        Incident.add(Kind.RESTORED, now, now, 1)
        return [each for name in settings.AFTER_RESTORE for each in import_string(name)(at)]


# --- Uploads ----------------------------------------------------------------------------------------------------------


def media_root() -> Path:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    return root


def place_of(name: str) -> Path:
    return media_root() / name.removeprefix(MEDIA)


def is_there(name: str, about: About) -> bool:
    """Whether the very same upload is there: a piece of it, which a full disk left, has the name too."""
    place = place_of(name)
    if not place.is_file() or place.stat().st_size != about.files[name].bytes:
        return False
    with place.open("rb") as file:
        summed = archives.Summed(file)
        while summed.read(archives.PIECE):
            pass
    return summed.told() == about.files[name]


def bytes_missing(about: About) -> int:
    return sum(
        each.bytes
        for name, each in about.files.items()
        if name.startswith(MEDIA) and (not place_of(name).is_file() or place_of(name).stat().st_size != each.bytes)
    )


def put_media(archive: Path, about: About) -> None:
    """Adds what is missing. What stands under a name with another content is no upload of this site, which gives each
    content a name of its own, but a piece or a damaged one."""
    hidden = media_root() / RESTORING
    shutil.rmtree(hidden, ignore_errors=True)
    hidden.mkdir()
    folders = {media_root()}
    with archives.opened(archive) as members:
        for number, (name, file) in enumerate(members):
            if name.startswith(MEDIA) and not is_there(name, about):
                place = place_of(name)
                place.parent.mkdir(parents=True, exist_ok=True)
                archives.extract(file, hidden / str(number))
                (hidden / str(number)).chmod(settings.FILE_UPLOAD_PERMISSIONS or 0o644)
                for each in (place.parent, hidden / str(number)):
                    archives.belong_with(each, media_root())
                os.replace(hidden / str(number), place)
                folders.add(place.parent)
    for folder in folders:
        archives.sync_folder(folder)
    hidden.rmdir()
