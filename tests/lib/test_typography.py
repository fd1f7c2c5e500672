"""Typography: what editors typed plainly, as French, English and other languages print it.

In these tests ~ stands for U+00A0, the no-break space, and _ for U+202F, the narrow one.
"""

import gettext
import re
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st

from events import demo
from omep_site.lib.typography import typeset, typeset_html
from pages import defaults, notices

LOCALE = Path(__file__).resolve().parents[2] / "locale"


def printed(text: str) -> str:
    return text.replace("~", "\xa0").replace("_", "\u202f")


FRENCH = [
    # Signs in two parts
    ("Quoi? Non! Si; donc: rien", "Quoi_? Non_! Si_; donc~: rien"),
    ("Quoi ? Non ! Si ; donc : rien", "Quoi_? Non_! Si_; donc~: rien"),
    ("Quoi\xa0? Non\xa0! donc\u202f:", "Quoi_? Non_! donc~:"),
    ("Quoi?! Non!!! Hein ? !", "Quoi_?! Non_!!! Hein_?_!"),
    ("Vraiment(!) ou (?)", "Vraiment(!) ou (?)"),
    ("À 13:30, 3:1, Jean 3:16 et 16:9: oui", "À 13:30, 3:1, Jean 3:16 et 16:9~: oui"),
    ("a:b, a;b, x!=y, std::vector", "a:b, a;b, x!=y, std::vector"),
    ("En 2021 : 30 pays", "En 2021~: 30 pays"),
    ("etc.; fin", "etc._; fin"),
    # Quotes
    ('Il a dit "oui".', "Il a dit «_oui_»."),
    ('Il a dit " oui " !', "Il a dit «_oui_»_!"),
    ('"Il a dit "oui", puis rien"', "«_Il a dit “oui”, puis rien_»"),
    ('« Il a dit "oui" »', "«_Il a dit “oui”_»"),
    ("«oui» et «  non  »", "«_oui_» et «_non_»"),
    ('l\'"été" (dit "la belle saison")', "l’«_été_» (dit «_la belle saison_»)"),
    ('Un écran de 15" et un "mot"', 'Un écran de 15" et un «_mot_»'),
    ('Un "mot sans fin, et "deux" autres', 'Un "mot sans fin, et "deux" autres'),
    ('Un "mot\n\n"deux" autres', 'Un "mot\n\n«_deux_» autres'),
    ('""', '""'),
    # Apostrophes, dots
    ("l'été d'1 an, aujourd'hui, qu'«il»", "l’été d’1 an, aujourd’hui, qu’«_il_»"),
    ("5' et 'mot'", "5' et 'mot'"),
    ("Bientôt... [...] Quoi...?", "Bientôt… […] Quoi…_?"),
    ("deux.. quatre.... ../a .../b", "deux.. quatre.... ../a .../b"),
    # Hours
    ("à 13h30, 13 h 30, 13H30, 09h05", "à 13~h~30, 13~h~30, 13~h~30, 09~h~05"),
    ("à 9h, 9 h, 24h/24, 48h", "à 9~h, 9~h, 24~h/24, 48~h"),
    ("13h30-14h30", "13~h~30~–~14~h~30"),
    ("13 h 30 – 14 h 30", "13~h~30~–~14~h~30"),
    ("entre 9h-10h ou de 13h30 à 14h30", "entre 9~h~–~10~h ou de 13~h~30 à 14~h~30"),
    ("salle 9H, 25h99, H1N1, COP2H30", "salle 9H, 25h99, H1N1, COP2H30"),
    # Dates, numbers, abbreviations
    ("lundi 6 décembre 2021, le 1er août, en juin 2022", "lundi 6~décembre~2021, le 1er~août, en juin~2022"),
    ("du 14 au 18 juillet 2025, 6 déc. 2021", "du 14 au 18~juillet~2025, 6~déc.~2021"),
    ("50%, 50 %, 5€, 20°C, 5 km, 20 Mo", "50~%, 50~%, 5~€, 20~°C, 5~km, 20~Mo"),
    ("3,5 % et 2 millions de mots", "3,5~% et 2~millions de mots"),
    ("12 345 personnes, 1 234 567,5 €", "12_345 personnes, 1_234_567,5~€"),
    ("06 12 34 56 78, +33 6 123 456, 75012", "06 12 34 56 78, +33 6 123 456, 75012"),
    ("n° 5, n°5, N° 12, p. 45, 45 p., § 3", "n°~5, n°~5, N°~12, p.~45, 45~p., §~3"),
    ("M. Dupont, Mme Œuvrard, Dr Été, M. le maire", "M.~Dupont, Mme~Œuvrard, Dr~Été, M. le maire"),
    ("au XXIe siècle, la 73e, le 2ème, 1er", "au XXIe~siècle, la 73e, le 2ème, 1er"),
    ("2021-2030, Asie-Pacifique, 1990 - 2000", "2021-2030, Asie-Pacifique, 1990 - 2000"),
]
ENGLISH = [
    ('She said "yes", then "no".', "She said “yes”, then “no”."),
    ('"She said "yes"," he wrote', "“She said ‘yes’,” he wrote"),
    ("It's the teachers' day", "It’s the teachers’ day"),
    ("She said 'yes'. 'No', he said.", "She said ‘yes’. ‘No’, he said."),
    ("\"He said 'yes'\"", "“He said ‘yes’”"),
    ("'Tis the '90s, rock 'n' roll", "’Tis the ’90s, rock ’n’ roll"),
    ("5'10\" tall, 5' long", "5'10\" tall, 5' long"),
    ('A 15" screen and a "word"', 'A 15" screen and a “word”'),
    ("Soon... [...]", "Soon… […]"),
    ("13:30-14:30, 13:30 - 14:30, 9:00 – 10:00", "13:30–14:30, 13:30–14:30, 9:00–10:00"),
    ("9 am - 5 pm, 1:30 p.m.", "9~am–5~pm, 1:30~p.m."),
    ("Monday 6 December 2021, May 2022, July 14", "Monday 6~December~2021, May~2022, July~14"),
    ("14-18 July 2025, 2021-2030", "14–18~July~2025, 2021-2030"),
    ("50%, 50 km, 20 MB, 5 million", "50%, 50~km, 20~MB, 5~million"),
    ("No. 5, p. 45, Dr Day, Ms. Day", "No.~5, p.~45, Dr~Day, Ms.~Day"),
    ("What? Yes! So: this; that", "What? Yes! So: this; that"),
    ("What ? Yes !", "What ? Yes !"),
    ("1st, 2nd, 10 of 12", "1st, 2nd, 10 of 12"),
]
SPANISH = [
    ('Dijo "sí" y "dijo "no""...', "Dijo «sí» y «dijo “no”»…"),
    ("¿Qué? ¡Sí! El 6 de diciembre de 2021: 50 %", "¿Qué? ¡Sí! El 6~de~diciembre~de~2021: 50~%"),
    ("L'Hospitalet, n.º 5", "L’Hospitalet, n.º~5"),
]
CASES = [(code, *case) for code, cases in (("fr", FRENCH), ("en", ENGLISH), ("es", SPANISH)) for case in cases]
LEFT_ALONE = [
    "https://example.org/a?b=c;d&e='f'!g:h...i",
    "http://example.org:8000/1er/13h30/50%/n°5",
    "www.example.org/?q=l'été",
    "a.1er+13h30@ecoles-été.example.org",
    "omep.org",
    "omep.org/fr/?a=1;b:2",
    "rapport-13h30-1er.pdf",
    "C:\\Users\\l'été;1",
    "\\\\serveur\\l'été;1",
    "#1er_mai",
    "@13h30",
    "2021-12-06T13:30:00+01:00",
    "mailto:a@example.org?subject=l'été",
    "&nbsp;",
    "&#39;",
    ":-)",
    ";)",
    ":'(",
    "3.14",
    "1.2.3",
]


