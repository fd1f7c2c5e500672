"""Pure helpers on text."""

import re
import unicodedata
from xml.etree import ElementTree as Tree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omep_site.lib.text import ascii_slug, for_xml, has_control, has_letter, has_visible, initial


@pytest.mark.parametrize(
    ("text", "visible", "letter"),
    [
        ("Zoé", True, True),
        ("  李  ", True, True),
        ("7", True, True),
        ("عائشة", True, True),
        ("🎉", True, False),
        ("?!", True, False),
        ("+", True, False),
        ("", False, False),
        (" \t\n\u00a0\u2003\u3000", False, False),
        ("\u200b\u200c\u200d\u2060\ufeff\u00ad", False, False),
        ("\u202e\u2066", False, False),
        ("\u3164", False, False),
        ("\u115f\u1160\uffa0", False, False),
        ("\u2800\u034f", False, False),
        ("\u0301\ufe0f", False, False),
        ("\x00\x1f\x7f", False, False),
        ("\U000e0041", False, False),
        ("\ud800", False, False),
        ("\u3164 a", True, True),
    ],
)
def test_what_can_be_seen_and_what_is_a_letter(text, visible, letter):
    assert (has_visible(text), has_letter(text)) == (visible, letter)


@given(st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "Co", "Cn", "Z", "M"]), max_size=20))
def test_spaces_marks_and_controls_alone_are_never_visible(text):
    assert not has_visible(text)


@given(st.text(max_size=20), st.characters(categories=["Lu", "Ll", "Nd", "P"]), st.text(max_size=20))
def test_one_letter_digit_or_sign_makes_any_text_visible(before, char, after):
    assert has_visible(before + char + after)


@given(st.text(max_size=20))
def test_what_has_a_letter_can_be_seen(text):
    assert has_visible(text) or not has_letter(text)


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("Zoé d’Été – « bonjour »", False),
        ("a\u200db", False),
        ("a\nb", True),
        ("a\rb", True),
        ("a\tb", True),
        ("a\x00", True),
        ("a\x85", True),
        ("a\u2028b", True),
        ("a\u2029b", True),
        ("a\ud800", True),
    ],
)
def test_what_is_a_control_character(text, control):
    assert has_control(text) is control


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("L’Œuvre de l’été", "l-oeuvre-de-l-ete"),
        ("L'Œuvre", "l-oeuvre"),
        ("Straße, Łódź & Ærø", "strasse-lodz-aero"),
        ("73e Assemblée — mondiale !", "73e-assemblee-mondiale"),
        ("ﬁn", "fin"),
        ("---", ""),
        ("日本語", ""),
        ("", ""),
    ],
)
def test_a_slug_is_plain_letters(text, slug):
    assert ascii_slug(text) == slug


@pytest.mark.parametrize(
    ("longest", "slug"),
    [
        (20, "une-petite-enfance"),
        (18, "une-petite-enfance"),
        (17, "une-petite"),
        (10, "une-petite"),
        (9, "une"),
        (2, "un"),
    ],
)
def test_a_slug_is_cut_at_a_word_where_it_can_be(longest, slug):
    assert ascii_slug("Une petite enfance", longest) == slug


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_slug_is_never_longer_never_strange_and_its_own_slug(text, longest):
    slug = ascii_slug(text, longest)
    assert len(slug) <= longest
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert ascii_slug(slug, longest) == slug


@given(st.text(min_size=1, max_size=20))
def test_a_slug_is_the_same_however_the_accents_are_stored(text):
    assert ascii_slug(unicodedata.normalize("NFC", text)) == ascii_slug(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(codec=None)))
def test_what_is_made_for_xml_can_be_read_from_xml_again(text):
    element = Tree.Element("p")
    element.text = for_xml(text)
    read = Tree.fromstring(Tree.tostring(element, encoding="utf-8"))  # noqa: S314 - our own
    assert (read.text or "") == for_xml(text).replace("\r\n", "\n").replace("\r", "\n")


def test_xml_takes_every_letter_and_no_control():
    assert for_xml("Été 🎉\t\n عائشة\x00\x0b\x1b\ud800\ufffe\uffff") == "Été 🎉\t\n عائشة"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Zoé", "Z"),
        ("émile", "É"),
        ("e\u0301mile", "É"),
        ("  « Ada »", "A"),
        ("\u200bBo", "B"),
        ("\u200fأمينة", "أ"),
        ("นิรันดร์", "น"),
        ("한나", "한"),
        ("3 amis", "3"),
        ("🎈 Zoé", "Z"),
        ("🎈\ufe0f", "🎈"),
        ("👩\u200d👧", "👩"),
        ("ßen", "ß"),
        ("ǆabc", "Ǆ"),
        ("x\u0302", "X"),
        ("\u3164", ""),
        ("", ""),
    ],
)
def test_a_name_is_shown_by_its_first_letter_or_else_by_what_can_be_seen(name, shown):
    assert initial(name) == shown
