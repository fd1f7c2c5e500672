"""`manage.py restore`: what it refuses, what it leaves when it is stopped, and that nothing is lost by it."""

import fcntl
import io
import os
import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import translation

from omep_site import archives, restore
from omep_site.archives import ABOUT, About
from omep_site.backup_faults import Fault
from tests.processes import is_locked

own_database = pytest.mark.own_database

DIGEST = "0123456789abcdef0123456789abcdef"
SUBSCRIBE = "from newsletter.models import Subscriber; print(Subscriber.objects.create(email=%r, language='fr').pk)"
DIE = "import os; die = lambda *args, **kwargs: os._exit(9)"
# Where a restore is stopped by `kill -9`: before the first upload has its name; with a database that is
# migrated, before what may go out again is held, and afterwards, before it has its place; in the middle of the transaction.
STOPS = {
    "sqlite": [
        f"{DIE}; from omep_site import archives; archives.extract = die",
        f"{DIE}; from omep_site import restore; restore.time_has_passed = die",
        f"{DIE}; from omep_site import backup_sqlite; backup_sqlite.set_aside = die",
    ],
    "postgresql": [
        f"{DIE}; from omep_site import archives; archives.extract = die",
        f"{DIE}; from omep_site import backup_postgresql as kind; kind.shutil.copyfileobj = die",
    ],
}


@pytest.fixture
def _english():
    with translation.override("en"):
        yield


# --- Stopped ----------------------------------------------------------------------------------------------------------


@own_database
def test_wherever_it_is_killed_there_is_the_old_site_or_the_new_and_a_second_run_finishes(sites):
    site = sites.new("site")
    for name in ("b", "a"):
        file = site.media / f"pictures/{DIGEST}-{name}.png"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(name.encode() * 1000)
    site.inside(SUBSCRIBE % "before@example.org")
    archive = site.backup()
    then, uploads = site.rows(), site.uploads()
    (site.media / f"pictures/{DIGEST}-a.png").unlink()
    (site.media / f"pictures/{DIGEST}-b.png").write_bytes(b"piece")
    (site.media / f"pictures/{DIGEST}-c.png").write_bytes(b"of later")
    site.inside(SUBSCRIBE % "after@example.org")
    now = site.rows()

    for stop in STOPS[connection.vendor]:
        assert site.restore(archive, stop)[0] == 9
        assert site.rows() == now

    if connection.vendor == "postgresql":
        assert site.restore(archive, f"{DIE}; from omep_site import restore; restore.time_has_passed = die")[0] == 9
        sentence = f"A restore was not finished: run `manage.py restore` again with the same archive ({archive.name})."
        assert site.run("serve") == (1, "", sentence + "\n")
        with site.project.start("worker") as worker:
            worker.wait_for(sentence)
            assert worker.stop() == 0
    status, said, complaint = site.restore(archive)
    assert (status, complaint) == (0, "")
    assert said.splitlines()[-1].startswith("C’est fait. ")
    assert site.rows() == then
    assert site.uploads() == uploads | {f"pictures/{DIGEST}-c.png": b"of later"}
    assert [path for path in site.folder.rglob("*") if "restoring" in path.name or path.name == ".making"] == []


@own_database
def test_the_database_that_was_there_stays_and_no_number_is_given_out_twice(sites):
    site = sites.new("site")
    archive = site.backup()
    # By a process that is killed: on SQLite it stands in the log alone, which is not to be taken for the new file's.
    killed = f"{SUBSCRIBE % 'after@example.org'}; import os; os._exit(9)"
    assert site.run("shell", "-v0", "-c", killed)[0] == 9
    versions = []
    for address, number in (("next@example.org", 1_000_001), ("third@example.org", 1_000_002)):
        assert site.restore(archive)[0] == 0
        assert site.query("SELECT kind, times FROM omep_site_incident") == [("restored", 1)]
        assert site.query("SELECT email FROM newsletter_subscriber") == []
        assert int(site.inside(SUBSCRIBE % address)) == number
        versions += site.query("SELECT number FROM omep_site_contentversion")
    assert 1_000_000 < versions[0][0] < versions[1][0]

    if connection.vendor == "sqlite":
        [first, _second] = sorted(site.folder.glob("db.sqlite3.before-restore-*"))
        shutil.copy(first, site.folder / "db.sqlite3")
    else:
        [first, _second] = sorted(site.backups.glob("before-restore-*.tar.gz"))
        assert site.restore(first)[0] == 0
    assert site.query("SELECT email FROM newsletter_subscriber") == [("after@example.org",)]


# --- Refused ----------------------------------------------------------------------------------------------------------


