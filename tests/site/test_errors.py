"""Pages for errors: in the page's language, never an error themselves."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.urls import path

from omep_site.urls import urlpatterns as site
from tests.pages import soup, words


def broken(request):
    raise ZeroDivisionError("a secret: 4711")


urlpatterns = [path("en/broken/", broken), path("fr/broken/", broken), *site]
handler400 = "omep_site.views.bad_request"
handler403 = "omep_site.views.forbidden"
handler404 = "omep_site.views.not_found"
handler500 = "omep_site.views.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize(
    ("url", "accepted", "language", "title"),
    [
        ("/fr/nulle-part/", "en", "fr", "Page introuvable"),
        ("/fr/evenements/nul/", "en", "fr", "Page introuvable"),
        ("/en/nowhere/", "fr", "en", "Page not found"),
        ("/en/events/none/", "fr", "en", "Page not found"),
        ("/nowhere/", "en", "en", "Page not found"),
        ("/nulle-part/", "de", "fr", "Page introuvable"),
        ("/de/", "de", "fr", "Page introuvable"),
        ("/fr/%00/", "fr", "fr", "Page introuvable"),
        ("/en/events/%ff/", "en", "en", "Page not found"),
        ("/fr/evenements/" + "x" * 5000 + "/", "fr", "fr", "Page introuvable"),
    ],
)
def test_what_is_not_there_is_said_in_the_language_of_the_page(client, url, accepted, language, title):
    response = client.get(url, headers={"accept-language": accepted})
    page = soup(response)
    assert (response.status_code, page.html["lang"], words(page.h1)) == (404, language, title)
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    switch = {link["lang"]: link["href"] for link in page.select("nav.languages a")}
    other = {"fr": "en", "en": "fr"}[language]
    assert switch == {other: f"/{other}/"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_host_that_is_not_ours_gets_a_page_and_no_more(client, language):
    response = client.get(f"/{language}/", headers={"host": "evil.example"})
    page = soup(response)
    assert (response.status_code, page.html["lang"]) == (400, language)
    assert b"evil.example" not in response.content


def test_a_refused_form_of_an_editor_is_explained():
    response = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post("/admin/login/", {})
    assert (response.status_code, words(soup(response).h1)) == (403, "Nothing was saved")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_fault_of_ours_is_said_in_both_languages_and_tells_nothing(language):
    client = Client(raise_request_exception=False)
    response = client.get(f"/{language}/broken/")
    page = soup(response)
    assert (response.status_code, page.html["lang"]) == (500, "fr")
    assert [words(title) for title in page.select("h1, h2")] == ["Une erreur de notre côté", "A fault on our side"]
    assert [link["href"] for link in page.select("a")] == ["/fr/", "/en/"]
    assert b"4711" not in response.content


@pytest.mark.parametrize(("url", "status"), [("/fr/", 500), ("/en/events/", 500), ("/fr/nulle-part/", 404)])
def test_without_its_database_the_site_answers_with_its_own_pages_for_errors(monkeypatch, url, status):
    def away(*_args, **_kwargs):
        raise OperationalError("the database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CursorWrapper, "execute", away)
        response = Client(raise_request_exception=False).get(url)
    assert (response.status_code, soup(response).html["lang"]) == (status, "fr")


@pytest.mark.parametrize("path", ["/fr/?q=%00", "/en/events/?%00=1", "/admin/?q=%00"])
def test_a_nul_in_a_query_is_a_bad_request(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/fr/", "/en/", "/fr/evenements/", "/en/events/"])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_a_page_to_read_takes_nothing(client, path, method):
    assert getattr(client, method)(path).status_code == 405
