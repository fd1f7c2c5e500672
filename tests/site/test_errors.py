"""Pages for errors: in the page's language, never an error themselves."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import translation

from omep_site.urls import urlpatterns as site
from omep_site.views import forbidden, server_error
from tests.factories import make_event
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


@pytest.mark.parametrize(
    ("url", "meant", "title"),
    [
        ("/fr/events/", "/fr/evenements/", "/fr/evenements/"),
        ("/en/evenements/", "/en/events/", "/en/events/"),
        ("/fr/newsletter/", "/fr/lettre/", "/fr/lettre/"),
        ("/fr/events/summer/", "/fr/evenements/ete/", "L’été"),
        ("/fr/events/ete/", "/fr/evenements/ete/", "L’été"),
        ("/en/evenements/ete/", "/en/events/summer/", "Summer"),
        ("/events/summer/", "/fr/evenements/ete/", "L’été"),
        ("/fr/events/secret/", None, None),
        ("/fr/events/none/", None, None),
        ("/fr/evenements/none/", None, None),
        ("/fr/comments/token/", None, None),
        ("/fr/newsletter/unsubscribe/token/", None, None),
        ("/fr/elsewhere/", None, None),
    ],
)
def test_an_address_of_the_other_language_is_led_to_its_page(client, url, meant, title):
    make_event(title_fr="L’été", slug_fr="ete", title_en="Summer", slug_en="summer")
    make_event(status="draft", slug_fr="secret-fr", slug_en="secret")
    response = client.get(url, headers={"accept-language": "fr"})
    assert response.status_code == 404
    notice = soup(response).select_one(".notice")
    assert (notice and (notice.a["href"], words(notice.a))) == (meant and (meant, title))


@pytest.mark.parametrize(
    ("language", "again", "home"),
    [
        ("fr", ["Réessayer", "Try again"], ["Aller à la page d’accueil", "Go to the home page"]),
        ("en", ["Try again", "Réessayer"], ["Go to the home page", "Aller à la page d’accueil"]),
    ],
)
def test_a_fault_of_ours_is_said_in_both_languages_the_page_s_own_first_and_tells_nothing(language, again, home):
    client = Client(raise_request_exception=False)
    response = client.get(f"/{language}/broken/")
    page = soup(response)
    titles = {"fr": "Une erreur de notre côté", "en": "A fault on our side"}
    other = {"fr": "en", "en": "fr"}[language]
    assert (response.status_code, page.html["lang"], response["Content-Language"]) == (500, language, language)
    assert [words(title) for title in page.select("h1, h2")] == [titles[language], titles[other]]
    assert page.h2.parent["lang"] == other
    assert [(words(link), link["href"]) for link in page.select("a")] == [
        (again[0], ""),
        (home[0], f"/{language}/"),
        (again[1], ""),
        (home[1], f"/{other}/"),
    ]
    assert page.select_one("link[rel=stylesheet]")["href"] == "/static/site.css"
    assert b"4711" not in response.content


@pytest.mark.parametrize("path", ["/broken/", "/es/broken/", "/admin/broken/"])
def test_a_fault_of_ours_is_said_in_french_first_where_the_address_has_neither_language(path):
    page = soup(server_error(RequestFactory().get(path)))
    assert page.html["lang"] == "fr"


def test_what_was_sent_to_a_broken_page_is_not_sent_again_by_its_link():
    response = Client(raise_request_exception=False).post("/fr/broken/")
    assert [link["href"] for link in soup(response).select("a")] == ["/fr/", "/en/"]


def test_the_page_for_a_fault_needs_neither_words_of_the_site_nor_catalogues_nor_the_list_of_static_files(monkeypatch):
    def gone(*_args, **_kwargs):
        raise RuntimeError("gone")

    for name in ("gettext", "pgettext", "ngettext", "get_language", "activate"):
        monkeypatch.setattr(f"django.utils.translation._trans.{name}", gone)
    monkeypatch.setattr("omep_site.lib.context.site", gone)
    monkeypatch.setattr("omep_site.views.static", gone)
    monkeypatch.setattr(CursorWrapper, "execute", gone)
    response = server_error(RequestFactory().get("/en/events/"))
    page = soup(response)
    assert (response.status_code, words(page.h1)) == (500, "A fault on our side")
    assert page.select("link") == []


@pytest.mark.parametrize(
    ("url", "status", "language"),
    [("/fr/", 503, "fr"), ("/en/events/", 503, "en"), ("/fr/nulle-part/", 404, "fr"), ("/fr/events/x/", 404, "fr")],
)
def test_without_its_database_the_site_answers_with_its_own_pages_for_errors(monkeypatch, url, status, language):
    def away(*_args, **_kwargs):
        raise OperationalError("the database is away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CursorWrapper, "execute", away)
        response = Client(raise_request_exception=False).get(url)
    assert (response.status_code, soup(response).html["lang"]) == (status, language)


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Cette demande n’a pas pu être lue"), ("en", "This request could not be read")]
)
def test_a_fault_before_the_language_is_known_is_said_in_the_visitors_and_not_in_the_last_ones(
    client, settings, language, title
):
    settings.SECURE_SSL_REDIRECT = True  # asks for the host before any other middleware
    translation.activate({"fr": "en", "en": "fr"}[language])
    for url, accepted in ((f"/{language}/", None), ("/", language)):
        response = Client(headers={"accept-language": accepted} if accepted else {}).get(
            url, headers={"host": "evil.example"}
        )
        page = soup(response)
        assert (response.status_code, page.html["lang"], words(page.h1)) == (400, language, title)


@pytest.mark.parametrize("path", ["/fr/?q=%00", "/en/events/?%00=1", "/admin/?q=%00"])
def test_a_nul_in_a_query_is_a_bad_request(client, path):
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/fr/", "Cette page ne peut qu’être lue"),
        ("/en/", "This page can only be read"),
        ("/fr/evenements/", "Cette page ne peut qu’être lue"),
        ("/en/events/", "This page can only be read"),
    ],
)
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_a_page_to_read_takes_nothing_and_says_so(client, path, title, method):
    response = getattr(client, method)(path)
    page = soup(response)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert (page.html["lang"], words(page.h1)) == (path[1:3], title)


@pytest.mark.parametrize(
    ("path", "allow"), [("/fr/lettre/", "GET, HEAD, POST"), ("/en/newsletter/", "GET, HEAD, POST")]
)
def test_a_page_with_a_form_takes_what_a_form_sends_and_nothing_else(client, path, allow):
    response = client.put(path)
    assert (response.status_code, response["Allow"], soup(response).html["lang"]) == (405, allow, path[1:3])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_page_for_an_error_leads_on_and_is_not_for_search_engines(client, language):
    answers = [
        client.get(f"/{language}/nowhere/"),
        client.post(f"/{language}/"),
        client.get(f"/{language}/?q=%00"),
        client.get(f"/{language}/", headers={"host": "evil.example"}),
        client.post(f"/{language}/", b"x" * (3 * 2**20), content_type="text/plain"),
        forbidden_here(language),
    ]
    assert [each.status_code for each in answers] == [404, 405, 400, 400, 413, 403]
    for answer in answers:
        page = soup(answer)
        assert page.select_one("meta[name=robots]")["content"] == "noindex"
        assert (len(page.select("h1")), page.title.get_text()) == (1, f"{words(page.h1)} – OMEP")
        ways = {"fr": {"/fr/", "/fr/evenements/"}, "en": {"/en/", "/en/events/"}}[language]
        assert {link["href"] for link in page.select(".ways a")} == ways


def forbidden_here(language):
    with translation.override(language):
        request = RequestFactory().get(f"/{language}/")
        request.LANGUAGE_CODE = language
        return forbidden(request)
