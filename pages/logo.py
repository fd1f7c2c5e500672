from pages.models import SiteTexts


def in_use(name: str) -> bool:
    """Whether the site shows this file (omep_site.lib.media)."""
    return name.startswith("site/") and SiteTexts.objects.filter(logo=name).exists()
