"""Databases for one measurement: on SQLite, and on PostgreSQL where DATABASE_URL names a server on which they may be made."""

import contextlib
import os
from urllib.parse import urlsplit


@contextlib.contextmanager
def a_database(folder: str, name: str):
    """The address of an empty one, which is deleted at the end."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield f"sqlite:///{folder}/{name}.sqlite3"
        return
    import psycopg

    made = f"bench_{name}_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {made}")
        try:
            yield urlsplit(url)._replace(path=f"/{made}").geturl()
        finally:
            server.execute(f"DROP DATABASE {made} WITH (FORCE)")
