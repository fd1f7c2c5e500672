"""The site's own words, its pages and its links in Spanish."""

import pytest

from omep_site.lib import public
from pages import site
from pages.models import SiteTexts, SocialLink
from tests.pages import alternates, soup, words
from tests.pages_app.factories import make_page
from tests.spanish.factories import SITE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    site.forget()


@pytest.fixture
def texts():
    row = SiteTexts.objects.create(
        name_fr="OMEP",
        name_en="OMEP",
        name_es="OMEP",
        tagline_fr="Organisation mondiale",
        tagline_es="Organización Mundial",
        home_title_fr="Se rencontrer",
        home_title_en="Meeting",
        contact_es="Calle del Verano 12",
    )
    SocialLink.objects.create(site=row, label_fr="Sur Facebook", label_es="En Facebook", url="https://example.org/")
    public.bump()
    return row


def test_what_is_written_in_spanish_is_said_and_the_rest_is_marked(client, texts):
    page = soup(client.get("/es/"))
    assert words(page.select_one(".brand-words")) == "Organización Mundial"
    assert page.select(".brand-words [lang], address [lang]") == []
    assert (words(page.h1), page.h1.span["lang"]) == ("Se rencontrer", "fr")
    assert words(page.select_one("address")) == "Calle del Verano 12"
    assert [words(link) for link in page.select(".foot-links a")] == ["En Facebook"]


def test_others_see_what_is_written_in_spanish_only(client, texts):
    address = soup(client.get("/en/")).select_one("address")
    assert (words(address), address.span["lang"]) == ("Calle del Verano 12", "es")


def test_a_page_in_three_languages(client):
    page = make_page(title_es="Nuestra obra", slug_es="nuestra-obra", body_es="<p>Palabras.</p>")
    paths = {"fr": f"/fr/{page.slug_fr}/", "en": f"/en/{page.slug_en}/", "es": "/es/nuestra-obra/"}
    for language, path in paths.items():
        read = soup(client.get(path))
        assert (read.html["lang"], words(read.h1)) == (language, getattr(page, f"title_{language}"))
        assert alternates(read) == {code: SITE + each for code, each in paths.items()} | {
            "x-default": SITE + paths["fr"]
        }
    assert client.get(f"/es/{page.slug_en}/")["Location"] == paths["es"]


def test_a_page_that_is_not_in_spanish_says_so(client):
    page = make_page()
    read = soup(client.get(f"/es/{page.slug_fr}/"))
    notice = "Cette page n’est pas encore disponible en espagnol. La voici en français."
    assert (words(read.select_one(".notice")), read.h1.span["lang"]) == (notice, "fr")
    assert set(alternates(read)) == {"fr", "en", "x-default"}


def test_the_forms_of_the_site_s_words_have_three_columns(editor, texts):
    page = soup(editor.get("/admin/pages/sitetexts/1/change/"))
    rows = {
        page.select_one(f"#id_tagline_{code}").find_parent(class_="form-row")["class"][1] for code in ("fr", "en", "es")
    }
    assert len(rows) == 1
    label = [page.select_one(f"#id_links-0-label_{code}")["aria-label"] for code in ("fr", "en", "es")]
    assert [each.rpartition(" – ")[2] for each in label] == ["français", "anglais", "espagnol"]
