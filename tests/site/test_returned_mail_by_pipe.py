"""The command as a mail server runs it: a process of its own, a mail on its standard input, an exit status."""

import subprocess

import pytest

from tests.newsletter.returned import letter_of_a_person


@pytest.mark.parametrize(("database", "status"), [("db.sqlite3", 0), ("nowhere/db.sqlite3", 75)])
def test_it_says_taken_or_later(project, database, status):
    words = project.words("receive_returned_mail", "--for", "retours+b1-000000000000@example.org")
    done = subprocess.run(
        words,
        input=letter_of_a_person("retours@example.org"),
        cwd=project.folder,
        env=project.environment(DATABASE_URL=f"sqlite:///{project.scratch / database}"),
        capture_output=True,
    )
    assert (done.returncode, done.stdout) == (status, b"")
    assert b"Traceback" not in done.stderr
    assert (b"not now: OperationalError" in done.stderr) == (status == 75)
