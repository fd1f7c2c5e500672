import hashlib

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def pending_migrations() -> int:
    """How many migrations the database still lacks. Raises django.db.Error where it does not answer."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def take_turn(*about) -> None:
    """Call inside a transaction: waits until every other transaction that took its turn about the same has ended.

    SQLite has one writer at a time anyway (our transactions are IMMEDIATE); PostgreSQL has a lock for it that the end
    of the transaction gives back. Two subjects that share a lock by chance only wait for each other.
    """
    if connection.vendor == "postgresql":
        digest = hashlib.blake2b(repr(about).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])
