"""Words of the site make no password."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.passwords import WordsOfTheSite


@pytest.mark.parametrize(
    "password",
    [
        "OMEP-evenements-2026",
        "Événements OMEP 2026!",
        "omepomepomepomep",
        "newsletter2026omep",
        "admin.example.org",  # the host is events.example.org
        "Administrator-12",
        "children-abc-childhood",
    ],
)
def test_what_anybody_would_try_here_is_refused(password):
    with pytest.raises(ValidationError) as error, translation.override("en"):
        WordsOfTheSite().validate(password)
    assert error.value.messages == [
        "This password consists of words that anybody would try here. Add others that nobody expects."
    ]


@pytest.mark.parametrize(
    "password", ["trois oies dans la cour", "omep: un cheval sur le toit", "k7#vQ2-pL9xT", "onze lettre", "x" * 200]
)
def test_words_beside_those_of_the_site_are_taken(password):
    assert WordsOfTheSite().validate(password) is None