@pytest.mark.parametrize(("language", "typed", "expected"), CASES)
def test_what_is_typed_plainly_is_printed_as_its_language_prints_it(language, typed, expected):
    assert typeset(typed, language) == printed(expected)


@pytest.mark.parametrize(("language", "typed", "expected"), CASES)
def test_what_is_right_already_stays_as_it_is(language, typed, expected):
    assert typeset(printed(expected), language) == printed(expected)


@pytest.mark.parametrize("language", ["fr", "en", "es"])
@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_machines_read_is_left_alone(language, text):
    assert typeset(text, language) == text
    assert typeset(f"mot {text} mot", language) == f"mot {text} mot"
    assert typeset_html(escape(text), language) == escape(text)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Voir https://example.org/a: oui!", "Voir https://example.org/a~: oui_!"),
        ('Voir "https://example.org/a".', "Voir «_https://example.org/a_»."),
        ("l'adresse d'a@example.org;", "l’adresse d’a@example.org_;"),
        ("Connaissez-vous omep.org?", "Connaissez-vous omep.org_?"),
        ("Le fichier s'appelle rapport.pdf!", "Le fichier s’appelle rapport.pdf_!"),
        ("Q&R; suite", "Q&R_; suite"),
    ],
)
def test_the_sentence_around_an_address_is_not(typed, expected):
    assert typeset(typed, "fr") == printed(expected)


@pytest.mark.parametrize("language", ["de", "ar", "zh-hans", "", "x"])
def test_a_language_without_a_house_is_left_as_typed(language):
    text = '"Oui" ! l\'été... 6 décembre 13h30-14h30 13:30-14:30'
    assert typeset(text, language) == typeset_html(text, language) == text


