from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NewsletterConfig(AppConfig):
    name = "newsletter"
    verbose_name = _("Newsletter")

    def ready(self):
        from anymail.signals import tracking

        from newsletter import provider_reports  # it needs the models

        tracking.connect(provider_reports.take, dispatch_uid="newsletter")
