"""A page whose address was changed is found under its old one too, in each language by itself."""

import pytest

from omep_site.lib import public
from pages import site
from pages.models import OldAddress, Page
from tests.pages import soup, words
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh():
    """Rows that a test makes are the first that the process reads."""
    site.forget()


def rename(page: Page, **slugs) -> Page:
    for name, slug in slugs.items():
        setattr(page, name, slug)
    page.save()
    public.bump()
    return page


def follow(client, path) -> tuple:
    response = client.get(path)
    return response.status_code, response.get("Location")


def test_an_old_address_leads_to_that_of_today_in_its_own_language(client):
    page = make_page(slug_fr="notre-equipe", slug_en="team")
    for slug in ("equipe", "qui-sommes-nous"):
        rename(page, slug_fr=slug)
    assert [follow(client, f"/fr/{slug}/") for slug in ("notre-equipe", "equipe", "qui-sommes-nous")] == [
        (301, "/fr/qui-sommes-nous/"),
        (301, "/fr/qui-sommes-nous/"),
        (200, None),
    ]
    assert follow(client, "/en/team/") == (200, None)
    assert client.get("/fr/equipe/")["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"


def test_there_and_back_leads_in_no_circle(client):
    page = make_page(slug_en="a")
    for slug in ("b", "a"):
        rename(page, slug_en=slug)
    assert [follow(client, f"/en/{slug}/") for slug in "ab"] == [(200, None), (301, "/en/a/")]
    assert list(OldAddress.objects.values_list("language", "slug")) == [("en", "b")]


def test_whoever_has_an_address_now_keeps_it(client):
    rename(make_page(slug_fr="sante"), slug_fr="bien-etre")
    other = make_page(slug_fr="sante")
    public.bump()
    assert words(soup(client.get("/fr/sante/")).h1) == other.title_fr


def test_a_page_that_is_not_translated_leads_on_under_the_other_languages_address(client):
    page = rename(make_page(slug_fr="avant", **FRENCH_ONLY), slug_fr="apres")
    assert follow(client, "/en/avant/") == (301, "/en/apres/")
    rename(page, title_en="Afterwards", slug_en="afterwards", body_en="<p>Words.</p>")
    assert follow(client, "/en/avant/") == (301, "/en/afterwards/")
    assert follow(client, "/en/apres/") == (302, "/en/afterwards/")


def test_a_draft_is_not_found_under_its_former_address_either(client):
    page = rename(make_page(slug_fr="avant"), slug_fr="apres")
    Page.objects.get(pk=page.pk).withdraw()
    assert follow(client, "/fr/avant/") == (404, None)
    Page.objects.get(pk=page.pk).publish()
    assert follow(client, "/fr/avant/") == (301, "/fr/apres/")


def test_another_part_of_the_site_is_never_hidden_by_a_former_address(client):
    rename(make_page(slug_fr="evenements"), slug_fr="rencontres")
    assert words(soup(client.get("/fr/evenements/")).h1) == "Événements"
