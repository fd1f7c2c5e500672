from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

FINAL = 3  # the exit status where nothing can be undone, also for `--check`; deploy/omep reads it


class Command(BaseCommand):
    help = "Notes which migrations the database has; takes it back to what was noted. `omep` upgrades and rolls back with it."

    def add_arguments(self, parser):
        group = parser.add_mutually_exclusive_group(required=True)
        group.add_argument("--note", type=Path, metavar="FILE")
        group.add_argument("--back-to", type=Path, metavar="FILE")
        parser.add_argument(
            "--check", action="store_true", help="Change nothing; fail where something would be undone, or cannot be."
        )

    def handle(self, *, note, back_to, check=False, **options):
        executor = MigrationExecutor(connection)
        if note:
            note.write_text("".join(f"{app} {name}\n" for app, name in sorted(executor.loader.applied_migrations)))
            return
        noted = {tuple(line.split()) for line in back_to.read_text().splitlines()}
        if not noted:  # by nobody: a note that was cut off is no reason to drop every table
            raise CommandError(f"Nothing is noted in {back_to}.")
        since = set(executor.loader.applied_migrations) - noted
        if not since:
            return self.say("The database is as it was.")
        if unknown := sorted(f"{app}.{name}" for app, name in since - set(executor.loader.disk_migrations)):
            raise CommandError(f"This release does not know {', '.join(unknown)}.", returncode=FINAL)
        everything = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
        plan = [
            (migration, True) for migration, _ in reversed(everything) if (migration.app_label, migration.name) in since
        ]
        final = [str(migration) for migration, _ in plan if not all(step.reversible for step in migration.operations)]
        if final:
            raise CommandError(f"What {', '.join(final)} did to the database cannot be undone.", returncode=FINAL)
        if check:
            raise CommandError(f"To be undone: {', '.join(str(migration) for migration, _ in plan)}.")
        executor.migrate([], plan)
        self.say(f"Undone: {', '.join(str(migration) for migration, _ in plan)}.")

    def say(self, sentence: str) -> None:
        self.stdout.write(sentence)
