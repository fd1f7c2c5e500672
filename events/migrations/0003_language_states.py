import hashlib
from html import unescape

from django.conf import settings
from django.db import migrations
from django.utils.html import strip_tags

WORDS = ["title", "summary", "body", "place", "registration_label", "strategies_title", "objectives_title", "credit"]
NEEDED = ["title", "summary", "body"]


def digest(text):
    return hashlib.sha256(" ".join(unescape(strip_tags(text or "")).split()).encode()).hexdigest()[:16]


def write_language_states(apps, schema_editor):
    """Of the events that were there before: what stands in each language (events.completeness, as it was then), and
    that each translation agrees with the French of today (omep_site.lib.translating)."""
    languages = [code for code, _name in settings.LANGUAGES]

    def made_from(row, fields):
        kept = {}
        for field in fields:
            texts = {code: getattr(row, f"{field}_{code.replace('-', '_')}", None) for code in languages}
            digests = {code: digest(text) for code, text in texts.items() if text}
            if not digests:
                continue
            kept[field] = {"seen": digests}
            source = settings.LANGUAGE_CODE
            for code in digests.keys() - {source}:
                if source in digests:
                    pair = sorted((code, source))
                    kept[field]["|".join(pair)] = [digests[each] for each in pair]
        return kept

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
        event.made_from = made_from(event, WORDS)
        event.save(update_fields=["language_states", "made_from"])
        for row in rows:
            row.made_from = made_from(row, ["text"])
            row.save(update_fields=["made_from"])


class Migration(migrations.Migration):
    dependencies = [("events", "0002_editors_house")]

    operations = [migrations.RunPython(write_language_states, migrations.RunPython.noop, elidable=True)]
