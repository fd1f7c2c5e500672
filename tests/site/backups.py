"""What the tests of backup and restore share: a site on the kind of database that the tests run on, its rows, its copies."""

import os
import shutil
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.db import connection

from bench.databases import beside
from tests.processes import Project

SITE = {
    "SECRET_KEY": "for-the-tests-of-backups-and-nothing-else",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SITE_URL": "http://127.0.0.1",
    "WORKERS": "1",
    "TRUSTED_PROXIES": "1",
}
# What a restore changes on purpose: nobody is signed in, pages are of a new version, numbers go on behind a gap. And what the
# site notes of itself while it runs.
CHANGED = {"django_session", "omep_site_contentversion"}
CHANGED |= {"omep_site_finding", "omep_site_incident", "omep_site_tally"}


@dataclass
class Site:
    """A site in a folder of its own; its commands speak English."""

    project: Project
    folder: Path

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    def archives(self) -> list[Path]:
        return sorted(self.backups.glob("omep-*.tar.gz"))

    def run(self, *words, **env) -> tuple[int, str, str]:
        return self.project.run(*words, **env)

    def inside(self, code: str) -> str:
        """What some Python said within the site."""
        status, said, complaint = self.run("shell", "-v0", "-c", code)
        assert status == 0, complaint
        return said

    def backup(self) -> Path:
        status, said, complaint = self.run("backup")
        assert (status, complaint) == (0, "")
        return Path(said.split("  ")[0])

    def restore(self, archive: Path, code: str = "") -> tuple[int, str, str]:
        """`code` runs before, in the same process."""
        if not code:
            return self.run("restore", str(archive), "--yes")
        call = f"{code}\nfrom django.core.management import call_command\ncall_command('restore', {str(archive)!r}, yes=True)"
        return self.run("shell", "-v0", "-c", call)

    def query(self, sql: str) -> list[tuple]:
        url = self.project.env["DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(urlsplit(url).path.removeprefix("/"), timeout=60)) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(url) as database:
            return database.execute(sql).fetchall()

    def rows(self) -> dict[str, list]:
        """Every row of every table, but of those that a restore changes on purpose."""
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        if not self.project.env["DATABASE_URL"].startswith("sqlite"):
            listed = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        names = sorted({name for (name,) in self.query(listed)} - CHANGED)
        return {name: sorted(map(repr, self.query(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608

    def uploads(self) -> dict[str, bytes]:
        files = [path for path in self.media.rglob("*") if path.is_file()]
        return {path.relative_to(self.media).as_posix(): path.read_bytes() for path in files}


class Sites:
    """Makes sites, whose databases go at the end of the test."""

    def __init__(self, copy: Path, tmp_path: Path, template: Path | str, stack: ExitStack):
        self.copy, self.tmp_path, self.template, self.stack = copy, tmp_path, template, stack

    def new(self, name: str, empty: bool = False) -> Site:
        """Migrated, or with no database at all (SQLite), with an empty one (PostgreSQL)."""
        folder = self.tmp_path / name
        (folder / "media").mkdir(parents=True)
        if connection.vendor == "sqlite":
            url = f"sqlite:///{folder / 'db.sqlite3'}"
            if not empty:
                shutil.copy(self.template, folder / "db.sqlite3")
        else:
            url = self.stack.enter_context(beside(os.environ["DATABASE_URL"], "" if empty else self.template))
        own = {"DATABASE_URL": url, "MEDIA_ROOT": str(folder / "media"), "BACKUPS": str(folder / "backups")}
        return Site(Project(self.copy, folder, SITE | own), folder)
