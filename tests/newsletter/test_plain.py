import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from newsletter.plain import WIDTH, as_text, tidy


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>Chères amies,</p><p>chers amis</p>", "Chères amies,\n\nchers amis"),
        ("<p>un<br>deux</p>", "un\ndeux"),
        ("<p>à <strong>voir</strong> et <em>revoir</em></p>", "à voir et revoir"),
        ("<h2>L’été</h2><p>Voilà</p>", "L’été\n=====\n\nVoilà"),
        ("<h3>Août</h3>", "Août\n----"),
        ("<ul><li><p>un</p></li><li><p>deux</p></li></ul><p>fin</p>", "- un\n- deux\n\nfin"),
        ("<ol><li>un</li><li>deux</li></ol>", "1. un\n2. deux"),
        ('<ol start="9"><li>neuf</li><li>dix</li></ol>', "9. neuf\n10. dix"),
        ("<ul><li><p>un</p><ul><li><p>dedans</p></li></ul></li><li>deux</li></ul>", "- un\n  - dedans\n- deux"),
        ('<p>Voir <a href="https://example.org/a">la page</a>.</p>', "Voir la page (https://example.org/a)."),
        ('<p><a href="https://example.org/">https://example.org/</a></p>', "https://example.org/"),
        ('<p><a href="https://example.org/">example.org</a></p>', "https://example.org/"),
        ('<p><a href="mailto:a@example.org">Écrivez</a></p>', "Écrivez (a@example.org)"),
        ('<p><a href="mailto:a@example.org">a@example.org</a></p>', "a@example.org"),
        ('<p><a href="https://example.org/"> </a></p>', "https://example.org/"),
        ("<p>1 &lt; 2 &amp; 3&nbsp;€</p>", "1 < 2 & 3\xa0€"),
        ("<p>  beaucoup\n   d’espaces </p>", "beaucoup d’espaces"),
        ('<p><img src="x" alt="Une ronde"></p>', "Une ronde"),
        ("<p>1<sup>er</sup> mai</p>", "1er mai"),
    ],
)
def test_rich_text_is_said_without_markup(html, text):
    assert as_text(html) == text


def test_lines_are_broken_between_words_and_addresses_never():
    address = "https://example.org/" + "long/" * 20
    text = as_text(f'<ul><li><p>{"des mots " * 20}<a href="{address}">ici</a></p></li></ul>')
    assert f"({address})" in text
    assert all(len(line) <= WIDTH for line in text.split("\n") if address not in line)
    assert all(line.startswith("  ") for line in text.split("\n")[1:])


def test_no_break_spaces_hold_words_together():
    text = as_text("<p>" + "mot " * 17 + "13&nbsp;h&nbsp;30</p>")
    assert text.split("\n")[-1] == "13\xa0h\xa030"


def test_what_a_template_left_is_one_empty_line_at_most():
    assert tidy("\n\na\n\n\n\n  b  \n\n") == "a\n\n  b\n"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_words_that_look_like_markup_stay_words(words):
    assert "".join(as_text(f"<p>{escape(words)}</p>").split()) == "".join(words.split())
