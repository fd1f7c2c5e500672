from events.models import Partner


def in_use(name: str) -> bool:
    """Whether a partner has this logo now (omep_site.lib.media)."""
    return name.startswith("partners/") and Partner.objects.filter(logo=name).exists()
