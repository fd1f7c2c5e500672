"""The tables are made once, and each process that runs tests begins with a copy of them.

On SQLite the original is a file; on PostgreSQL a database beside that of DATABASE_URL, which the first process makes and
`pytest_sessionfinish` drops.
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from tests.processes import Project

URL = os.environ.get("DATABASE_URL", "")
_kept = []  # a database in memory is there as long as somebody is connected to it


def migrate(project: Project, url: str) -> None:
    assert project.run("migrate", "-v0", DATABASE_URL=url) == (0, "", "")


def original() -> str:
    """The name of the database on the PostgreSQL server."""
    return f"test_{urlsplit(URL).path.removeprefix('/')}_migrated"


def drop() -> None:
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {original()} WITH (FORCE)")


def make(project: Project) -> None:
    drop()
    with psycopg.connect(URL, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {original()}")
    migrate(project, urlsplit(URL)._replace(path=f"/{original()}").geturl())


def begin_with(found: Path | str) -> None:
    """The tests' own database is a copy of it before Django migrates that one and finds nothing to do."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = found
        return
    create = connection.creation._create_test_db

    def created(*args, **kwargs):
        name = create(*args, **kwargs)
        _kept.append(sqlite3.connect(name, uri=True, check_same_thread=False))
        with closing(sqlite3.connect(found)) as file:
            file.backup(_kept[-1])
        return name

    connection.creation._create_test_db = created
