"""Which archives are kept: the last of each day for a week, of each week for a month, of each month for half a year."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from omep_site import archives, backup_faults

# So many days, weeks and months of which there is an archive, counted from the newest: after a summer without backups the
# last week before it is still there.
DAYS = 7
WEEKS = 4
MONTHS = 6
SPANS = [
    (DAYS, lambda at: at.date()),
    (WEEKS, lambda at: at.isocalendar()[:2]),  # a week has its Monday first (ISO 8601)
    (MONTHS, lambda at: (at.year, at.month)),
]


def kept(moments: Iterable[datetime]) -> set[datetime]:
    """Those to be kept, of the moments of all archives. The newest is always among them."""
    newest_first, found = sorted(moments, reverse=True), set()
    for count, span_of in SPANS:
        last_of_each: dict = {}
        for at in newest_first:
            last_of_each.setdefault(span_of(at), at)
        found |= set(list(last_of_each.values())[:count])
    return found


def drop_old(folder: Path) -> list[Path]:
    """Deletes the archives in a folder that are not kept, and touches nothing else; returns them."""
    found = found_in(folder)
    return drop(found, kept(found.values()))


def drop_for(coming: datetime, folder: Path) -> list[Path]:
    """Deletes those that would not be kept beside one of that moment, before it is made: there is no room for it. The newest
    stays all the same, and so does the newest that is whole. Returns them."""
    found = found_in(folder)
    staying = kept({*found.values(), coming})
    if set(found.values()) - staying:
        staying |= {max(found.values())} | newest_whole(found)
    return drop(found, staying)


def found_in(folder: Path) -> dict[Path, datetime]:
    found = {path: archives.moment_of(path.name) for path in folder.iterdir() if path.is_file()}
    return {path: at for path, at in found.items() if at}


def newest_whole(found: dict[Path, datetime]) -> set[datetime]:
    for path in sorted(found, key=found.get, reverse=True):
        with suppress(backup_faults.Fault, OSError):
            archives.verify(path)
            return {found[path]}
    return set()


def drop(found: dict[Path, datetime], staying: set[datetime]) -> list[Path]:
    dropped = sorted(path for path, at in found.items() if at not in staying)
    for path in dropped:
        path.unlink(missing_ok=True)
    return dropped
