"""How many readers an issue had.

On PostgreSQL: which workers send, in a table without a log. After a fall of the database it is empty, and says so that
marks which were not written to the disk yet may be lost (newsletter/recovery.py)."""

from django.db import migrations, models


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE UNLOGGED TABLE newsletter_living_run (run bigint PRIMARY KEY)")


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TABLE newsletter_living_run")


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0003_letters_drafted")]
    operations = [
        migrations.AddField(
            "issue", "readers", models.PositiveIntegerField(editable=False, null=True, verbose_name="readers")
        ),
        migrations.AddField("issue", "to_groups_only", models.BooleanField(default=False, editable=False)),
        migrations.AlterField("issuecontent", "subject", models.TextField()),
        migrations.RunPython(make, drop),
    ]
