"""The roles once more, now that there are pages, a list of mail, and more of an event."""

from django.db import migrations

from accounts.roles import write_permissions, write_roles


def forwards(apps, schema_editor):
    write_permissions(apps)
    write_roles(apps)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_roles"),
        ("comments", "0002_held_for"),
        ("events", "0003_language_states"),
        ("newsletter", "0001_initial"),
        ("omep_site", "0002_queued_mail"),
        ("pages", "0002_first_words"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
