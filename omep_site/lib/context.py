from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string


def site(request=None) -> dict:
    """What every page and mail may name. Asked for only where a template names it, in the language of that moment."""
    words = SimpleLazyObject(lambda: import_string(settings.SITE_WORDS)())
    return {
        "site": words,
        "site_name": SimpleLazyObject(lambda: words.name),
        "site_url": settings.SITE_URL,
        "default_language": settings.LANGUAGE_CODE,
    }
