"""`manage.py backup`: what it makes, what it says where it cannot, and what it leaves when it is stopped."""

import errno
import os
import sqlite3
import stat
import tarfile
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from bench.writers import PAGE, RULES, WRITE, post
from omep_site import archives, backup, backup_sqlite, rotation
from omep_site.backup_faults import Fault
from tests.processes import get

own_database = pytest.mark.own_database

KILL = "import os; from omep_site import archives; archives.verify = lambda path: os._exit(9)"
TO_PICTURES = "pictures/0123456789abcdef0123456789abcdef-320.webp"


@own_database
def test_made_while_visitors_write_it_has_all_that_was_answered_before_and_comes_back_the_same(collected, sites, port):
    site = sites.new("first")
    site.inside(f"from django.core.management import call_command; call_command('load_demo', verbosity=0)\n{RULES}")
    path = site.inside(WRITE % PAGE.rstrip("/").rpartition("/")[2]).strip()
    (site.media / "pictures").mkdir()
    (site.media / TO_PICTURES).write_bytes(os.urandom(300_000))
    answers, ended = [], threading.Event()

    def write(own: int) -> None:
        number = own
        while not ended.is_set():
            answers.append((number, post(port, path, number, own)))
            number += 4

    writers = [threading.Thread(target=write, args=[own]) for own in range(4)]
    with site.project.start("serve", PORT=str(port)) as server:
        server.wait_until(lambda: get(port, "/readyz")[0] == 200)
        for each in writers:
            each.start()
        server.wait_until(lambda: len(answers) >= 8)
        before = {number for number, status in answers if status == "303"}
        archive = site.backup()
        during = len(answers)
        server.wait_until(lambda: len(answers) > during)
        ended.set()
        for each in writers:
            each.join()
        assert server.stop() == 0
    assert {status for _number, status in answers} == {"303"}
    quiet = site.backup()

    other = sites.new("second", empty=True)
    assert other.restore(archive)[::2] == (0, "")
    names = other.query("SELECT name FROM comments_comment WHERE name LIKE 'Plume%'")
    assert {int(name.split()[1]) for (name,) in names} >= before
    assert other.restore(quiet)[::2] == (0, "")
    assert other.rows() == site.rows()
    assert other.uploads() == site.uploads() != {}


@own_database
def test_it_is_its_owners_alone_says_what_it_is_and_outlives_a_later_one_that_is_killed(sites, settings):
    site = sites.new("site")
    settings.BACKUPS = str(site.backups)
    status, said, complaint = site.run("backup", "--keep")
    [archive] = site.archives()
    assert (status, complaint, said.split("  ")[0]) == (0, "", str(archive))
    assert sorted(path.name for path in site.backups.iterdir()) == [".lock", "last.json", archive.name]
    assert stat.S_IMODE(site.backups.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in site.backups.iterdir()} == {0o600}
    last = backup.last()
    assert last == backup.Last(last.at, True, "", str(archive), archive.stat().st_size, 0)
    about = archives.verify(archive)
    assert about.rows["newsletter_subscriber"] == 0
    assert about.rows.keys() | {"omep_site_contentversion", "django_session"} == site.rows().keys() | about.rows.keys()
    assert "0001_initial" in about.migrations["omep_site"]
    with tarfile.open(archive) as tar:
        assert all((each.uid, each.uname, each.mode) == (0, "", 0o600) for each in tar)

    call = f"{KILL}\nfrom django.core.management import call_command; call_command('backup')"
    assert site.run("shell", "-v0", "-c", call)[0] == 9
    assert site.archives() == [archive]
    assert (site.backups / ".making" / "archive").exists()

    second = site.backup()
    assert site.archives() == sorted({archive, second})
    assert not (site.backups / ".making").exists()


def test_two_at_once_are_one_and_a_sentence(settings, tmp_path):
    settings.BACKUPS = str(tmp_path)
    with backup.alone(tmp_path), pytest.raises(Fault) as fault:
        backup.make()
    with translation.override("en"):
        assert str(fault.value) == f"Another backup or restore is at work in {tmp_path}."
    assert backup.last() is None


