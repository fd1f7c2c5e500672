"""Databases for one measurement: on SQLite, and on PostgreSQL where DATABASE_URL names a server on which they may be made."""

import contextlib
import os
import secrets
from urllib.parse import urlsplit

import psycopg


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
def beside(url: str):
    """The address of an empty one on the PostgreSQL server of `url`, which is deleted at the end."""
    made = f"bench_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {made}")
        try:
            yield urlsplit(url)._replace(path=f"/{made}").geturl()
        finally:
            server.execute(f"DROP DATABASE {made} WITH (FORCE)")
