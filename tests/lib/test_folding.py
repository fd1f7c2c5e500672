"""What is typed and what is written, made alike."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omep_site.lib.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’Œuvre de l'Été !", "l oeuvre de l ete"),
        ("co-organisé à l\u02bcUNESCO", "co organise a l unesco"),
        ("Straße, Łódź & Ærø", "strasse lodz aero"),
        ("E\u0301colie\u0300re", "ecoliere"),
        ("ﬁn ２０２１ n° 3", "fin 2021 n 3"),
        ("co\u00adopé\u200bration", "cooperation"),
        ("100 % _under_", "100 under"),
        ("İSTANBUL Iğdır", "istanbul igdir"),
        ("Ελλάς ΕΛΛΑΣ", "ελλασ ελλασ"),
        ("हिन्दी में", "हिनदी में"),
        ("日本語 教育", "日本語 教育"),
        ("…—« »", ""),
        ("🎉 \ud800", ""),
        ("", ""),
    ],
)
def test_accents_capitals_and_signs_do_not_count(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("fr", "stratégie", "stratégies"),
        ("fr", "journal", "journaux"),
        ("fr", "animal", "Animaux"),
        ("fr", "bateau", "bateaux"),
        ("fr", "tuyau", "tuyaux"),
        ("fr", "travail", "travaux"),
        ("fr", "jeu", "jeux"),
        ("fr", "pays", "pays"),
        ("fr", "droit de l’enfant", "droits de l’enfant"),
        ("fr", "détail", "détails"),
        ("fr-ca", "école", "écoles"),
        ("en", "activity", "activities"),
        ("en", "strategie", "strategies"),
        ("en", "class", "classes"),
        ("en", "box", "boxes"),
        ("en", "approach", "approaches"),
        ("en", "house", "houses"),
        ("en", "right of the child", "rights of the child"),
        ("en", "play day", "plays days"),
        ("en", "movie", "movies"),
        ("en", "campus", "campus"),
        ("en", "analysis", "analysis"),
    ],
)
def test_one_and_many_are_alike(language, one, many):
    assert fold(one, language) == fold(many, language)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("fr", "mal", "mail"),
        ("fr", "os", "o"),
        ("fr", "eau", "al"),
        ("en", "child", "children"),  # only simple plurals are known
        ("en", "access", "acces"),
        ("es", "juego", "juegos"),  # a language without plurals of its own: accents and capitals alone
        ("", "jeu", "jeux"),
    ],
)
def test_what_is_not_a_simple_plural_stays_apart(language, one, other):
    assert fold(one, language) != fold(other, language)


@given(st.text(max_size=80), st.sampled_from(["", "fr", "en", "es", "xx"]))
def test_folding_twice_is_folding_once(text, language):
    once = fold(text, language)
    assert fold(once, language) == once
    assert fold(fold(text), language) == once


@given(st.text(alphabet="abdeéilmosuxyz -", max_size=40), st.sampled_from(["fr", "en"]))
def test_folding_words_twice_is_folding_them_once(text, language):
    once = fold(text, language)
    assert fold(once, language) == once


@given(st.text(min_size=1, max_size=40))
def test_the_same_however_the_accents_are_stored(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize("piece", ["s", "x", "é", "aux ", "\u0301", "œ", "-", "ies", "ﷺ"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_hundred_kilobytes_of_one_thing_are_folded_to_their_end(piece, language):
    """What needs a time that grows with the square of the length would not come to an end here."""
    assert fold(f"Début {piece * (100_000 // len(piece))} été", language).split()[::-1][0] == "ete"