class Kind:
    """A database of ten megabytes that is never copied."""

    @staticmethod
    def size():
        return 10_000_000

    @staticmethod
    def copy_out(folder):
        raise OSError(errno.ENOSPC, "No space left on device")


def of_this_kind(settings, monkeypatch, tmp_path):
    settings.BACKUPS, settings.MEDIA_ROOT = str(tmp_path / "backups"), str(tmp_path / "media")
    monkeypatch.setattr(backup, "KINDS", dict.fromkeys(backup.KINDS, Kind))


def with_room(monkeypatch, tmp_path, *free: int) -> None:
    """A disk of one gigabyte with so many bytes free, each time that somebody asks; the last number stays."""
    left, usage = list(free), backup.shutil.disk_usage(tmp_path)

    def asked(_path):
        return usage._replace(total=10**9, free=left.pop(0) if len(left) > 1 else left[0])

    monkeypatch.setattr(backup.shutil, "disk_usage", asked)


def refused(**options) -> str:
    with pytest.raises(Fault), translation.override("en"):
        backup.make(**options)
    with translation.override("en"):
        return str(backup.last().sentence)


def test_a_disk_without_room_is_said_before_anything_is_written(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    with_room(monkeypatch, tmp_path, 119_999_999)
    assert refused() == (
        f"The disk is too full: 1 MB are missing in {tmp_path / 'backups'}. 20 MB are needed, 100 MB are to stay free after "
        "that, and 119 MB are free."
    )
    last = backup.last()
    assert (last.ok, last.path, last.bytes) == (False, "", 0)
    assert sorted(path.name for path in (tmp_path / "backups").iterdir()) == [".lock", "last.json"]


def test_a_disk_that_is_nearly_full_keeps_room_for_the_site_and_has_its_backup(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    with_room(monkeypatch, tmp_path, 120_000_000)
    assert refused().startswith("The disk became full meanwhile.")  # it went on, and copied


def test_another_folder_is_filled_but_for_a_little(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    with_room(monkeypatch, tmp_path, 36_777_216)
    with pytest.raises(Fault) as fault:
        backup.make(to=tmp_path / "stick")
    assert fault.value.code == "filled"


def several(folder, *days: int) -> list[str]:
    """Archives of the nights so many days ago."""
    folder.mkdir()
    names = [archives.name_at(datetime.now(UTC) - timedelta(days=each)) for each in days]
    for name in names:
        (folder / name).write_bytes(b"x" * 1_500_000)
    return names


def there(folder) -> list[str]:
    return sorted(path.name for path in folder.glob("omep-*"))


NIGHTS = (400, 300, 31, 30, 29, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def test_before_the_disk_is_nearly_full_those_go_first_that_would_go_afterwards(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    names = several(tmp_path / "backups", *NIGHTS)
    coming = rotation.kept([*map(archives.moment_of, names), datetime.now(UTC)])
    with_room(monkeypatch, tmp_path, 519_999_999, 600_000_000)  # before and afterwards
    assert refused(keep=True).startswith("The disk became full meanwhile.")
    assert there(tmp_path / "backups") == sorted(name for name in names if archives.moment_of(name) in coming)
    assert len(there(tmp_path / "backups")) < len(names)


def test_where_there_is_room_none_goes_before_there_is_a_new_one(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    names = several(tmp_path / "backups", *NIGHTS)
    with_room(monkeypatch, tmp_path, 520_000_000)
    refused(keep=True)
    assert there(tmp_path / "backups") == sorted(names)


def test_without_room_and_without_the_word_none_goes(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    names = several(tmp_path / "backups", *NIGHTS)
    with_room(monkeypatch, tmp_path, 5_000_000)
    refused()
    assert there(tmp_path / "backups") == sorted(names)


def test_what_is_still_missing_is_said_with_the_archives_that_are_there(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    [older, newer] = several(tmp_path / "backups", 2, 1)
    with_room(monkeypatch, tmp_path, 5_000_000)
    assert refused(keep=True) == (
        f"The disk is too full: 115 MB are missing in {tmp_path / 'backups'}. 20 MB are needed, 100 MB are to stay free after "
        f"that, and 5 MB are free. Archives there: 2, of 3 MB together, from {older} to {newer}."
    )


@own_database
def test_uploads_that_pages_name_and_that_are_not_there_are_told_of_and_none_at_all_is_an_error(sites, settings):
    site = sites.new("site")
    settings.BACKUPS = str(site.backups)
    logos = ["partners/a.png", "partners/b.png"]
    for name in logos:
        made = f"Partner.objects.filter(pk=Partner.objects.create(name={name!r}).pk)"
        site.inside(f"from events.models import Partner; {made}.update(logo={name!r})")
    sentence = (
        f"CommandError: Il n’y a pas de nouvelle sauvegarde. Aucun fichier n’est dans {site.media}, et des pages en nomment 2. "
        "Si ce dossier se trouve sur un disque à part, celui-ci n’est peut-être pas là\u202f; sinon corrigez MEDIA_ROOT dans "
        ".env.\n"
    )
    assert site.run("backup") == (1, "", sentence)
    site.media.rmdir()
    assert site.run("backup") == (1, "", sentence)
    (site.media / "partners").mkdir(parents=True)
    (site.media / logos[0]).touch()
    status, said, complaint = site.run("backup")
    assert (status, complaint) == (0, "")
    assert said.splitlines()[1] == (
        "1 fichier nommé par des pages manque sur le disque, et donc dans la sauvegarde\xa0: partners/b.png"
    )
    assert backup.last().missing == 1
    (site.media / logos[1]).touch()
    site.backup()
    assert backup.last().missing == 0


@own_database
def test_a_site_to_which_nothing_was_uploaded_yet_needs_no_folder(sites):
    site = sites.new("site")
    site.media.rmdir()
    assert archives.verify(site.backup()).media == []


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The disk became full meanwhile. Nothing was changed; make room and start again."),
        ("fr", "Le disque s’est rempli entre-temps. Rien n’a été changé\u202f; faites de la place et recommencez."),
    ],
)
def test_a_disk_that_becomes_full_is_said_in_the_language_of_whoever_reads(
    settings, monkeypatch, tmp_path, language, sentence
):
    of_this_kind(settings, monkeypatch, tmp_path)
    with pytest.raises(Fault):
        backup.make()
    with translation.override(language):
        assert backup.last().sentence == sentence
    last = backup.last()  # by a worker, say, which then writes to people of either language
    with translation.override(language):
        assert f"{last.sentence}" == sentence
    assert sorted(path.name for path in (tmp_path / "backups").iterdir()) == [".lock", "last.json"]


def test_what_nobody_foresaw_is_told_of_too(settings, monkeypatch, tmp_path):
    of_this_kind(settings, monkeypatch, tmp_path)
    monkeypatch.setattr(Kind, "copy_out", lambda folder: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup.make()
    with translation.override("en"):
        assert backup.last().sentence == "Something unforeseen went wrong (ZeroDivisionError)."


def sqlite_fault(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("its own words")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (sqlite3.SQLITE_FULL, "The disk became full meanwhile. Nothing was changed; make room and start again."),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "Another programme holds the database. Start again when it has ended."),
        (sqlite3.SQLITE_IOERR_READ, "SQLite could not do it. Its own words: “its own words”."),
        (
            sqlite3.SQLITE_CORRUPT_INDEX,
            "The database is damaged. The archives that are there stay as they are. SQLite’s own words: “its own words”.",
        ),
    ],
)
def test_of_what_sqlite_says_only_damage_is_called_damage(code, sentence):
    with translation.override("en"):
        assert str(backup_sqlite.in_words(sqlite_fault(code))) == sentence


NEWER = '{"at": "2026-11-26T03:12:05+00:00", "code": "of a newer release", "values": {}, "path": "", "bytes": 0}'


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"at": "x"}', NEWER])
def test_a_note_that_cannot_be_read_tells_nothing(settings, tmp_path, content):
    settings.BACKUPS = str(tmp_path)
    (tmp_path / "last.json").write_text(content)
    assert backup.last() is None