@pytest.mark.parametrize(("language", "expected"), [("fr-CA", "«_oui_»"), ("fr_BE", "«_oui_»"), ("EN-gb", "“oui”")])
def test_a_region_has_the_house_of_its_language(language, expected):
    assert typeset('"oui"', language) == printed(expected)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<p>Il a dit "<em>oui</em>" !</p>', "<p>Il a dit «_<em>oui</em>_»_!</p>"),
        ("<p>Quoi<strong>?</strong></p>", "<p>Quoi<strong>_?</strong></p>"),
        ("<p><strong>Quoi </strong>?</p>", "<p><strong>Quoi_</strong>?</p>"),
        ('<p>" <em> oui </em> "</p>', "<p>«_<em>oui</em>_»</p>"),
        ("<p>«<a href='/'>oui</a>»</p>", "<p>«_<a href='/'>oui</a>_»</p>"),
        ("<p>l'<em>été</em></p>", "<p>l’<em>été</em></p>"),
        ("<p>le <strong>6</strong> décembre <em>2021</em></p>", "<p>le <strong>6</strong>~décembre~<em>2021</em></p>"),
        ("<p>à <em>13</em>h30</p>", "<p>à <em>13</em>~h~30</p>"),
        # A block is a text of its own, a line break is not.
        ('<li>"a</li><li>b"</li>', '<li>"a</li><li>b"</li>'),
        ('<p>"a<br>b"</p>', "<p>«_a<br>b_»</p>"),
        # The first of ordinals is raised, once.
        (
            "<p>Le 1er mai, la 1re fois, les 1ers, la 73e</p>",
            "<p>Le 1<sup>er</sup>~mai, la 1<sup>re</sup> fois, les 1<sup>ers</sup>, la 73e</p>",
        ),
        ("<p>1<sup>er</sup> 1<em>er</em> 1<em>e</em>r</p>", "<p>1<sup>er</sup> 1<em><sup>er</sup></em> 1<em>e</em>r</p>"),
        ("<p><strong>1er</strong></p>", "<p><strong>1<sup>er</sup></strong></p>"),
        # Attributes, comments, code and entities stay.
        (
            '<a href="/?a=1&amp;b:2" title="l\'été > 13h30 !">l\'été</a>',
            '<a href="/?a=1&amp;b:2" title="l\'été > 13h30 !">l’été</a>',
        ),
        ('<!-- l\'été ! "1er" -->Oui!', '<!-- l\'été ! "1er" -->Oui_!'),
        ("<code>a ? \"b\" : 'c'</code> ?", "<code>a ? \"b\" : 'c'</code>_?"),
        ("<pre>a ! <b>1er</b></pre><p>1!</p>", "<pre>a ! <b>1er</b></pre><p>1_!</p>"),
        ("<kbd>a !</kbd> <samp>1er</samp>", "<kbd>a !</kbd> <samp>1er</samp>"),
        ("Oui&nbsp;: a &amp; b&nbsp;&lt;&nbsp;c; &eacute;té;", "Oui&nbsp;: a &amp; b&nbsp;&lt;&nbsp;c_; &eacute;té_;"),
        ("«&nbsp;Oui&nbsp;!&nbsp;»", "«_Oui_!_»"),
        ("a &inconnu; b&#x1F600; &", "a &inconnu; b&#x1F600; &"),
        ("l&#x27;été &quot;oui&quot;", "l’été «_oui_»"),
        ("<p>a < b ! <", "<p>a < b_! <"),
        ('<p>a !<a title="b !', '<p>a_!<a title="b !'),
        ("", ""),
    ],
)  # fmt: skip
def test_in_html_only_the_words_change(html, expected):
    assert typeset_html(html, "fr") == printed(expected)
    assert typeset_html(printed(expected), "fr") == printed(expected)


def test_in_plain_text_nothing_is_raised():
    assert typeset("Le 1er mai", "fr") == printed("Le 1er~mai")


# What rules are about, so that they meet each other.
ATOMS = [*"\"'«»“”‘’.,;:!?()[]-–—/\\ \xa0\u202f\u2009\n0159hHaZé&<>#@%€°=*…x"]
ATOMS += ["...", "1er", "6 décembre", "2021", "13h30", "13:30", "M.", "Dupont", "p. ", "n°", "https://", "omep.org"]
ATOMS += ["C:\\", "&amp;", "&nbsp;", "tis", "90s", "pm", "km", "XXIe siècle", "- ", " :", ".pdf", "www.", ":)", "l'"]
TAGS = ["<em>", "</em>", "<p>", "</p>", "<br>", "<code>", "</code>", "<sup>", "</sup>", '<a title="a > b !">', "</a>"]
TAGS += ['<!-- " -->', "&quot;", "&nbsp;", "&#x27;", "<li>"]
LANGUAGES = st.sampled_from(["fr", "en", "es"])


