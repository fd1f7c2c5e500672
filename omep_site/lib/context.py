from django.conf import settings


def site(request) -> dict:
    """What every page may name."""
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "facebook_url": settings.FACEBOOK_URL,
        "default_language": settings.LANGUAGE_CODE,
    }
