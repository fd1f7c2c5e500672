"""What search engines are told of the site's pages: those that exist, in the languages in which they exist."""

from datetime import UTC, datetime
from xml.etree import ElementTree as Tree

import pytest

from events.models import Event
from omep_site.lib import public
from pages.models import Page
from tests.comments.factories import make_comment
from tests.factories import make_event
from tests.pages_app.factories import FRENCH_ONLY, make_page

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
THEN = datetime(2026, 5, 1, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_but_what_a_test_makes():
    Page.objects.all().delete()


def sitemap(client) -> dict[str, tuple]:
    """Path → (what it is in other languages, when it changed), for the pages that a test made."""
    response = client.get("/sitemap.xml")
    assert (response.status_code, response["Content-Type"]) == (200, "application/xml; charset=utf-8")
    found = {}
    for url in Tree.fromstring(response.content).findall(MAP + "url"):  # noqa: S314 - our own
        alternates = {link.get("hreflang"): link.get("href") for link in url.findall(LINK)}
        assert {link.get("rel") for link in url.findall(LINK)} <= {"alternate"}
        found[url.findtext(MAP + "loc")] = (alternates, url.findtext(MAP + "lastmod"))
    return found


def both(**paths) -> dict[str, str]:
    return {language: SITE + path for language, path in paths.items()} | {"x-default": SITE + paths["fr"]}


LISTS = {
    url: (pair, None)
    for pair in (both(fr="/fr/", en="/en/"), both(fr="/fr/evenements/", en="/en/events/"))
    for url in pair.values()
}


def test_an_empty_site_has_its_home_and_its_list(client):
    assert sitemap(client) == LISTS


def test_events_and_pages_stand_in_both_languages_and_name_each_other(client):
    event = make_event(slug_fr="ete", slug_en="summer")
    page = make_page(slug_fr="equipe", slug_en="team")
    Event.objects.filter(pk=event.pk).update(updated_at=THEN)
    Page.objects.filter(pk=page.pk).update(updated_at=THEN)
    of_event = both(fr="/fr/evenements/ete/", en="/en/events/summer/")
    of_page = both(fr="/fr/equipe/", en="/en/team/")
    expected = {url: (pair, "2026-05-01T08:00:00Z") for pair in (of_event, of_page) for url in pair.values()}
    assert sitemap(client) == LISTS | expected


def test_a_language_that_does_not_exist_is_not_told_and_no_default_is_made_up(client):
    make_event(slug_fr="ete", title_en="", slug_en=None, summary_en="", body_en="")
    make_event(slug_en="winter", title_fr="", slug_fr=None, summary_fr="", body_fr="")
    make_page(slug_fr="equipe", **FRENCH_ONLY)
    told = {url: alternates for url, (alternates, _) in sitemap(client).items() if url not in LISTS}
    assert told == {f"{SITE}/fr/evenements/ete/": {}, f"{SITE}/en/events/winter/": {}, f"{SITE}/fr/equipe/": {}}


def test_nothing_that_is_not_public_is_told(client):
    make_event(status="draft")
    make_event(publish_at=datetime(2090, 1, 1, tzinfo=UTC))
    make_page(status="draft")
    event, page = make_event(), make_page()
    assert len(sitemap(client)) == 8
    Event.objects.get(pk=event.pk).withdraw()
    Page.objects.get(pk=page.pk).withdraw()
    assert sitemap(client) == LISTS


def test_a_page_changes_with_its_words_and_its_comments_and_not_before_it_is_public(client):
    event = make_event(slug_fr="ete", publish_at=datetime(2026, 5, 2, 8, tzinfo=UTC))
    Event.objects.filter(pk=event.pk).update(updated_at=THEN)
    assert sitemap(client)[f"{SITE}/fr/evenements/ete/"][1] == "2026-05-02T08:00:00Z"

    waiting = make_comment(event=event)
    public.bump()
    assert sitemap(client)[f"{SITE}/fr/evenements/ete/"][1] == "2026-05-02T08:00:00Z"
    waiting.approve()
    told = sitemap(client)[f"{SITE}/fr/evenements/ete/"][1]
    assert told == f"{waiting.updated_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def test_former_addresses_are_not_told(client):
    event = make_event(slug_fr="avant", slug_en="before")
    event.slug_fr = "apres"
    event.save()
    assert {url for url in sitemap(client) if url not in LISTS} == {
        f"{SITE}/fr/evenements/apres/",
        f"{SITE}/en/events/before/",
    }


def test_what_is_too_much_for_one_sitemap_leaves_out_the_oldest_events_in_all_their_languages(client, monkeypatch):
    for year in (2024, 2026):
        make_event(starts_at=THEN.replace(year=year), slug_fr=f"ete-{year}", slug_en=f"summer-{year}")
    make_page(slug_fr="equipe", slug_en="team")
    monkeypatch.setattr("omep_site.sitemap.MOST", len(LISTS) + 5)  # the page, an event, and half of another
    paths = ("/fr/equipe/", "/en/team/", "/fr/evenements/ete-2026/", "/en/events/summer-2026/")
    assert set(sitemap(client)) - set(LISTS) == {SITE + path for path in paths}


def test_its_addresses_are_those_of_the_settings_whatever_host_is_asked(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    told = client.get("/sitemap.xml", headers={"host": "evil.example"}).content
    assert b"evil" not in told
    assert told == client.get("/sitemap.xml").content


def test_it_costs_the_same_with_one_event_and_with_many(client, django_assert_num_queries):
    for number in (1, 10):
        for _each in range(number):
            make_comment(event=make_event(), status="approved")
            make_page()
        public.forget()
        # the version, letters, comments, events, pages, the clock
        with django_assert_num_queries(6):
            client.get("/sitemap.xml")


def test_it_is_kept_for_everybody_in_no_language(client):
    response = client.get("/sitemap.xml", headers={"accept-encoding": "br", "accept-language": "en"})
    assert (response["Content-Encoding"], response["Vary"]) == ("br", "Accept-Encoding")
    assert not response.cookies
    assert not response.has_header("Content-Language")
    again = client.get("/sitemap.xml", headers={"accept-encoding": "br", "if-none-match": response["ETag"]})
    assert again.status_code == 304
    assert client.post("/sitemap.xml").status_code == 405
