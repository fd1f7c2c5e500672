"""What the Spanish tests write with."""

from datetime import UTC, datetime

from events.models import Event
from tests.factories import make_event

SPANISH = {
    "title_es": "Lanzamiento de la Estrategia",
    "slug_es": "lanzamiento-de-la-estrategia",
    "summary_es": "Una reunión para la primera infancia.",
    "body_es": "<p>Vengan todas y todos.</p>",
    "place_es": "En línea",
}
NO_FRENCH = {"title_fr": "", "slug_fr": None, "summary_fr": "", "body_fr": "", "place_fr": ""}
NO_ENGLISH = {"title_en": "", "slug_en": None, "summary_en": "", "body_en": "", "place_en": ""}
LAUNCH = {
    "starts_at": datetime(2021, 12, 6, 12, 30, tzinfo=UTC),
    "ends_at": datetime(2021, 12, 6, 13, 30, tzinfo=UTC),
}


def make_launch(**fields) -> Event:
    """A published event in all three languages, on 6 December 2021 from 13:30 to 14:30 in Paris."""
    names = {
        "title_fr": "Lancement de la Stratégie",
        "slug_fr": "lancement-de-la-strategie",
        "title_en": "Launch of the Strategy",
        "slug_en": "launch-of-the-strategy",
    }
    return make_event(**names | SPANISH | LAUNCH | fields)


SITE = "https://events.example.org"
PATHS = {
    "fr": "/fr/evenements/lancement-de-la-strategie/",
    "en": "/en/events/launch-of-the-strategy/",
    "es": "/es/evenements/lanzamiento-de-la-estrategia/",
}
