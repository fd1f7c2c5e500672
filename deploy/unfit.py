"""Prints why the database is not that of the release in whose `manage.py shell` this runs, in lines of two words: a migration
that the release does not know (newer), one that the database lacks (older), a restore that was not finished (half). Nothing
where it is. deploy/omep asks any release, also one that was made before this file."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
loader = executor.loader
lines = [f"newer {app}.{name}" for app, name in sorted(set(loader.applied_migrations) - set(loader.disk_migrations))]
lines += [f"older {migration}" for migration, _back in executor.migration_plan(loader.graph.leaf_nodes())]
if "omep_restoring" in connection.introspection.table_names():  # omep_site/running.py
    lines.append("half restored")
for line in lines:
    print(line)
