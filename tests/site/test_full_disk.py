"""On a full disk the site and its worker start all the same, where what they need stands there."""

import errno
import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest

from drill.servers import small_disk
from omep_site import proxy_pages, server, worker
from omep_site.lib import incidents
from omep_site.lib.whole_files import write_whole
from omep_site.models import Kind
from tests.processes import NOT_COPIED, Project, get, is_locked


def full(*_args, **_options):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def disk_is_full(monkeypatch):
    """Calling it is what fills it."""

    def fill():
        for name in ("write_text", "write_bytes", "mkdir"):
            monkeypatch.setattr(Path, name, full)

    return fill


# --- A small file, whole ----------------------------------------------------------------------------------------------


def test_what_says_the_same_is_not_written_again(tmp_path, disk_is_full):
    write_whole(tmp_path / "page", "words")
    before = (tmp_path / "page").stat()
    disk_is_full()
    write_whole(tmp_path / "page", "words")
    assert (tmp_path / "page").stat() == before


def test_what_there_is_no_room_for_leaves_the_former_one_and_nothing_beside_it(tmp_path, monkeypatch):
    write_whole(tmp_path / "page", "words")
    monkeypatch.setattr(Path, "write_bytes", lambda path, _content: path.touch() or full())
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "page", "other words")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("page", "words")]


# --- What the server writes -------------------------------------------------------------------------------------------


@pytest.fixture
def source(settings, tmp_path):
    settings.STATIC_ROOT, settings.STATICFILES_DIRS = tmp_path / "static", [tmp_path / "source"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "site.css").write_text("a {}")
    return tmp_path / "source"


def test_the_proxys_pages_stay_as_they_are_and_what_a_killed_process_left_goes(settings, tmp_path, disk_is_full):
    settings.STATIC_ROOT = tmp_path
    proxy_pages.write()
    page, other = proxy_pages.folder() / "away.en.html", proxy_pages.folder() / "fault.fr.html"
    page.write_text("of an earlier release")
    before = {path.name: path.read_bytes() for path in proxy_pages.folder().iterdir()}
    (proxy_pages.folder() / ".away.fr.4711").touch()
    disk_is_full()
    proxy_pages.write()
    assert {path.name: path.read_bytes() for path in proxy_pages.folder().iterdir()} == before
    assert (incidents.noted(), other.exists()) == ([Kind.DISK_FULL], True)


def test_static_files_that_are_there_are_handed_out_and_collected_once_there_is_room(settings, source, monkeypatch):
    server.collect_static()
    (source / "site.css").write_text("b { }")
    with monkeypatch.context() as patched:
        patched.setattr(server, "call_command", full)
        server.collect_static()
        assert (settings.STATIC_ROOT / "site.css").read_text() == "a {}"
    server.collect_static()
    assert (settings.STATIC_ROOT / "site.css").read_text() == "b { }"
    assert not (settings.STATIC_ROOT.parent / ".static.new").exists()


def test_without_a_static_file_that_pages_name_it_does_not_start_and_says_why(settings, source, monkeypatch):
    server.collect_static()
    (source / "new.css").touch()
    monkeypatch.setattr(server, "call_command", full)
    with pytest.raises(SystemExit) as ended:
        server.collect_static()
    assert ended.value.code == (
        f"The disk is full: there is no room for the static files in {settings.STATIC_ROOT}. Make room, and start again."
    )


def test_a_worker_that_cannot_make_its_lock_waits_for_room(settings, tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(tmp_path / "db.sqlite3"))
    monkeypatch.setattr(worker.connection, "vendor", "sqlite")
    opened, waited = iter([full, full, open]), []
    monkeypatch.setattr(worker, "open", lambda *args: next(opened)(*args), raising=False)
    stopping = worker.Flag()
    monkeypatch.setattr(stopping, "wait", waited.append)
    with worker.the_only_one(stopping):
        assert waited == [1, 1]
    assert caplog.messages == ["the disk is full, and nothing can be marked as done; waiting for room"]


# --- A disk that is full ----------------------------------------------------------------------------------------------


def fill(folder: Path) -> None:
    for size in (2**16, 2**12, 1):
        with (folder / f"filler-{size}").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(b"x" * size)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a small disk")
def test_site_and_worker_start_on_a_disk_without_a_byte_and_its_pages_are_read(copy, migrated_file, tmp_path, port):
    folder = tmp_path / "programme"
    shutil.copytree(copy, folder, ignore=NOT_COPIED)
    var = folder / "var"
    try:
        disk = small_disk(var, megabytes=48)
        disk.__enter__()
    except subprocess.CalledProcessError:
        pytest.skip("this machine lets nobody make a small disk")
    try:
        shutil.copy(migrated_file, var / "db.sqlite3")
        env = {
            "DATABASE_URL": f"sqlite:///{var / 'db.sqlite3'}",
            "SECRET_KEY": "for-the-tests-of-full-disks-and-nothing-else",
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "WORKERS": "1",
            "TRUSTED_PROXIES": "1",
        }
        project = Project(folder, tmp_path, env)
        with project.start("serve", PORT=str(port)) as first:
            first.wait_until(lambda: get(port, "/readyz")[0] == 200)
        assert (var / "db.sqlite3-reserve").stat().st_size == 2**17
        for left in (*var.glob("db.sqlite3-shm"), *var.glob("db.sqlite3-wal")):
            left.unlink()  # as after a stop in good order
        fill(var)
        with project.start("serve", PORT=str(port)) as serving, project.start("worker") as working:
            serving.wait_until(lambda: get(port, "/fr/")[0] == 200)
            working.wait_until(lambda: is_locked(var / "db.sqlite3.worker"))  # and not one that waits for room
            for left in var.glob("filler-*"):
                left.unlink()
            serving.wait_until(lambda: get(port, "/readyz")[0] == 200)
            assert (working.stop(), "Traceback" in serving.output() + working.output()) == (0, False)
    finally:
        disk.__exit__(None, None, None)
