"""The roles once more, now that the newsletter has letters."""

from django.db import migrations

from accounts.roles import write_permissions, write_roles


def forwards(apps, schema_editor):
    write_permissions(apps)
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_roles_for_conversations"), ("newsletter", "0002_issues")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
