"""Visitors have no cookie; editors have theirs under /admin/ only; every public answer says what browsers may do."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from omep_site.lib import public
from tests.factories import make_event

pytestmark = pytest.mark.django_db

STALE = [
    "sessionid=0123456789abcdef0123456789abcdef; csrftoken=" + "a" * 32,
    "sessionid=; csrftoken=<malformed>",
    'csrftoken="; messages=x; django_language=de',
]
PUBLIC = ["/fr/", "/en/", "/fr/evenements/", "/en/events/", "/fr/evenements/lancement/", "/en/events/launch/"]
MISSING = ["/fr/nulle-part/", "/en/nowhere/", "/fr/evenements/nul/", "/en/events/none/"]


@pytest.fixture(autouse=True)
def _event():
    make_event(slug_fr="lancement", slug_en="launch")


@pytest.fixture
def editor():
    return User.objects.create_superuser("claire", "claire@example.org", "a long password")


@pytest.mark.parametrize(("path", "status"), [(path, 200) for path in PUBLIC] + [(path, 404) for path in MISSING])
@pytest.mark.parametrize("cookie", STALE)
def test_a_visitor_gets_the_same_bytes_with_any_stale_cookie_and_no_new_one(path, status, cookie):
    fresh = Client().get(path)
    public.forget()  # so that the page is made anew, for this visitor
    stale = Client().get(path, headers={"cookie": cookie})
    assert (stale.status_code, stale.content, dict(stale.items())) == (status, fresh.content, dict(fresh.items()))
    assert not stale.cookies
    assert "Cookie" not in stale.get("Vary", "")


@pytest.mark.parametrize("path", PUBLIC + MISSING)
def test_an_editor_who_signed_in_sees_what_everybody_sees(editor, path):
    visitor = Client().get(path)
    public.forget()
    client = Client()
    client.force_login(editor)
    response = client.get(path)
    assert (response.content, dict(response.items())) == (visitor.content, dict(visitor.items()))
    assert not response.cookies


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_asks_for_no_session_and_no_user(path, django_assert_num_queries):
    request = Client().get(path).wsgi_request
    assert [hasattr(request, name) for name in ("session", "user", "_messages", "csrf_processing_done")] == [False] * 4


def sign_in(client):
    client.get("/admin/login/")
    token = client.cookies["csrftoken"].value
    form = {"username": "claire", "password": "a long password", "csrfmiddlewaretoken": token, "next": "/admin/"}
    return client.post("/admin/login/", form)


def test_an_editor_signs_in_with_cookies_that_live_under_admin_only(editor):
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/admin/")
    cookies = {
        name: (cookie["path"], cookie["httponly"], cookie["samesite"]) for name, cookie in client.cookies.items()
    }
    assert cookies == {"sessionid": ("/admin/", True, "Lax"), "csrftoken": ("/admin/", True, "Lax")}
    page = client.get("/admin/")
    assert (page.status_code, page.context["user"]) == (200, editor)


def test_the_cookies_of_editors_are_secure_where_the_site_is(editor, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    sign_in(client)
    assert [cookie["secure"] for cookie in client.cookies.values()] == [True, True]


@pytest.mark.parametrize("cookie", STALE)
def test_a_stale_cookie_under_admin_leads_to_the_page_to_sign_in(cookie):
    response = Client().get("/admin/", headers={"cookie": cookie})
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/")


def test_a_form_without_a_token_is_refused_under_admin_and_only_there(editor):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/login/", {"username": "claire", "password": "a long password"}).status_code == 403
    assert client.post("/fr/nulle-part/").status_code == 404


@pytest.mark.parametrize("path", [*PUBLIC, *MISSING, "/"])
def test_each_answer_to_a_visitor_has_the_headers_that_protect(path):
    response = Client().get(path)
    policy = dict(each.split(" ", 1) for each in response["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'self' {settings.STAMP_SCRIPT}",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        # The home page offers to show the Facebook page, after a click.
        **({"frame-src": "https://www.facebook.com"} if path in ("/fr/", "/en/") else {}),
    }
    names = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert [response[name] for name in names] == ["nosniff", "DENY", "same-origin", "same-origin"]
    assert "Strict-Transport-Security" not in response


def test_https_is_demanded_where_the_site_has_it(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    client = Client()
    plain = client.get("/en/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/en/")
    assert client.get("/en/", secure=True)["Strict-Transport-Security"].startswith("max-age=31536000")
    assert client.get("/en/").status_code == 301  # the page that is kept by now is for https
