"""What an upgrade did to the database is undone by the release that did it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import migrations


def last_applied(project) -> list[str]:
    _status, printed, _complaint = project.run("showmigrations", "newsletter", "-l")
    return [line.split()[-1] for line in printed.splitlines() if line.startswith(" [X]")][-1:]


def test_the_database_is_taken_back_to_what_was_noted(project, tmp_path):
    project.run("migrate", "-v0", "newsletter", "0003")
    before = last_applied(project)
    assert project.run("schema", "--note", str(tmp_path / "noted")) == (0, "", "")
    project.run("migrate", "-v0")
    assert last_applied(project) != before
    assert project.run("schema", "--back-to", str(tmp_path / "noted"), "--check")[0] == 1
    assert last_applied(project) != before
    status, printed, complaint = project.run("schema", "--back-to", str(tmp_path / "noted"))
    assert (status, complaint, last_applied(project)) == (0, "", before)
    assert printed.startswith("Undone: ")
    assert printed.endswith("newsletter.0004_living_runs.\n")
    again = project.run("schema", "--back-to", str(tmp_path / "noted"), "--check")
    assert again == (0, "The database is as it was.\n", "")


def test_what_cannot_be_undone_is_said_and_nothing_is_changed(db, tmp_path, monkeypatch, capsys):
    noted = tmp_path / "noted"
    call_command("schema", note=noted)
    rows = noted.read_text().splitlines()
    noted.write_text("\n".join(row for row in rows if not row.startswith("newsletter 0004")))
    monkeypatch.setattr(migrations.AddField, "reversible", False)
    monkeypatch.setattr(migrations.AddIndex, "reversible", False)
    monkeypatch.setattr(migrations.AddConstraint, "reversible", False)
    with pytest.raises(CommandError, match=r"What newsletter\.0004_living_runs did to the database cannot be undone\."):
        call_command("schema", back_to=noted)
    call_command("schema", note=tmp_path / "again")
    assert (tmp_path / "again").read_text().splitlines() == rows


def test_a_note_in_which_nothing_stands_drops_no_table(db, tmp_path):
    (tmp_path / "noted").touch()
    with pytest.raises(CommandError, match=r"^Nothing is noted in .*noted\.$"):
        call_command("schema", back_to=tmp_path / "noted")
