"""An archive is whole, or it is refused in a sentence."""

import errno
import gzip
import io
import json
import os
import re
import tarfile
from datetime import UTC, datetime

import pytest
from django.utils import translation

from omep_site import archives, backup_faults, restore
from omep_site.archives import ABOUT, About
from omep_site.backup_faults import Fault
from omep_site.lib.links import languages

AT = datetime(2026, 11, 26, 3, 12, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def media(tmp_path):
    folder = tmp_path / "media"
    for name, content in {"pictures/a-320.webp": b"a" * 3000, "documents/1-5/b.pdf": b"%PDF-", ".part/c": b"c"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "copy"
    file.write_bytes(os.urandom(200_000))
    return file


def about() -> About:
    return About(AT, "release", "sqlite", "3.40.1", {"omep_site": ["0001_initial"]}, {"omep_site_counter": 3})


def written(tmp_path, database, media):
    told = about()
    with (tmp_path / "archive").open("wb") as file:
        archives.write(file, told, database, media)
    return tmp_path / "archive", told


def members(archive) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {each.name: tar.extractfile(each).read() for each in tar}


def archive_of(path, content: dict[str, bytes], **changes):
    """Another archive with these members; `changes` are of a member of every kind but a plain file."""
    with tarfile.open(path, "w:gz") as tar:
        for name, text in content.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text))
        for name, target in changes.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    return path


def refused(path) -> str:
    with pytest.raises(Fault) as fault:
        archives.verify(path)
    return str(fault.value)


def test_it_says_of_itself_what_stands_in_it(tmp_path, database, media):
    archive, told = written(tmp_path, database, media)

    assert archives.verify(archive) == told
    assert list(members(archive)) == [
        "database.sqlite3",
        "media/documents/1-5/b.pdf",
        "media/pictures/a-320.webp",
        ABOUT,
    ]
    said = json.loads(members(archive)[ABOUT])
    assert (said["format"], said["at"], said["media"]) == (1, "2026-11-26T03:12:05+00:00", {"files": 2, "bytes": 3005})
    assert archives.name_at(AT) == "omep-2026-11-26T031205Z.tar.gz"
    assert archives.moment_of(archives.name_at(AT)) == AT


@pytest.mark.parametrize("name", ["omep-2026-13-26T031205Z.tar.gz", "omep-2026-11-26T031205Z.tar", "x", "last.json"])
def test_what_is_no_archive_by_its_name_has_no_moment(name):
    assert archives.moment_of(name) is None


def test_wherever_it_is_cut_off_or_a_byte_is_wrong_it_is_refused(tmp_path, database, media):
    archive, _told = written(tmp_path, database, media)
    whole = archive.read_bytes()
    for share in range(20):
        place = len(whole) * share // 20
        archive.write_bytes(whole[:place])
        assert refused(archive).startswith("The archive is damaged or not whole: ")
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        # Of the head of gzip itself, some bytes say nothing.
        if place > 20:
            assert refused(archive).startswith(("The archive is damaged or not whole: ", "This is not an archive"))


@pytest.mark.parametrize(
    "change",
    [
        {"media/pictures/a-320.webp": b"b" * 3000},
        {"media/pictures/more.webp": b""},
        {"database.sqlite3": b""},
        {ABOUT: b"{}"},
        {ABOUT: b"\xff"},
        {ABOUT: b"[]"},
    ],
)
def test_what_does_not_agree_with_its_sums_is_refused(tmp_path, database, media, change):
    archive, _told = written(tmp_path, database, media)
    content = members(archive)
    told = content.pop(ABOUT)
    changed = archive_of(tmp_path / "changed", content | {ABOUT: told} | change)
    assert refused(changed).startswith("The archive is damaged or not whole: ")


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "media/../../x",
        "media/./x",
        "media//x",
        "media/.ssh/x",
        "media",
        "settings.py",
    ],
)
def test_a_file_that_would_lead_elsewhere_is_refused(tmp_path, database, media, name):
    archive, _told = written(tmp_path, database, media)
    assert refused(archive_of(tmp_path / "changed", {name: b"x"} | members(archive))) == (
        f"This is not an archive of this site: {name} does not belong there."
    )


def test_a_link_is_refused(tmp_path):
    changed = archive_of(tmp_path / "changed", {}, **{"media/pictures": "/etc"})
    assert refused(changed) == "This is not an archive of this site: media/pictures does not belong there."


def test_one_of_a_later_format_says_so(tmp_path, database, media):
    archive, _told = written(tmp_path, database, media)
    content = members(archive)
    content[ABOUT] = content[ABOUT].replace(b'"format": 1', b'"format": 2')
    sentence = "The archive was made by a newer release of the site, and this one cannot read it."
    assert refused(archive_of(tmp_path / "changed", content)) == sentence


def test_what_is_no_archive_at_all_is_refused(tmp_path):
    (tmp_path / "letter").write_text("Dear Anna")
    (tmp_path / "packed").write_bytes(gzip.compress(b"Dear Anna"))
    assert refused(tmp_path / "letter") == "The archive is damaged or not whole: letter."
    assert refused(tmp_path / "packed") == "The archive is damaged or not whole: packed."


