"""The words that the site begins with, so that nothing on it changes by this migration. What stands there stays."""

from django.db import migrations

from omep_site.lib.translating import digest
from pages.defaults import LINKS, TEXTS
from pages.notices import LEGAL, PRIVACY


def translated(fields, source="fr"):
    """With what a translated row keeps beside its columns: the base columns, and what its translation was made from.
    (The models of a migration know nothing of translations.)"""
    bases = {name.removesuffix("_fr"): words for name, words in fields.items() if name.endswith("_fr")}
    made_from = {}
    for name in bases:
        digests = {code: digest(fields[f"{name}_{code}"]) for code in ("en", source) if fields[f"{name}_{code}"]}
        if name != "slug" and digests:
            made_from[name] = {"seen": digests} | ({"en|fr": list(digests.values())} if len(digests) == 2 else {})
    return bases | fields | {"made_from": made_from}


def write(apps, schema_editor):
    SiteTexts = apps.get_model("pages", "SiteTexts")
    SocialLink = apps.get_model("pages", "SocialLink")
    Page = apps.get_model("pages", "Page")
    if not SiteTexts.objects.exists():
        site = SiteTexts.objects.create(pk=1, **translated(TEXTS))
        for position, link in enumerate(LINKS, start=1):
            SocialLink.objects.create(site=site, position=position, **translated(link))
    notices = [("privacy", PRIVACY, "published"), ("legal", LEGAL, "draft")]
    for position, (kind, words, status) in enumerate(notices, start=1):
        taken = Page.objects.filter(slug_fr=words["slug_fr"]) | Page.objects.filter(slug_en=words["slug_en"])
        if Page.objects.filter(kind=kind).exists() or taken.exists():
            continue
        place = {"kind": kind, "place": "foot", "position": position, "status": status}
        Page.objects.create(**place, **translated(words))


class Migration(migrations.Migration):
    dependencies = [("pages", "0001_initial")]

    # Backwards it takes nothing: the words may be the editors' by then.
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
