import re
from html import unescape
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import migrations
from django.utils.html import strip_tags

from events.search import indexed

NEEDED = ["title", "slug", "summary", "body"]


def write_search_words(apps, schema_editor):
    """Of the events that were there before: the words that they are found by (events.search, as it was then; nobody
    has entered speakers or subjects yet)."""
    Event = apps.get_model("events", "Event")
    columns = {each.name for each in Event._meta.fields}
    languages = [code for code, _name in settings.LANGUAGES if f"search_words_{code.replace('-', '_')}" in columns]

    def said(row, field, language):
        texts = (getattr(row, f"{field}_{code.replace('-', '_')}") for code in (language, *languages))
        return next((text for text in texts if text), "")

    def texts_of(event, language):
        for field in ("title", "summary", "place"):
            yield said(event, field, language)
        yield unescape(strip_tags(re.sub(r"</?(?:p|h2|h3|ul|ol|li|br)\b[^>]*>", " ", said(event, "body", language))))
        for moment in (event.starts_at, event.ends_at):
            yield str(moment.astimezone(ZoneInfo(event.timezone)).year)
        for row in (*event.strategies.all(), *event.objectives.all()):
            yield said(row, "text", language)
        for partner in event.partners.all():
            yield partner.name
            yield said(partner, "full_name", language)

    for event in Event.objects.all():
        written = []
        for language in languages:
            code = language.replace("-", "_")
            shown = all(getattr(event, f"{field}_{code}") for field in NEEDED)
            setattr(event, f"search_words_{code}", indexed(texts_of(event, language), language) if shown else "")
            written.append(f"search_words_{code}")
        event.save(update_fields=written)


class Migration(migrations.Migration):
    dependencies = [("events", "0005_visitors_site")]

    operations = [migrations.RunPython(write_search_words, migrations.RunPython.noop, elidable=True)]
