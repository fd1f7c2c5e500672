"""What a visitor reads on a page of the editors'."""

import pytest
from django.test import Client

from omep_site.lib import public
from pages import site
from pages.models import Page
from tests.pages import alternates, soup, words
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"


@pytest.fixture(autouse=True)
def _fresh():
    """Rows that a test makes are the first that the process reads."""
    site.forget()


@pytest.mark.parametrize(("language", "other"), [("fr", "en"), ("en", "fr")])
def test_a_page_stands_in_both_languages_with_the_way_to_the_other(client, language, other):
    page = make_page()
    paths = {"fr": f"/fr/{page.slug_fr}/", "en": f"/en/{page.slug_en}/"}
    response = client.get(paths[language])
    read = soup(response)

    assert (response.status_code, read.html["lang"]) == (200, language)
    assert words(read.h1) == getattr(page, f"title_{language}")
    assert read.title.get_text() == f"{words(read.h1)} – OMEP"
    assert (
        words(read.select_one(".prose"))
        == {"fr": "Des mots à nous . Et un autre.", "en": "Words of ours . And another."}[language]
    )
    description = {"fr": "Des mots à nous. Et un autre.", "en": "Words of ours. And another."}[language]
    assert read.select_one("meta[name=description]")["content"] == description
    assert read.select_one("link[rel=canonical]")["href"] == SITE + paths[language]
    assert alternates(read) == {"fr": SITE + paths["fr"], "en": SITE + paths["en"], "x-default": SITE + paths["fr"]}
    assert [link["href"] for link in read.select("nav.languages a")] == [paths[other]]
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"


def test_a_page_that_is_not_translated_is_shown_in_the_other_language_and_says_so(client):
    page = make_page(**FRENCH_ONLY)
    read = soup(client.get(f"/en/{page.slug_fr}/"))

    assert words(read.select_one(".notice")) == "This page is not available in English yet. Here it is in French."
    assert read.h1.span["lang"] == read.select_one(".prose > div")["lang"] == "fr"
    assert read.select_one("link[rel=canonical]")["href"] == f"{SITE}/fr/{page.slug_fr}/"
    assert alternates(read) == dict.fromkeys(("fr", "x-default"), f"{SITE}/fr/{page.slug_fr}/")
    link = read.select("nav.menu a")[1]
    assert (link["href"], link.span["lang"]) == (f"/en/{page.slug_fr}/", "fr")


def test_a_page_in_english_only_says_so_in_french(client):
    page = make_page(title_fr="", slug_fr=None, body_fr="")
    assert words(soup(client.get(f"/fr/{page.slug_en}/")).select_one(".notice")) == (
        "Cette page n’est pas encore disponible en français. La voici en anglais."
    )


def test_once_translated_the_old_address_leads_to_the_new_one(client):
    page = make_page()
    response = client.get(f"/en/{page.slug_fr}/")
    assert (response.status_code, response["Location"]) == (302, f"/en/{page.slug_en}/")


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"body_fr": "", "body_en": ""}])
def test_what_is_not_public_is_not_found(client, fields):
    page = make_page(**fields)
    assert [client.get(f"/fr/{page.slug_fr}/").status_code, client.get(f"/en/{page.slug_en}/").status_code] == [404] * 2
    assert page.title_fr not in words(soup(client.get("/fr/")))


def test_menus_show_the_pages_of_their_place_in_order(client):
    second, first = make_page(position=2), make_page(position=1)
    foot, nowhere = make_page(place="foot"), make_page(place="nowhere")

    read = soup(client.get("/fr/"))
    assert [words(link) for link in read.select("nav.menu a")] == ["Événements", first.title_fr, second.title_fr]
    assert [words(link) for link in read.select(".foot-links a")] == [
        "L’OMEP sur Facebook",
        foot.title_fr,
        "Confidentialité",
        "Accessibilité",
    ]
    assert client.get(f"/fr/{nowhere.slug_fr}/").status_code == 200


def test_the_menu_marks_the_page_that_one_reads(client):
    page = make_page()
    make_page()
    read = soup(client.get(f"/fr/{page.slug_fr}/"))
    assert [link["href"] for link in read.select("nav.menu [aria-current=page]")] == [f"/fr/{page.slug_fr}/"]


@pytest.mark.parametrize("word", ["nulle-part", "privacy-2", "Privacy", "é"])
def test_a_word_that_is_no_page_costs_no_query_and_leads_nowhere(word, django_assert_num_queries):
    site.known()
    public.version()
    with django_assert_num_queries(0):
        response = Client(headers={"accept-language": "fr"}).get(f"/fr/{word}/")
    assert response.status_code == 404
    assert Client().get(f"/{word}/").status_code == 404


def test_a_page_costs_the_version_and_its_row(client, django_assert_num_queries):
    page = make_page()
    site.known()
    public.forget_version()
    with django_assert_num_queries(3):  # the version, the page, the clock
        assert client.get(f"/fr/{page.slug_fr}/").status_code == 200


def test_a_withdrawn_page_is_gone_at_once_from_its_address_and_from_the_menus(client):
    page = make_page()
    assert client.get(f"/fr/{page.slug_fr}/").status_code == 200
    Page.objects.get(pk=page.pk).withdraw()
    assert client.get(f"/fr/{page.slug_fr}/").status_code == 404
    assert page.title_fr not in words(soup(client.get("/fr/")))


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_page_takes_nothing(client, method):
    assert getattr(client, method)(f"/fr/{make_page().slug_fr}/").status_code == 405


@pytest.mark.parametrize(
    ("language", "path", "title", "aim", "said"),
    [
        (
            "fr",
            "/fr/accessibilite/",
            "Accessibilité",
            "WCAG 2.2, en anglais",
            [
                "Ce que nous visons",
                "Ce qui a été vérifié",
                "Ce qui n’a pas été vérifié",
                "Ce que nous savons imparfait",
                "Dites-nous ce qui vous gêne",
            ],
        ),
        (
            "en",
            "/en/accessibility/",
            "Accessibility",
            "WCAG 2.2",
            [
                "What we aim at",
                "What was checked",
                "What was not checked",
                "What we know to be imperfect",
                "Tell us what stands in your way",
            ],
        ),
    ],
)
def test_every_page_leads_to_what_was_checked_of_accessibility_and_what_was_not(
    client, language, path, title, aim, said
):
    assert path in [link["href"] for link in soup(client.get(f"/{language}/nowhere/")).select(".foot-links a")]
    page = soup(client.get(path))
    assert (page.html["lang"], words(page.h1), words(page.select_one(".prose a"))) == (language, title, aim)
    assert [words(heading) for heading in page.select(".prose h2")] == said
