from django.apps import AppConfig


class OmepSiteConfig(AppConfig):
    name = "omep_site"
    verbose_name = "OMEP"
