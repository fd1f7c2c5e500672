"""What visitors wrote, as HTML: nothing that they typed is obeyed, and nothing is lost."""

import re
import time
from html import unescape

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from comments.rendering import as_html

REL = 'rel="nofollow ugc noopener"'


def link(address: str, text: str = "") -> str:
    return f'<a href="{address}" {REL}>{text or address}</a>'


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("  \n \n", ""),
        ("Un.\nDeux.\r\nTrois.\rQuatre.", "<p>Un.<br>Deux.<br>Trois.<br>Quatre.</p>"),
        ("Un.\n\nDeux.\n \u00a0\n\nTrois.\n", "<p>Un.</p>\n<p>Deux.</p>\n<p>Trois.</p>"),
        ("*gras* _é_ `x` # titre\n- point", "<p>*gras* _é_ `x` # titre<br>- point</p>"),
        ("<b>é</b> &amp; \"a\" 'b'", "<p>&lt;b&gt;é&lt;/b&gt; &amp;amp; &quot;a&quot; &#x27;b&#x27;</p>"),
        ('Quel jeu ! "Ici" - 1/2...', "<p>Quel jeu ! &quot;Ici&quot; - 1/2...</p>"),
    ],
)
def test_a_text_is_paragraphs_and_lines_as_it_was_typed(text, html):
    assert as_html(text) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("https://example.org", link("https://example.org")),
        ("HTTP://Example.ORG/École", link("HTTP://Example.ORG/École")),
        ("www.exemple.fr/a", link("https://www.exemple.fr/a", "www.exemple.fr/a")),
        ("Voir (https://x.org/jeu).", f"Voir ({link('https://x.org/jeu')})."),
        ("https://x.org/jeu_(activité), oui", f"{link('https://x.org/jeu_(activité)')}, oui"),
        ("[ici](https://x.org)", f"[ici]({link('https://x.org')})"),
        ("[https://x.org](https://y.org)", f"[{link('https://x.org')}]({link('https://y.org')})"),
        ("« https://x.org/a » !", f"« {link('https://x.org/a')} » !"),
        ("“https://x.org/a”", f"“{link('https://x.org/a')}”"),
        ("<https://x.org/a>", f"&lt;{link('https://x.org/a')}&gt;"),
        ("https://x.org/a…", f"{link('https://x.org/a')}…"),
        (
            "https://x.org/?a=1&b='2'",
            link("https://x.org/?a=1&amp;b=&#x27;2", "https://x.org/?a=1&amp;b=&#x27;2") + "&#x27;",
        ),
        ("https://x.org:8080/a#b!?", f"{link('https://x.org:8080/a#b')}!?"),
        ("https://пример.рф/путь.", f"{link('https://пример.рф/путь')}."),
        ("https://x.org/&lt;", link("https://x.org/&amp;lt") + ";"),
        ("https://x.org/\u200fa", link("https://x.org/") + "\u200fa"),
        (r"https://x.org\@evil.example", link("https://x.org") + r"\@evil.example"),
    ],
)
def test_addresses_of_the_public_web_are_links_without_the_punctuation_around_them(text, html):
    assert as_html(text) == f"<p>{html}</p>"


@pytest.mark.parametrize(
    "text",
    [
        "zoe@example.org",
        "mailto:zoe@example.org",
        "zoe@www.example.org",
        "javascript:alert(1)//www.example.org",
        "data:text/html,x",
        "ftp://example.org/",
        "xhttp://example.org",
        "example.org",
        "http://localhost/admin",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://printer.local/",
        "https://",
        "www.",
        "https://a..b/",
        "https://x.org:99999/",
        "https://www.unesco.org@evil.example/",
        "https://www.unesco.org:443@evil.example/",
        "https://user:pw@evil.example/",
        "https://" + "a." * 200 + "org",
    ],
)
def test_nothing_else_is_a_link(text):
    assert as_html(text) == f"<p>{text}</p>"


@given(
    st.text(
        alphabet=st.one_of(st.characters(exclude_categories=["Cs", "Cc"]), st.sampled_from("\n<>&\"'/:.()@[]")),
        max_size=200,
    )
)
def test_the_words_come_back_whatever_they_are(text):
    check_round_trip(text)


@given(
    st.lists(
        st.sampled_from(["https://x.org", "www.", "http://", "é", ".", ")", "(", "/", "<", "@", " ", "\n", "a"]),
        max_size=30,
    )
)
def test_the_words_come_back_whatever_addresses_are_in_them(parts):
    check_round_trip("".join(parts))


def check_round_trip(text: str) -> None:
    html = as_html(text)
    assert re.sub(r'</?p>|<br>|<a href="[^"<>]*" rel="nofollow ugc noopener">|</a>', "", html).count("<") == 0
    shown = re.sub(
        "<[^>]*>", "", html.replace("<br>", "\n")
    )  # not BeautifulSoup’s text: it shortens spaces after a link
    assert unescape(shown) == "\n".join(line for line in text.split("\n") if line.strip())
    page = BeautifulSoup(html, "html.parser")
    assert all(a["href"].startswith(("http://", "https://")) for a in page.find_all("a"))


@pytest.mark.parametrize(
    "pattern",
    [
        "http://",
        "www.",
        "https://x.org/)",
        "(http://a.bc/",
        ").",
        "http://x.org,",
        "www.a.b-,",
        "http://x.org@",
        "&<\n",
    ],
)
def test_nine_texts_that_are_made_to_keep_a_page_busy_do_not(pattern):
    best = 1.0
    for text in (pattern, "https://" + pattern, "https://x.org/" + pattern):
        text = (text + pattern * 5000)[:5000]
        times = []
        for _ in range(3):
            began = time.process_time()
            as_html(text)
            times.append(time.process_time() - began)
        best = min(times)
        assert best < 0.05
