"""How the pages print what editors typed plainly, and dates and hours, in both languages.

In these tests ~ stands for U+00A0, the no-break space, and _ for U+202F, the narrow one.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, time_format
from django.utils.html import conditional_escape
from post_office.models import Email

from events.models import EventPartner, Partner
from events.reading import Phrase
from events.when import date_range, hour, hours, one_date
from newsletter import mails
from omep_site.lib import public
from omep_site.lib.typography import typeset_html
from pages.models import SiteTexts
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.newsletter.factories import make_subscriber
from tests.pages import soup
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

TITLE = 'L\'été: le 1er <jeu> "libre" ?'
PARIS = ZoneInfo("Europe/Paris")


def printed(text: str) -> str:
    return text.replace("~", "\xa0").replace("_", "\u202f")


def inner(node) -> str:
    """The HTML within, with the characters themselves."""
    return node.decode_contents(formatter="minimal").strip()


def page_of(client, event, language="fr"):
    path = f"/fr/evenements/{event.slug_fr}/" if language == "fr" else f"/en/events/{event.slug_en or event.slug_fr}/"
    return soup(client.get(path))


@pytest.fixture
def event(uploads):
    event = make_event(
        title_fr=TITLE,
        title_en='The "play"... and what\'s new',
        summary_fr="De 13h30 à 14h30: \"venez\" !",
        summary_en='"Come" on 6 December 2026, 13:30-14:30',
        body_fr="<p>Il a dit \"<em>oui</em>\" ! <a href=\"https://example.org/l'été?a:b\">Voir</a></p><h2>Le 1er mai</h2>",
        body_en="<p>It's <strong>here</strong>: 5 km</p>",
        place_fr="Salle n°5, l'Étoile",
        place_en="Room No. 5",
        registration_url="https://example.org/l'été;a:b",
        registration_label_fr="S'inscrire !",
        registration_label_en="Let's go",
        strategies_title_fr="Les stratégies:",
        credit_fr="D'après l'UNESCO, p. 45",
        transcript_fr="<p>C'est dit; merci</p>",
    )  # fmt: skip
    event.strategies.create(text_fr="l'accès;", text_en="everyone's access", position=1)
    event.objectives.create(text_fr='la "qualité"', text_en='"quality"', position=1)
    event.pictures.create(file="pictures/1.jpg", width=9, height=9, alt_fr='l\'été: "jeu"', caption_fr='L\'été: "jeu"')
    event.documents.create(title_fr="L'affiche: 1er jet", url_fr="https://example.org/l'affiche;1")
    partner = Partner.objects.create(name="L'École ; Yahoo!", full_name_fr="L'École d'été: l'une")
    EventPartner.objects.create(event=event, partner=partner)
    return event


@pytest.mark.parametrize(
    ("selector", "html"),
    [
        ("h1", "L’été~: le 1<sup>er</sup> &lt;jeu&gt; «_libre_»_?"),
        (".lead", "De 13~h~30 à 14~h~30~: «_venez_»_!"),
        (".prose p", 'Il a dit «_<em>oui</em>_»_! <a href="https://example.org/l\'été?a:b">Voir</a>'),
        (".prose h2", "Le 1<sup>er</sup>~mai"),
        (".facts .button", "S’inscrire_!"),
        ("#strategies", "Les stratégies~:"),
        ("[aria-labelledby=strategies] li", "l’accès_;"),
        ("[aria-labelledby=objectives] li", "la «_qualité_»"),
        ("figcaption", "L’été~: «_jeu_»"),
        (".documents a", 'L’affiche~: 1<sup>er</sup> jet <span class="about-link">(example.org)</span>'),
        (".transcript .prose", "<p>C’est dit_; merci</p>"),
        (".credit", "D’après l’UNESCO, p.~45"),
        (".partners li", "<div><bdi>L'École ; Yahoo!</bdi> – L’École d’été~: l’une</div>"),
    ],
)
def test_the_french_page_prints_what_was_typed_as_french_is_printed(client, event, selector, html):
    assert inner(page_of(client, event).select_one(selector)) == printed(html)


@pytest.mark.parametrize(
    ("selector", "html"),
    [
        ("h1", "The “play”… and what’s new"),
        (".lead", "“Come” on 6~December~2026, 13:30–14:30"),
        (".prose p", "It’s <strong>here</strong>: 5~km"),
        (".facts .button", "Let’s go"),
        ("[aria-labelledby=strategies] li", "everyone’s access"),
        ("[aria-labelledby=objectives] li", "“quality”"),
        # What has no English words is printed by the rules of its own language.
        (".credit", '<span dir="ltr" lang="fr">D’après l’UNESCO, p.~45</span>'),
        (".transcript .prose", '<div dir="ltr" lang="fr"><p>C’est dit_; merci</p></div>'),
    ],
)
def test_the_english_page_prints_each_text_by_the_rules_of_its_language(client, event, selector, html):
    assert inner(page_of(client, event, "en").select_one(selector)) == printed(html)


def test_titles_and_descriptions_have_no_markup(client, event):
    page = page_of(client, event)
    assert page.title.string == printed("L’été~: le 1er <jeu> «_libre_»_? – OMEP")
    assert page.select_one("meta[name=description]")["content"] == printed("De 13~h~30 à 14~h~30~: «_venez_»_!")


def test_addresses_and_other_attributes_stay_as_typed(client, event):
    page = page_of(client, event)
    assert page.select_one(".facts .button")["href"] == "https://example.org/l'été;a:b"
    assert page.select_one(".documents a")["href"] == "https://example.org/l'affiche;1"
    assert page.select_one("figure img")["alt"] == 'l\'été: "jeu"'


@pytest.mark.parametrize("path", ["/fr/", "/fr/evenements/"])
def test_lists_print_titles_and_summaries_too(client, event, path):
    card = soup(client.get(path)).select_one(".card")
    assert inner(card.h3.a) == printed("L’été~: le 1<sup>er</sup> &lt;jeu&gt; «_libre_»_?")
    assert printed("De 13~h~30 à 14~h~30~: «_venez_»_!") in [inner(each) for each in card.select("p")]


def test_what_visitors_write_is_shown_as_typed(client, event):
    make_comment(event=event, name="L'École", body='Il a dit "oui" ! le 1er: 13h30...', status="approved")

    comment = page_of(client, event).select_one(".comment")
    assert comment.h3.get_text(strip=True) == "L'École"
    assert comment.select_one(".comment-body").get_text(strip=True) == 'Il a dit "oui" ! le 1er: 13h30...'


def test_editors_find_their_own_words_in_the_form(editor, event):
    page = soup(editor.get(f"/admin/events/event/{event.pk}/change/"))
    assert page.select_one("#id_title_fr")["value"] == TITLE


def test_a_free_page_and_its_description(client):
    page = make_page(title_fr="L'équipe ?", body_fr='<p>Qui? "Nous".</p><ul><li>l\'une;</li></ul>')
    public.bump()

    shown = soup(client.get(f"/fr/{page.slug_fr}/"))
    assert inner(shown.h1) == printed("L’équipe_?")
    assert inner(shown.select_one(".prose")) == printed("<p>Qui_? «_Nous_».</p><ul><li>l’une_;</li></ul>")
    assert shown.title.string == printed("L’équipe_? – OMEP")
    assert shown.select_one("meta[name=description]")["content"] == printed("Qui_? «_Nous_». l’une_;")
    assert printed("L’équipe_?") in [inner(link) for link in shown.select(".menu a")]


def test_the_sites_own_texts_on_pages_and_in_mails(client):
    SiteTexts.objects.update(
        tagline_fr="L'OMEP: le 1er pas",
        home_title_fr="Où aller ?",
        home_introduction_fr="C'est ici !",
        about_fr="C'est nous...",
        contact_fr="12, rue de l'Été : n°5\nl'adresse: 1er@example.org",
    )
    public.bump()

    page = soup(client.get("/fr/"))
    assert inner(page.select_one(".brand-words")) == printed("L’OMEP~: le 1<sup>er</sup> pas")
    assert inner(page.h1) == printed("Où aller_?")
    assert page.title.string == printed("OMEP – L’OMEP~: le 1er pas")
    assert page.select_one("meta[name=description]")["content"] == printed("C’est ici_!")
    assert inner(page.address) == printed(
        '12, rue de l’Été~: n°~5<br/>l’adresse~: <a href="mailto:1er@example.org">1er@example.org</a>'
    )
    mails.confirmation(make_subscriber())
    assert Email.objects.get().message.splitlines()[-2] == printed("OMEP – L’OMEP~: le 1er pas")


@pytest.mark.parametrize("language", ["de", "ar"])
def test_words_of_a_language_without_rules_are_left_as_typed(language):
    words = Phrase('"Ja" ! <b>', language)
    shown = Template("{% load event_words %}{% phrase words %}{{ words|plain_phrase }}").render(
        Context({"words": words})
    )
    direction = "rtl" if language == "ar" else "ltr"
    typed = conditional_escape(words.text)
    assert shown == f'<span lang="{language}" dir="{direction}">{typed}</span>{typed}'


# --- Dates and hours ------------------------------------------------------------------------------------------------


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("language", "at", "day", "at_hour", "formats"),
    [
        (
            "fr",
            "2021-12-06T13:30",
            "lundi 6~décembre~2021",
            "13~h~30",
            ["6~décembre~2021", "13~h~30", "6~décembre~2021, 13~h~30", "06/12/2021", "06/12/2021 13~h~30"],
        ),
        (
            "en",
            "2021-12-06T13:30",
            "Monday 6~December~2021",
            "13:30",
            ["6~December~2021", "13:30", "6~December~2021, 13:30", "06/12/2021", "06/12/2021 13:30"],
        ),
        (
            "fr",
            "2022-08-01T09:00",
            "lundi 1<sup>er</sup>~août~2022",
            "9~h",
            ["1~août~2022", "9~h~00", "1~août~2022, 9~h~00", "01/08/2022", "01/08/2022 9~h~00"],
        ),
    ],
)
def test_a_date_and_an_hour_in_words_and_by_djangos_formats(language, at, day, at_hour, formats):
    names = ["DATE_FORMAT", "DATETIME_FORMAT", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT"]
    with translation.override(language):
        assert one_date(moment(at)) == printed(day)
        assert hour(moment(at)) == printed(at_hour)
        found = [date_format(moment(at), name) for name in names]
        found.insert(1, time_format(moment(at)))
    assert found == [printed(each) for each in formats]


@pytest.mark.parametrize(
    ("language", "start", "end", "expected"),
    [
        ("fr", "2021-12-06T13:30", "2021-12-06T14:30", "de 13~h~30 à 14~h~30"),
        ("fr", "2021-12-06T09:00", "2021-12-06T10:00", "de 9~h à 10~h"),
        ("fr", "2021-12-06T00:00", "2021-12-06T00:05", "de 0~h à 0~h~05"),
        ("fr", "2021-12-06T09:00", "2021-12-06T09:00", "9~h"),
        ("en", "2021-12-06T13:30", "2021-12-06T14:30", "13:30–14:30"),
        ("en", "2021-12-06T09:00", "2021-12-06T10:00", "09:00–10:00"),
        ("en", "2021-12-06T09:00", "2021-12-06T09:00", "09:00"),
    ],
)
def test_hours_from_and_to(language, start, end, expected):
    with translation.override(language):
        assert hours(moment(start), moment(end)) == printed(expected)


@pytest.mark.parametrize(
    ("language", "start", "end", "expected"),
    [
        ("fr", "2025-07-14", "2025-07-18", "du 14 au 18~juillet~2025"),
        ("fr", "2025-08-01", "2025-08-03", "du 1<sup>er</sup> au 3~août~2025"),
        ("fr", "2025-07-31", "2025-08-01", "du 31~juillet au 1<sup>er</sup>~août~2025"),
        ("fr", "2025-12-31", "2026-01-01", "du 31~décembre~2025 au 1<sup>er</sup>~janvier~2026"),
        ("en", "2025-07-14", "2025-07-18", "14–18~July~2025"),
        ("en", "2025-07-31", "2025-08-01", "31~July~– 1~August~2025"),
        ("en", "2025-12-31", "2026-01-01", "31~December~2025~– 1~January~2026"),
    ],
)
def test_days_from_and_to(language, start, end, expected):
    with translation.override(language):
        assert date_range(moment(start), moment(end)) == printed(expected)


@pytest.mark.parametrize(
    ("language", "at", "expected"),
    [
        ("fr", datetime(2021, 11, 30, 23, 0, tzinfo=UTC), "1er~décembre~2021, 0~h"),
        ("fr", datetime(2021, 12, 6, 12, 30, tzinfo=UTC), "6~décembre~2021, 13~h~30"),
        ("en", datetime(2021, 11, 30, 23, 0, tzinfo=UTC), "1~December~2021, 00:00"),
    ],
)
def test_a_moment_in_a_sentence_is_local_and_says_the_first_of_a_month(language, at, expected):
    with translation.override(language):
        shown = Template("{% load house_words %}{{ at|date_and_hour }}").render(Context({"at": at}))
    assert shown == printed(expected)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_rules_leave_our_own_dates_as_they_are(language):
    with translation.override(language):
        for start, end in [("2021-12-01T09:00", "2021-12-06T13:30"), ("2021-12-01T09:00", "2022-01-01T10:00")]:
            for text in (
                one_date(moment(start)),
                date_range(moment(start), moment(end)),
                hours(moment(start), moment(end)),
            ):
                assert typeset_html(text, language) == text
