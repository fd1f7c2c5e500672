"""The words that the site begins with, so that nothing on it changes by this migration. What stands there stays."""

from django.db import migrations

from pages.defaults import LINKS, TEXTS
from pages.first_words import translated, write_notice
from pages.notices import LEGAL, PRIVACY


def write(apps, schema_editor):
    SiteTexts = apps.get_model("pages", "SiteTexts")
    SocialLink = apps.get_model("pages", "SocialLink")
    Page = apps.get_model("pages", "Page")
    if not SiteTexts.objects.exists():
        site = SiteTexts.objects.create(pk=1, **translated(TEXTS))
        for position, link in enumerate(LINKS, start=1):
            SocialLink.objects.create(site=site, position=position, **translated(link))
    write_notice(Page, "privacy", PRIVACY, position=1, status="published")
    write_notice(Page, "legal", LEGAL, position=2, status="draft")


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    # Backwards it takes nothing: the words may be the editors' by then.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