def made_of(*atoms: str):
    return st.lists(st.sampled_from(atoms), max_size=14).map("".join)


TEXTS = made_of(*ATOMS) | st.text()


@given(TEXTS, LANGUAGES)
def test_the_second_time_changes_nothing(text, language):
    once = typeset(text, language)
    assert typeset(once, language) == once


@given(made_of(*ATOMS, *TAGS), LANGUAGES)
def test_the_second_time_changes_nothing_in_html(html, language):
    once = typeset_html(html, language)
    assert typeset_html(once, language) == once


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).casefold()


@given(TEXTS, LANGUAGES)
def test_letters_and_digits_stay_in_their_order(text, language):
    assert letters(typeset(text, language)) == letters(text)


@given(made_of(*(atom for atom in ATOMS if atom not in "<>"), *TAGS), LANGUAGES)
def test_tags_stay_in_their_order(html, language):
    def tags(text):
        return [tag for tag in re.findall('<!--.*?-->|<a [^>]*> b !">|<[^>]*>', text) if "sup" not in tag]

    assert tags(typeset_html(html, language)) == tags(html)


@given(TEXTS, LANGUAGES)
def test_escaped_text_reads_as_plain_text_does(text, language):
    html = typeset_html(escape(text), language)
    assert unescape(re.sub("</?sup>", "", html)) == unescape(escape(typeset(text, language)))


@pytest.mark.parametrize(
    ("piece", "language", "becomes", "last"),
    [
        (" ", "fr", " ", " "),
        ('"', "fr", '"', '"'),
        ("'", "en", "'", "'"),
        ("1", "fr", "1", "1"),
        ("a.", "fr", "a.", "a."),
        ("a@", "fr", "a@", "a@"),
        ("&a", "fr", "&a", "&a"),
        ("http://;", "fr", "http://;", "http://_;"),
        ("« ", "fr", "«_", "« "),
        ("! ", "fr", "!_", "! "),
        ('"a" ', "fr", "«_a_» ", "«_a_» "),
        ("13h30-", "fr", "13~h~30~–~", "13~h~30-"),
        ("123 ", "fr", "123_", "123 "),
        ("a's ", "en", "a’s ", "a’s "),
    ],
)
def test_a_hundred_kilobytes_of_one_thing_are_read_to_their_end(piece, language, becomes, last):
    """What needs a time that grows with the square of the length would not come to an end here."""
    count = 100_000 // len(piece)
    assert typeset(piece * count, language) == printed(becomes) * (count - 1) + printed(last)


@pytest.mark.parametrize("piece", ["<", '<a "', "<em>", "<code>", "</code>", "<!--", "&amp;", "<p>"])
def test_a_hundred_kilobytes_of_markup_are_too(piece):
    html = piece * (100_000 // len(piece))
    assert typeset_html(html, "fr") == html


# --- Our own words --------------------------------------------------------------------------------------------------


def french_messages() -> list[str]:
    found = []
    for domain in ("django", "djangojs"):
        with open(LOCALE / f"fr/LC_MESSAGES/{domain}.mo", "rb") as file:
            catalogue = gettext.GNUTranslations(file)._catalog
        found += [message for original, message in catalogue.items() if original]
    return found


def test_the_french_catalogue_obeys_the_rules():
    def obeys(message: str) -> bool:
        printer = (
            typeset_html if re.search("<[a-z]", message) else typeset
        )  # a link has straight quotes around its address
        return printer(message, "fr") == message

    assert [message for message in french_messages() if not obeys(message)] == []


def test_in_the_french_catalogue_quotes_are_french_and_a_placeholder_is_held_to_its_unit():
    wrong = re.compile(r"(?:[})s]) (?:[kMG]?o|km|%%|h|min)\b|\"(?![^<]*>)")
    found = [message for message in french_messages() if wrong.search(message)]
    outside = [message for message in french_messages() if "“" in re.sub("«[^»]*»", "", message)]
    assert (found, outside) == ([], [])


def own_texts() -> list[tuple[str, str]]:
    rows = [defaults.TEXTS, *defaults.LINKS, *(event.fields for event in demo.events(date(2026, 1, 1)))]
    rows += [value for value in vars(notices).values() if isinstance(value, dict)]
    for event in demo.events(date(2026, 1, 1)):
        rows += [{"text_fr": french, "text_en": english} for french, english in event.strategies + event.objectives]
    return [
        (key[-2:], text)
        for row in rows
        for key, text in row.items()
        if key.endswith(("_fr", "_en")) and not key.startswith("slug") and isinstance(text, str)
    ]


def test_the_words_that_a_site_begins_with_obey_them_too():
    texts = own_texts()
    assert len(texts) > 60
    assert [text for language, text in texts if typeset_html(text, language) != text] == []