def test_an_upload_that_is_erased_meanwhile_is_left_out(tmp_path, database, media, monkeypatch):
    listed = list(archives.uploads(media))
    monkeypatch.setattr(archives, "uploads", lambda folder: iter(listed))
    listed[0].unlink()
    archive, told = written(tmp_path, database, media)
    assert [name for name in told.files if name.startswith("media/")] == ["media/pictures/a-320.webp"]
    assert archives.verify(archive) == told


def test_a_file_that_becomes_shorter_while_it_is_read_stops_it(tmp_path, database, media, monkeypatch):
    monkeypatch.setattr(archives.Summed, "read", lambda self, size: b"")
    with pytest.raises(Fault) as fault:
        written(tmp_path, database, media)
    assert str(fault.value) == "The file database.sqlite3 became shorter while it was read. Start the backup again."


def test_folders_behind_links_are_taken_along_once(tmp_path, media):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "d.png").touch()
    (media / "pictures" / "disk").symlink_to(tmp_path / "elsewhere")
    (media / "pictures" / "round").symlink_to(media)
    names = [path.relative_to(media).as_posix() for path in archives.uploads(media)]
    assert names == ["documents/1-5/b.pdf", "pictures/a-320.webp", "pictures/disk/d.png"]


# --- Names and folders ------------------------------------------------------------------------------------------------

ODD = [
    b"back\\slash.jpg",
    b"line\nbreak.jpg",
    b"\xc3\xa9t\xc3\xa9.jpg",
    b"latin-\xe9.jpg",
    b"\xff\n\xfe.jpg",
    b"tab\t.jpg",
    b" space .jpg",
    b"a=b.jpg",
    b"17 hdrcharset=x\n.jpg",
    b"-rf",
    b"C:\\x",
    b"x" * 255,
]


def test_every_name_that_a_file_may_have_comes_back(tmp_path, database, settings):
    media, other = tmp_path / "media", tmp_path / "other"
    media.mkdir()
    (media / os.fsdecode(b"folder \xe9\n")).mkdir()
    for number, name in enumerate(ODD):
        for folder in (media, media / os.fsdecode(b"folder \xe9\n")):
            (folder / os.fsdecode(name)).write_bytes(b"%d" % number)
    archive, told = written(tmp_path, database, media)
    assert archives.verify(archive) == told
    assert len(told.media) == 2 * len(ODD)

    settings.MEDIA_ROOT = str(other)
    restore.put_media(archive, told)
    assert found_in(other) == found_in(media)


def found_in(folder) -> dict[bytes, bytes]:
    return {os.fsencode(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_name_that_cannot_be_printed_is_told_as_python_writes_it(tmp_path, database, media):
    changed = archive_of(tmp_path / "changed", {os.fsdecode(b"line\nbreak-\xff\xc3\xa9"): b""})
    assert refused(changed) == "This is not an archive of this site: line\\nbreak-\\udcffé does not belong there."


def test_a_folder_that_is_not_there_is_not_taken_for_an_empty_one(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(archives.uploads(tmp_path / "not-mounted"))


def fail(number: int, path="/media/pictures"):
    raise OSError(number, os.strerror(number), path)


def test_a_folder_below_that_cannot_be_read_is_named(media, monkeypatch):
    scan = os.scandir

    def scandir(path):
        return fail(errno.EACCES, path) if str(path).endswith("documents") else scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(Fault) as fault, backup_faults.in_words():
        list(archives.uploads(media))
    sentence = f"The account under which this runs may not read or write {media / 'documents'}."
    assert str(fault.value) == sentence


def test_a_folder_below_that_is_erased_meanwhile_is_left_out(media, monkeypatch):
    scan = os.scandir

    def scandir(path):
        return fail(errno.ENOENT, path) if str(path).endswith("documents") else scan(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert [path.name for path in archives.uploads(media)] == ["a-320.webp"]


# --- What the system refuses ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [*backup_faults.REFUSALS, errno.ENOSPC, errno.EDQUOT])
def test_what_a_system_refuses_most_is_said_without_its_own_words(number):
    said = {}
    for language in languages():
        with translation.override(language), pytest.raises(Fault) as fault, backup_faults.in_words():
            fail(number)
        with translation.override(language):
            said[language] = str(fault.value)
    assert said["fr"] != said["en"]
    assert [os.strerror(number) in each for each in said.values()] == [False, False]


def test_what_it_refuses_otherwise_is_quoted():
    with translation.override("fr"):
        with pytest.raises(Fault) as fault, backup_faults.in_words():
            fail(errno.ENAMETOOLONG)
        assert str(fault.value) == (
            "Le système a refusé de travailler sur /media/pictures. Dans ses propres mots\xa0: «\u202fFile name too long\u202f»."
        )


def test_every_sentence_is_there_in_both_languages_with_the_same_values():
    marks = {}
    for language in languages():
        with translation.override(language):
            marks[language] = {
                code: (set(re.findall(r"\{\w+\}", str(each))), str(each))
                for code, each in backup_faults.SENTENCES.items()
            }
    for code in backup_faults.SENTENCES:
        assert marks["fr"][code][0] == marks["en"][code][0]
        assert marks["fr"][code][1] != marks["en"][code][1]
