"""The roles once more, now that comments have rules and a record of decisions."""

from django.db import migrations

from accounts.roles import write_permissions, write_roles


def forwards(apps, schema_editor):
    write_permissions(apps)
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_roles_for_visitors_site"),
        ("comments", "0004_places_in_conversations"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
