"""The picture that is drawn of an event for those who share its page."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.utils import translation
from PIL import Image

from events.drawn_picture import TITLE_SIZES, CannotDraw, _fitted, _font, draw
from events.reading import read
from tests.factories import make_event

pytestmark = pytest.mark.django_db

START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)
TITLE = "Lancement de la Stratégie de partenariat mondial pour la petite enfance (GPS)"


def drawn(language, **fields) -> bytes:
    event = make_event(starts_at=START, **fields)
    with translation.override(language):
        return draw(read(event, language), "OMEP")


def test_it_is_a_small_png_of_the_size_that_networks_show_whole():
    picture = drawn("fr", title_fr=TITLE)
    image = Image.open(BytesIO(picture))
    assert (image.format, image.size, len(picture) < 30_000) == ("PNG", (1200, 630), True)


def test_the_same_event_is_drawn_to_the_same_bytes_and_each_language_has_its_own():
    event = make_event(starts_at=START, title_fr="Été", title_en="Summer")
    pictures = []
    for language in ("fr", "fr", "en"):
        with translation.override(language):
            pictures.append(draw(read(event, language), "OMEP"))
    assert [picture == pictures[0] for picture in pictures] == [True, True, False]


@pytest.mark.parametrize("title", ["لقاء الطفولة", "幼儿教育大会"])
def test_what_the_typeface_lacks_is_not_drawn_as_boxes(title):
    with pytest.raises(CannotDraw):
        drawn("fr", title_fr=title)


def test_accents_ligatures_and_french_spaces_are_drawn():
    assert drawn("fr", title_fr="«\u202fÀ l’œuvre\u202f»\u202f: Élodie Çağlar, n°\xa01\u202f!")[:4] == b"\x89PNG"


def test_a_long_title_is_set_smaller_and_at_last_cut():
    size, lines = _fitted("Été", 1040)
    assert (size, lines) == (TITLE_SIZES[0], ["Été"])
    size, lines = _fitted("La petite enfance avant toute chose " * 12, 1040)
    assert (size, len(lines), lines[-1][-1]) == (TITLE_SIZES[-1], 5, "…")


@pytest.mark.parametrize(
    ("title", "size", "count", "end"),
    [
        ("Développement socioémotionnel interinstitutionnellement", 56, 3, "ment"),
        ("x" * 200, TITLE_SIZES[-1], 1, "x…"),
        ("Voir " + "x" * 150, TITLE_SIZES[-1], 2, "x…"),
    ],
)
def test_a_long_word_stays_within_the_margin(title, size, count, end):
    found, lines = _fitted(title, 700)
    assert (found, len(lines), lines[-1].endswith(end)) == (size, count, True)
    assert all(_font("Bold", found).getlength(line) <= 700 for line in lines)
