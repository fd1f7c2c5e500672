from django.apps import AppConfig
from django.contrib.admin import apps as admin
from django.utils.translation import gettext_lazy as _


class OmepSiteConfig(AppConfig):
    name = "omep_site"
    verbose_name = _("E-mail")

    def ready(self):
        # Not found by its name: admin.py of this package is what makes the admin itself.
        from omep_site import (
            mail_admin,  # noqa: F401
            sentry,
        )

        sentry.start()


class HouseAdminConfig(admin.AdminConfig):
    """Django's admin, with our first page, header and language switch."""

    default = False  # of two configurations in this file, the one above is that of “omep_site”
    default_site = "omep_site.admin.House"
