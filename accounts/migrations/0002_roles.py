"""The four roles. When apps have grown, a later migration does the same again."""

from django.db import migrations

from accounts.roles import write_permissions, write_roles


def forwards(apps, schema_editor):
    write_permissions(apps)
    write_roles(apps)


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("events", "0002_editors_house"),
        ("comments", "0001_initial"),
        ("newsletter", "0001_initial"),
    ]

    # Backwards the groups stay: people have them.
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
