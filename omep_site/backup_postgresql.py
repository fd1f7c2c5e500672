"""PostgreSQL's part of backup and restore, by PostgreSQL's own tools.

`pg_dump` reads one moment of the database and holds up nobody who writes; the rows are counted in the same moment. A
restore is one transaction: what is there goes, what the archive has comes, or nothing of it happens. A table that only a
finished restore takes away again (`MARK`) comes with it, so that no worker sends anything in between, on whichever machine.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient

from omep_site import archives, running
from omep_site.archives import About
from omep_site.backup_faults import Fault
from omep_site.backup_sqlite import Copy

MARK = running.MARK


def size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def server_version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return cursor.fetchone()[0]


# --- The tools --------------------------------------------------------------------------------------------------------


def tool(name: str) -> str:
    """Its path. Raises Fault where it is missing, or older than the server: it would refuse, in words for developers."""
    path = shutil.which(name)
    if path is None:
        raise Fault("tool", name=name)
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    theirs, ours = re.search(r"\d+", said), server_version().split()[0]
    if theirs and int(theirs[0]) < int(ours.split(".")[0]):
        raise Fault("tool_old", name=name, theirs=theirs[0], ours=ours)
    return path


def to_the_server(name: str, *words: str) -> tuple[list[str], dict[str, str] | None]:
    """A command and its environment: Django knows how its own client is told of a server, the password among it."""
    command, env = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, words)
    return [tool(name), *command[1:]], env


def run(command: list[str], env: dict[str, str] | None = None) -> None:
    """Raises Fault with what it said last, in one line."""
    done = subprocess.run(command, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise failed(command, done.stderr)


def failed(command: list[str], said: str) -> Fault:
    if "No space left on device" in said or "could not extend file" in said:
        return Fault("filled")
    lines = [line for line in said.splitlines() if line.strip()] or ["–"]
    return Fault("tool_failed", name=Path(command[0]).name, said=lines[0][:300])


# --- Copying ----------------------------------------------------------------------------------------------------------


def copy_out(folder: Path) -> Copy:
    """A dump in the folder, looked through. Raises Fault."""
    file = folder / archives.DATABASES["postgresql"]
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-table={MARK}", f"--file={file}"]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        run(*to_the_server("pg_dump", *options, f"--snapshot={cursor.fetchone()[0]}"))
        file.chmod(0o600)
        found: dict[str, list[str]] = {}
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        for app, name in cursor.fetchall():
            found.setdefault(app, []).append(name)
        tables = [name for name in tables_there() if name != MARK]
        rows = {name: count(cursor, name) for name in tables}
    run([tool("pg_restore"), "--file=/dev/null", str(file)])  # reads and unpacks all of it
    return Copy(file, server_version(), found, rows)


def count(cursor, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608
    return cursor.fetchone()[0]


def tables_there() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename")
        return [name for (name,) in cursor.fetchall()]


# --- Bringing back ----------------------------------------------------------------------------------------------------


def others() -> str:
    """Who else is connected to the database, in words; "" where nobody is. The server's own processes are nobody: what they
    are, it tells superusers alone, but they work as no user."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(nullif(application_name, ''), usename, '?'), coalesce(host(client_addr), 'localhost'), count(*)"
            " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL"
            " AND coalesce(backend_type, 'client backend') = 'client backend' GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return ", ".join(f"{name} ({host}) × {times}" for name, host, times in cursor.fetchall())


def needed(about: About, work: Path) -> tuple[Path, int]:
    """Where how many bytes are needed on this machine: for the dump. What the server needs, it knows itself."""
    return work, about.files[about.database].bytes


def is_empty() -> bool:
    return "django_migrations" not in tables_there()


def unfinished() -> str:
    """The name of the archive of a restore that was not finished; "" where there is none."""
    return (running.mark() or {}).get("name", "")


