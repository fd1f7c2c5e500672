"""Back to the release before, whose migrations cannot be undone, with the backup that its own programme made a moment before
the upgrade (`omep rollback FILE`): nothing of the newer one is left, on either kind of database."""

import re
import shutil
from dataclasses import replace

import pytest

from tests.processes import Project
from tests.site.backups import Site

UNFIT = "deploy/unfit.py"
FINAL = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("comments", "{after}")]
    operations = [
        migrations.RunSQL("CREATE TABLE comments_final (id integer)"),
        migrations.RunSQL("ALTER TABLE comments_comment ADD COLUMN final integer NOT NULL DEFAULT 1"),
        migrations.RunSQL("INSERT INTO comments_final VALUES (1)"),
    ]
"""


@pytest.fixture
def older(sites) -> Site:
    site = sites.new("site")
    assert site.run("load_demo", "-v0")[0] == 0
    return site


@pytest.fixture
def newer(older, tmp_path) -> Site:
    """A release with one more migration, on the same database."""
    shutil.copytree(older.project.folder, tmp_path / "newer")
    folder = tmp_path / "newer/comments/migrations"
    last = sorted(folder.glob("0*.py"))[-1].stem
    (folder / f"{int(last[:4]) + 1:04}_final.py").write_text(FINAL.format(after=last))
    return replace(older, project=Project(tmp_path / "newer", tmp_path, older.project.env))


def unfit(site: Site) -> list[str]:
    """The first words of what deploy/omep is told."""
    return [line.split()[0] for line in site.inside((site.project.folder / UNFIT).read_text()).splitlines()]


def test_the_older_release_brings_its_backup_back_over_the_newer_database(older, newer):
    archive = older.backup()
    before, uploads = older.rows(), older.uploads()
    assert newer.run("migrate", "-v0") == (0, "", "")
    newer.inside("from pages.models import Page; Page.objects.all().delete()")
    assert older.rows().keys() != before.keys()
    status, _said, complaint = older.restore(archive)
    assert (status, complaint) == (0, "")
    assert older.rows() == before
    assert (older.uploads(), unfit(older), unfit(newer)) == (uploads, [], ["older"])
    assert newer.run("migrate", "-v0") == (0, "", "")  # and forward again
    assert (unfit(older), unfit(newer)) == (["newer"], [])


def test_a_backup_of_the_newer_database_is_refused_by_the_older_release_and_nothing_is_changed(older, newer):
    assert newer.run("migrate", "-v0") == (0, "", "")
    before = newer.rows()
    status, said, complaint = older.restore(newer.backup())
    assert (status, said, re.sub(r"\d{4}_final", "", complaint)) == (
        1,
        "",
        "CommandError: L’archive vient d’une version plus récente du site\xa0: elle contient comments., que celle-ci ne "
        "connaît pas.\n",
    )
    assert (newer.rows(), unfit(newer), unfit(older)) == (before, [], ["newer"])


def test_a_restore_that_was_not_finished_fits_no_release(older, newer):
    if older.project.env["DATABASE_URL"].startswith("sqlite"):
        pytest.skip("on SQLite, a restore is finished in one step")
    archive = older.backup()
    assert newer.run("migrate", "-v0") == (0, "", "")
    stopped = (
        "from omep_site import restore\ndef stop(*_about): raise KeyboardInterrupt\nrestore.time_has_passed = stop"
    )
    assert older.restore(archive, stopped)[0] != 0
    assert (unfit(older), unfit(newer)) == (["half"], ["older", "half"])
    assert older.restore(archive)[0] == 0
    assert unfit(older) == []


def test_what_a_release_does_not_know_it_cannot_undo_and_says_so(older, newer, tmp_path):
    assert older.run("schema", "--note", str(tmp_path / "noted")) == (0, "", "")
    assert newer.run("migrate", "-v0") == (0, "", "")
    for site, sentence in ((older, "This release does not know comments."), (newer, "What comments.")):
        for words in ([], ["--check"]):
            status, said, complaint = site.run("schema", "--back-to", str(tmp_path / "noted"), *words)
            assert (status, said, complaint.startswith(f"CommandError: {sentence}")) == (3, "", True)
    assert unfit(newer) == []
