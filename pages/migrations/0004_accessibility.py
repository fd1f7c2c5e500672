"""A page that says how far everybody can use the site. Where an editor has written one, it stays as it is."""

from django.db import migrations, models

from pages.first_words import write_notice
from pages.notices import ACCESSIBILITY


def write(apps, schema_editor):
    write_notice(apps.get_model("pages", "Page"), "access", ACCESSIBILITY, position=3, status="published")


class Migration(migrations.Migration):
    dependencies = [("pages", "0003_old_addresses")]

    operations = [
        migrations.AlterField(
            model_name='page',
            name='kind',
            field=models.CharField(choices=[('free', 'free page'), ('privacy', 'privacy notice'), ('legal', 'legal notice'), ('access', 'accessibility page')], default='free', help_text='The privacy notice says what the site keeps about people (GDPR, articles 13 and 14). The legal notice says who publishes and who hosts it: French law asks every site for one (LCEN, article 1-1, formerly article 6-III). The accessibility page says how far everybody can use it. There is one of each.', max_length=10, verbose_name='kind'),
        ),
        # Backwards it takes nothing: the words may be the editors' by then.
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