def bring_back(archive: Path, about: About, work: Path, stamp: str, finish: Callable[[dict[str, int]], None]) -> None:
    """What the archive has takes the place of what is there, is migrated and finished. A restore that was stopped after its
    transaction is finished by the next one. What was there is in an archive by then (omep_site/restore.py)."""
    mark = running.mark()
    sum_of_it = about.files[about.database].sha256
    if mark is None or mark["sha256"] != sum_of_it:
        before = numbers_there()
        for name, number in (mark or {}).get("numbers", {}).items():  # of the site before the one that is half there
            before[name] = max(number, before.get(name, 0))
        mark = {"name": archive.name, "sha256": sum_of_it, "numbers": before}
        archives.extract_one(archive, about.database, work / about.database)
        load(work / about.database, about, mark)
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic(), connection.cursor() as cursor:
        finish(mark["numbers"])
        cursor.execute(f"DROP TABLE {MARK}")


def load(dump: Path, about: About, mark: dict) -> None:
    """All in one transaction of `psql`, which is told to commit only once `pg_restore` has come to a good end."""
    reading = [tool("pg_restore"), "--no-owner", "--no-privileges", "--exit-on-error", "--file=-", str(dump)]
    writing, env = to_the_server(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"
    )
    gone = "".join(f"DROP TABLE {connection.ops.quote_name(name)} CASCADE;\n" for name in tables_of_the_site(about))
    told = json.dumps(mark).replace("'", "''")
    begin = f"BEGIN;\n{gone}CREATE TABLE {MARK} (told text NOT NULL);\nINSERT INTO {MARK} VALUES ('{told}');\n"
    connection.close()
    pipe(reading, writing, env, begin.encode(), b"\nCOMMIT;\n")


def pipe(reading: list[str], writing: list[str], env: dict | None, begin: bytes, end: bytes) -> None:
    """What `reading` says goes to `writing`, between `begin` and `end`; without `end` where it failed. Raises Fault."""
    with (
        tempfile.TemporaryFile("w+") as read_said,
        tempfile.TemporaryFile("w+") as written_said,
        subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=read_said) as source,  # noqa: S603
        subprocess.Popen(  # noqa: S603
            writing, env={**os.environ, **(env or {})}, stdin=subprocess.PIPE, stderr=written_said
        ) as target,
    ):
        try:
            target.stdin.write(begin)
            shutil.copyfileobj(source.stdout, target.stdin, archives.PIECE)
            if source.wait() == 0:
                target.stdin.write(end)
            target.stdin.close()
        except BrokenPipeError:  # it has said why
            source.kill()
        except BaseException:
            source.kill()
            target.kill()
            raise
        target.wait()
        for command, said, process in ((writing, written_said, target), (reading, read_said, source)):
            if process.wait():
                said.seek(0)
                raise failed(command, said.read())


def tables_of_the_site(about: About) -> list[str]:
    """Those that are there now: of the archive, of this release, and of any app that was ever migrated here. Whatever else
    somebody keeps in the database stays."""
    there = tables_there()
    known = {*about.rows, *connection.introspection.django_table_names(), "django_migrations", MARK}
    labels = {config.label for config in apps.get_app_configs()} | about.migrations.keys()
    if "django_migrations" in there:
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT app FROM django_migrations")
            labels |= {app for (app,) in cursor.fetchall()}
    starts = tuple(f"{label}_" for label in labels)
    return [name for name in there if name in known or name.startswith(starts)]


def numbers_there() -> dict[str, int]:
    """The last number that each table gave out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences"
            " WHERE schemaname = current_schema() AND last_value IS NOT NULL"
        )
        found = dict(cursor.fetchall())
        if "omep_site_contentversion" in tables_there():
            cursor.execute("SELECT number FROM omep_site_contentversion")
            found[archives.CONTENT_VERSION] = max((number for (number,) in cursor.fetchall()), default=0)
        return found


def skip_numbers(before: dict[str, int], gap: int) -> None:
    """No table gives out a number again that it gave out after the backup (omep_site/restore.py)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, coalesce(last_value, 0), max_value FROM pg_sequences WHERE schemaname = current_schema()"
        )
        for name, last, most in cursor.fetchall():
            to = min(max(last + gap, before.get(name, 0)), most)
            cursor.execute("SELECT setval(%s::regclass, %s)", [connection.ops.quote_name(name), to])
