from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('comments', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='comment',
            name='held_for',
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name='worth a look'),
        ),
    ]
