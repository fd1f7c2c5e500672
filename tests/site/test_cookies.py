"""Visitors have no cookie; editors have theirs under /admin/ only."""

import os
import subprocess
import sys

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
    assert cookies == dict.fromkeys(["csrftoken", "known", "sessionid"], ("/admin/", True, "Lax"))
    page = client.get("/admin/")
    assert (page.status_code, page.wsgi_request.user) == (200, editor)


def test_the_cookies_of_editors_are_secure_where_the_site_is(editor, settings):
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    client = Client()
    sign_in(client)
    assert {name: cookie["secure"] for name, cookie in client.cookies.items()} == dict.fromkeys(
        ["__Secure-known", "csrftoken", "sessionid"], True
    )


@pytest.mark.parametrize(
    ("scheme", "names"),
    [("https", "True __Secure-sessionid __Secure-csrftoken"), ("http", "False sessionid csrftoken")],
)
def test_by_https_their_names_tell_browsers_that_only_https_may_set_them(scheme, names):
    env = os.environ | {
        "SITE_URL": f"{scheme}://events.example.org",
        "SECRET_KEY": "k" * 50,
        "DJANGO_SETTINGS_MODULE": "omep_site.settings",
    }
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, cwd=settings.BASE_DIR)
    assert done.stdout.strip() == names


@pytest.mark.parametrize("cookie", STALE)
def test_a_stale_cookie_under_admin_leads_to_the_page_to_sign_in(cookie):
    response = Client().get("/admin/", headers={"cookie": cookie})
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/")


def test_a_form_without_a_token_is_refused_under_admin_and_only_there(editor):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/admin/login/", {"username": "claire", "password": "a long password"}).status_code == 403
    assert client.post("/fr/nulle-part/").status_code == 404


def test_https_is_demanded_where_the_site_has_it(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    client = Client()
    plain = client.get("/en/")
    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/en/")
    assert client.get("/en/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"
    assert client.get("/en/").status_code == 301  # the page that is kept by now is for https
