from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('omep_site', '0001_initial'),
        ('post_office', '0014_alter_email_recipient_delivery_status_and_more'),
    ]

    operations = [
        migrations.CreateModel(
            name='QueuedMail',
            fields=[
            ],
            options={
                'verbose_name': 'outgoing e-mail',
                'verbose_name_plural': 'outgoing e-mails',
                'ordering': ['-pk'],
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('post_office.email',),
        ),
    ]
