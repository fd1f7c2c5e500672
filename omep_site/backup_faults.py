"""Why there is no backup, or nothing was brought back, in words for whoever looks after the site."""

import errno
import os
from contextlib import contextmanager

from django.utils.translation import gettext_lazy as _

from omep_site.lib.whole_files import is_full

# `last.json` (omep_site/backup.py) keeps the word on the left, and a page of the admin says the sentence in its reader's
# language.
SENTENCES = {
    "busy": _("Another backup or restore is at work in {folder}."),
    "changed": _("The file {name} became shorter while it was read. Start the backup again."),
    "damaged": _("The archive is damaged or not whole: {what}."),
    "database_damaged": _(
        "The database is damaged. The archives that are there stay as they are. SQLite’s own words: “{what}”."
    ),
    "database_locked": _("Another programme holds the database. Start again when it has ended."),
    "database_in_memory": _("The database lives in the memory of a process, and cannot be copied or brought back."),
    "disk": _("The system refused to work on {path}. Its own words: “{what}”."),
    "disk_away": _("The disk of {path} does not answer: it is another machine’s, or was taken out."),
    "disk_broken": _(
        "The disk could not read or write {path}: it may be breaking. Look at its state, and copy what is there."
    ),
    "disk_read_only": _(
        "The disk of {path} can only be read. The system makes it so when it finds it broken: look at its state."
    ),
    "full": _(
        "The disk is too full: {missing} MB are missing in {folder}. {needed} MB are needed, {spare} MB are to stay free "
        "after that, and {free} MB are free."
    ),
    "full_of_archives": _(
        "The disk is too full: {missing} MB are missing in {folder}. {needed} MB are needed, {spare} MB are to stay free "
        "after that, and {free} MB are free. Archives there: {count}, of {taken} MB together, from {oldest} to {newest}."
    ),
    "filled": _("The disk became full meanwhile. Nothing was changed; make room and start again."),
    "foreign": _("This is not an archive of this site: {name} does not belong there."),
    "newer": _(
        "The archive was made by a newer release of the site: it has {migration}, which this one does not know."
    ),
    "newer_format": _("The archive was made by a newer release of the site, and this one cannot read it."),
    "no_database": _("There is no database at {name}."),
    "no_uploads": _(
        "No uploads are in {folder}, and pages name {count} of them. If the folder is on a disk of its own, that may not be "
        "there; else correct MEDIA_ROOT in .env."
    ),
    "not_a_folder": _("{path} is a file where a folder should be, or the other way round."),
    "not_allowed": _("The account under which this runs may not read or write {path}."),
    "not_there": _("{path} is not there."),
    "others": _("Others are connected to this database: {who}. Stop them first."),
    "other_kind": _("The archive holds a database of {theirs}, and this site has one of {ours}."),
    "running": _("The site or its worker is running. Stop both first."),
    "tool": _("{name} is missing. Install PostgreSQL’s client (Debian: apt install postgresql-client)."),
    "tool_failed": _("{name} could not do it. Its own words: “{said}”."),
    "tool_old": _(
        "{name} is of version {theirs}, and the database’s server of version {ours}: install a newer client."
    ),
    "unforeseen": _("Something unforeseen went wrong ({what})."),
}
# What the system says in English, whoever reads it.
REFUSALS = {
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.ENOENT: "not_there",
    errno.ENOTDIR: "not_a_folder",
    errno.EISDIR: "not_a_folder",
    errno.EROFS: "disk_read_only",
    errno.EIO: "disk_broken",
    errno.EUCLEAN: "disk_broken",
    errno.ENXIO: "disk_away",
    errno.ENODEV: "disk_away",
    errno.ESTALE: "disk_away",
    errno.ENOTCONN: "disk_away",
    errno.ETIMEDOUT: "disk_away",
    errno.EHOSTDOWN: "disk_away",
    errno.EHOSTUNREACH: "disk_away",
}


class Fault(Exception):
    """Why there is no backup, or nothing was brought back. `values` are texts, without anything personal."""

    def __init__(self, code: str, **values: str):
        super().__init__(code)
        self.code, self.values = code, {name: shown(str(value)) for name, value in values.items()}

    def __str__(self) -> str:
        return sentence(self.code, self.values)


def shown(text: str) -> str:
    """Names of files may have anything in them: what cannot be printed stands as Python writes it, `\\n` or `\\udcff`."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def sentence(code: str, values: dict[str, str]) -> str:
    """In the active language."""
    return str(SENTENCES[code]).format(**values)


@contextmanager
def in_words():
    """What the system refuses becomes a Fault."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise Fault("filled") from error
        code, path = REFUSALS.get(error.errno, "disk"), os.fsdecode(error.filename or "–")
        raise Fault(code, what=error.strerror or type(error).__name__, path=path) from error
