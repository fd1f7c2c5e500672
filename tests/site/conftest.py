"""The site as real processes, each test's with a database of its own."""

import shutil
from contextlib import ExitStack

import pytest

from bench.serving import free_port
from tests.processes import Project


@pytest.fixture
def project(copy, migrated_file, tmp_path) -> Project:
    """The project with a migrated database of the test's own."""
    shutil.copy(migrated_file, tmp_path / "db.sqlite3")
    return Project(copy, tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}"})


@pytest.fixture
def collected(project, collected_copy) -> Project:
    """The same with its static files hashed and compressed."""
    return project


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sites(copy, tmp_path, migrated):
    """Sites to be backed up and brought back, on the kind of database that the tests run on (tests/site/backups.py)."""
    from tests.site.backups import Sites  # which builds on what stands here

    with ExitStack() as stack:
        yield Sites(copy, tmp_path, migrated, stack)
