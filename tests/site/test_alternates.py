"""What every public page says of its own address and of itself in other languages (Google: “localized versions”)."""

from urllib.parse import urlsplit

import pytest

from omep_site.lib.links import in_every_language
from pages import site
from tests.factories import make_event
from tests.pages import alternates, soup
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"
FRENCH_EVENT = {"title_en": "", "slug_en": None, "summary_en": "", "body_en": ""}
ENGLISH_EVENT = {"title_fr": "", "slug_fr": None, "summary_fr": "", "body_fr": ""}


@pytest.fixture(autouse=True)
def _fresh():
    site.forget()


def everywhere() -> dict[str, list[str]]:
    """The public pages that exist in both languages."""
    event, page = make_event(), make_page()
    return {
        "home": ["/fr/", "/en/"],
        "list": ["/fr/evenements/", "/en/events/"],
        "month": [each.path for each in in_every_language("events:month", month=f"{event.starts_at:%Y-%m}")],
        "event": [f"/fr/evenements/{event.slug_fr}/", f"/en/events/{event.slug_en}/"],
        "page": [f"/fr/{page.slug_fr}/", f"/en/{page.slug_en}/"],
        "newsletter": [each.path for each in in_every_language("newsletter:subscribe")],
    }


@pytest.mark.parametrize("name", ["home", "list", "month", "event", "page", "newsletter"])
def test_a_page_names_itself_and_its_other_language_and_is_named_there(client, name):
    french, english = everywhere()[name]
    expected = {"fr": SITE + french, "en": SITE + english, "x-default": SITE + french}
    for path in (french, english):
        page = soup(client.get(path))
        assert [link["href"] for link in page.select("link[rel=canonical]")] == [SITE + path]
        assert alternates(page) == expected
        assert all(urlsplit(url).scheme == "https" for url in alternates(page).values())
    link = soup(client.get(french)).select_one("nav.languages a")
    assert (link["href"], link["hreflang"], link["lang"]) == (english, "en", "en")


@pytest.mark.parametrize(
    ("make", "language", "copy", "told"),
    [
        (lambda: make_event(slug_fr="ete", **FRENCH_EVENT), "fr", "/en/events/ete/", "/fr/evenements/ete/"),
        (lambda: make_event(slug_en="winter", **ENGLISH_EVENT), "en", "/fr/evenements/winter/", "/en/events/winter/"),
        (lambda: make_page(slug_fr="equipe", **FRENCH_ONLY), "fr", "/en/equipe/", "/fr/equipe/"),
    ],
)
def test_a_page_in_one_language_is_one_page_and_has_a_default_only_in_french(client, make, language, copy, told):
    make()
    expected = {language: SITE + told} | ({"x-default": SITE + told} if language == "fr" else {})
    for path in (told, copy):
        page = soup(client.get(path))
        assert [link["href"] for link in page.select("link[rel=canonical]")] == [SITE + told]
        assert alternates(page) == expected
    assert not soup(client.get(told)).select_one("nav.languages a").has_attr("hreflang")


@pytest.mark.parametrize("path", ["/fr/nulle-part/", "/en/nowhere/", "/fr/lettre/merci/", "/en/newsletter/thanks/"])
def test_what_is_not_to_be_found_tells_of_no_other_language(client, path):
    page = soup(client.get(path))
    assert (page.select("link[rel=canonical]"), alternates(page)) == ([], {})


def test_feeds_and_calendars_are_no_other_language_of_a_page(client):
    event = make_event()
    for path in ("/fr/", "/fr/evenements/", f"/fr/evenements/{event.slug_fr}/"):
        page = soup(client.get(path))
        links = page.select(
            'link[rel=alternate][type="application/atom+xml"], link[rel=alternate][type="text/calendar"]'
        )
        assert len(links) >= 2
        assert not any(link.has_attr("hreflang") for link in links)
        for link in links:
            address = link["href"].removeprefix(SITE)  # feeds stand there with the site's address, calendars without
            assert address.startswith("/fr/")
            answer = client.get(address)
            assert (answer.status_code, answer["Content-Type"]) == (200, f"{link['type']}; charset=utf-8")