@own_database
def test_while_the_worker_runs_nothing_is_changed_and_it_does_not_begin_while_a_restore_is_at_work(sites):
    site = sites.new("site")
    archive = site.backup()
    with site.project.start("worker") as worker:
        worker.wait_until(lambda: is_locked(lock_of(site)))
        sentence = "CommandError: Le site ou son programme d’arrière-plan fonctionne. Arrêtez d’abord les deux.\n"
        assert site.restore(archive)[::2] == (1, sentence)
        assert worker.stop() == 0
    with lock_of(site).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        sentence = "The site is being brought back from a backup: start it again when that is done.\n"
        assert site.run("worker") == (1, "", sentence)
        assert site.run("serve") == (1, "", sentence)


def lock_of(site):
    if connection.vendor == "sqlite":
        return site.folder / "db.sqlite3.running"
    code = "from omep_site import running; print(running.lock_file())"
    return Path(site.inside(code).strip())


@own_database
def test_on_postgresql_whoever_else_is_connected_is_named(sites):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that knows")
    site = sites.new("site")
    archive = site.backup()
    with psycopg.connect(site.project.env["DATABASE_URL"], application_name="a-report"):
        status, _said, complaint = site.restore(archive)
    assert (status, "a-report (127.0.0.1) × 1" in complaint) == (1, True)


@own_database
def test_on_postgresql_the_servers_own_processes_are_nobody_for_an_account_that_is_no_superuser(sites):
    """Autovacuum works on a database without being anybody, and what it is the server tells superusers alone."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server that knows")
    site = sites.new("site")
    url = site.project.env["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CREATE VIEW pg_stat_activity AS SELECT * FROM pg_catalog.pg_stat_activity")
        database.execute(
            "CREATE OR REPLACE VIEW pg_stat_activity AS SELECT * FROM pg_catalog.pg_stat_activity UNION ALL "
            "SELECT (jsonb_populate_record(NULL::pg_catalog.pg_stat_activity, jsonb_build_object("
            "'datname', current_database(), 'pid', 1))).*"
        )
    code = (
        "from django.db import connection as c; x = c.cursor(); x.execute('SET search_path = public, pg_catalog');"
        "from omep_site.backup_postgresql import others; x.execute('SELECT count(*) FROM pg_stat_activity WHERE pid = 1');"
        "print(x.fetchone()[0], repr(others()))"
    )
    assert site.inside(code) == "1 ''\n"


def of_this_site(tmp_path, **changes):
    """An archive whose database nobody looks at."""
    told = {
        "at": datetime(2026, 11, 26, 3, 12, 5, tzinfo=UTC),
        "release": "r",
        "vendor": connection.vendor,
        "server": "1",
        "migrations": {"omep_site": ["0001_initial"]},
        "rows": {},
    }
    about = About(**told | changes)
    (tmp_path / "database").write_bytes(b"x")
    with (tmp_path / "archive").open("wb") as file:
        archives.write(file, about, tmp_path / "database", None)
    return tmp_path / "archive"


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
@pytest.mark.parametrize(
    "migrations", [{"omep_site": ["0001_initial", "0999_of_next_year"]}, {"shop": ["0999_of_next_year"]}]
)
def test_one_that_a_newer_release_made_is_refused(tmp_path, migrations):
    [app] = migrations
    with pytest.raises(Fault) as fault:
        restore.look(of_this_site(tmp_path, migrations=migrations))
    assert str(fault.value) == (
        f"The archive was made by a newer release of the site: it has {app}.0999_of_next_year, which this one does not know."
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_one_of_another_kind_of_database_is_refused(tmp_path):
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    [other] = names.keys() - {connection.vendor}
    with pytest.raises(Fault) as fault:
        restore.look(of_this_site(tmp_path, vendor=other))
    assert str(fault.value) == (
        f"The archive holds a database of {names[other]}, and this site has one of {names[connection.vendor]}."
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_without_the_word_nothing_is_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(restore, "alone", restore.transaction.atomic)
    monkeypatch.setattr(restore, "bring_back", lambda *args: pytest.fail("it went on"))
    for answer in ("yes", "", "Restor"):
        monkeypatch.setattr("builtins.input", lambda words, answer=answer: answer)
        with pytest.raises(CommandError, match=r"^Nothing was changed\.$"):
            call_command("restore", of_this_site(tmp_path), stdout=io.StringIO())


@pytest.mark.django_db
@pytest.mark.usefixtures("_english")
def test_what_is_not_there_or_no_archive_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "letter").write_text("Dear Anna")
    with pytest.raises(CommandError) as missing:
        call_command("restore", tmp_path / "nothing")
    with pytest.raises(CommandError) as other:
        call_command("restore", tmp_path / "letter")
    assert [str(missing.value), str(other.value)] == [
        f"{tmp_path / 'nothing'} is not there.",
        "The archive is damaged or not whole: letter.",
    ]


def test_an_archive_that_would_write_elsewhere_writes_nothing(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    with tarfile.open(tmp_path / "archive", "w:gz") as tar:
        member = tarfile.TarInfo("media/../evil.png")
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
        tar.addfile(tarfile.TarInfo(ABOUT))
    with pytest.raises(Fault):
        restore.put_media(tmp_path / "archive", None)
    assert not os.path.exists(tmp_path / "evil.png")
