"""Databases for one measurement: on SQLite, and on PostgreSQL where DATABASE_URL names a server on which they may be made."""

import contextlib
import os
import secrets
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit

import psycopg

from bench.serving import ROOT, free_port, manage, production


@contextlib.contextmanager
def a_database(folder: str, name: str):
    """The address of an empty one, which is deleted at the end."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    with beside(url) as address:
        yield address


@contextlib.contextmanager
def beside(url: str, template: str = ""):
    """The address of an empty one on the PostgreSQL server of `url`, or of a copy of another one there, to which nobody is
    connected; it is deleted at the end."""
    made = f"bench_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {made}" + (f" TEMPLATE {template}" if template else ""))
        try:
            yield urlsplit(url)._replace(path=f"/{made}").geturl()
        finally:
            server.execute(f"DROP DATABASE {made} WITH (FORCE)")


def on_a_site_of_its_own(module: str, *words: str) -> None:
    """Runs the module for a site whose database has its tables and nothing in them."""
    with tempfile.TemporaryDirectory() as folder, a_database(folder, "site") as address:
        env = production(folder, free_port()) | {"DATABASE_URL": address}
        manage(env, "migrate", "-v0")
        subprocess.run([sys.executable, "-m", module, *words], cwd=ROOT, env=os.environ | env, check=True)
