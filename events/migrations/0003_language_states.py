from django.conf import settings
from django.db import migrations

WORDS = ["title", "summary", "body", "place", "registration_label", "strategies_title", "objectives_title", "credit"]
NEEDED = ["title", "summary", "body"]


def write_language_states(apps, schema_editor):
    """Of the events that were there before: what stands in each language (events.completeness, as it was then)."""
    languages = [code for code, _name in settings.LANGUAGES]

    def lacks(row, fields, needed, language):
        def filled(field, code):
            return bool(getattr(row, f"{field}_{code.replace('-', '_')}", None))

        return any(
            not filled(field, language) and (field in needed or any(filled(field, code) for code in languages))
            for field in fields
        )

    for event in apps.get_model("events", "Event").objects.all():
        rows = [*event.strategies.all(), *event.objectives.all()]
        event.language_states = {
            code: "missing"
            if lacks(event, WORDS, NEEDED, code) or any(lacks(row, ["text"], [], code) for row in rows)
            else "filled"
            for code in languages
        }
        event.save(update_fields=["language_states"])


class Migration(migrations.Migration):
    dependencies = [("events", "0002_editors_house")]

    operations = [migrations.RunPython(write_language_states, migrations.RunPython.noop, elidable=True)]
