"""The roles once more, now that events have subjects and speakers."""

from django.db import migrations

from accounts.roles import write_permissions, write_roles


def forwards(apps, schema_editor):
    write_permissions(apps)
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_roles_for_permissions"),
        ("events", "0005_visitors_site"),
        ("pages", "0003_old_addresses"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
