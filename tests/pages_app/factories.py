from pages.models import Page

_count = 0


def make_page(**fields) -> Page:
    """A published free page in both languages, in the main menu; give a language's fields as "" to leave it out."""
    global _count
    _count += 1
    defaults = {
        "title_fr": f"Œuvre d’été {_count}",
        "title_en": f"Summer’s work {_count}",
        "slug_fr": f"oeuvre-{_count}",
        "slug_en": f"work-{_count}",
        "body_fr": "<p>Des mots <strong>à nous</strong>.</p><p>Et un autre.</p>",
        "body_en": "<p>Words of <strong>ours</strong>.</p><p>And another.</p>",
        "place": Page.Place.MENU,
        "status": Page.Status.PUBLISHED,
    }
    return Page.objects.create(**defaults | fields)


FRENCH_ONLY = {"title_en": "", "slug_en": None, "body_en": ""}
