"""Every answer tells browsers exactly what they may do with it: each address of the site, to visitors and to editors."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver
from django.utils import translation

from events.models import Event
from newsletter.demo import WORDS as WORDS_OF_A_LETTER
from newsletter.models import Issue
from omep_site.lib import headers, public
from omep_site.lib.admin import EDITOR_STYLE
from omep_site.lib.links import languages
from omep_site.proxy import walk
from tests.comments.factories import make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def in_order(found: dict) -> dict:
    """With the directives of its policy in an order of their own: django-csp's differs from process to process."""
    return found | {"Content-Security-Policy": "; ".join(sorted(found["Content-Security-Policy"].split("; ")))}


PERMISSIONS = (
    "accelerometer=(),camera=(),display-capture=(),geolocation=(),hid=(),"
    "microphone=(),midi=(),payment=(),serial=(),usb=()"
)
ADMIN_POLICY = (
    f"default-src 'none'; script-src 'self' {settings.STAMP_SCRIPT}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PUBLIC_POLICY = f"{ADMIN_POLICY}; require-trusted-types-for 'script'; trusted-types 'none'"
FILE = in_order(
    {
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Embedder-Policy": None,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": None,
        "Referrer-Policy": "same-origin",
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Access-Control-Allow-Origin": None,
        "Server": None,
        "X-Powered-By": None,
    }
)
PAGE = FILE | {"Permissions-Policy": PERMISSIONS}
PUBLIC, ADMIN = PAGE | {"Content-Security-Policy": PUBLIC_POLICY}, PAGE | {"Content-Security-Policy": ADMIN_POLICY}
SHOWN_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
MEDIA = in_order(FILE | {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox"})
# Where no view was reached.
BARE = in_order(PAGE | {"Content-Security-Policy": headers.POLICY_OF_A_PAGE})
WITH_FACEBOOK = {"Content-Security-Policy": f"{PUBLIC_POLICY}; frame-src https://www.facebook.com"}
WITH_FRAME = {"Content-Security-Policy": f"{ADMIN_POLICY}; frame-src 'self'"}
LETTER = PAGE | {
    "Content-Security-Policy": "default-src 'none'; script-src 'none'; img-src 'none'; font-src 'none'; connect-src 'none'; "
    "style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox",
    "X-Frame-Options": "SAMEORIGIN",
}
SAMPLES = ["1", "2025-07", "fr", "x", "events"]  # what stands in an address: a number, a month, a language, a word


@pytest.fixture(autouse=True)
def _by_https(settings):
    settings.SECURE_HSTS_SECONDS = 31536000


def said(response) -> dict:
    """What it says by these names; the nonce and the style of the admin's editor left out."""
    found = {name: response.get(name) for name in FILE}
    policy = re.sub(f" 'nonce-[^']+'| {re.escape(EDITOR_STYLE)}", "", found["Content-Security-Policy"] or "")
    return in_order(found | {"Content-Security-Policy": policy})


def says_its_letters(response) -> bool:
    """What is text says in which encoding; what has no body says nothing. Quoted, it is the same (RFC 9110, 5.6.6)."""
    kind = response.get("Content-Type", "").replace('"', "")
    return not kind or not kind.startswith(("text/", "application/xml", "application/atom")) or "charset=utf-8" in kind


def wanted(path: str, response) -> dict:
    if path.startswith("/admin/"):
        if re.fullmatch(r"/admin/newsletter/issue/\d+/preview/(fr|en)/", path) and response.status_code == 200:
            return in_order(LETTER)
        of_page, more = ADMIN, WITH_FRAME if re.fullmatch(r"/admin/newsletter/issue/\d+/preview/", path) else {}
    else:
        of_page, more = PUBLIC, WITH_FACEBOOK if path in ("/fr/", "/en/") else {}
        if path.endswith(".png"):
            more = SHOWN_ANYWHERE
    is_page = response.get("Content-Type", "").startswith("text/html")
    more = (more if response.status_code == 200 else {}) | ({} if is_page else {"Permissions-Policy": None})
    return in_order(of_page | more)


def filled(pattern: str) -> str:
    """An address of this pattern, each group with the first of SAMPLES that fits."""

    def sample(found) -> str:
        return next(each for each in SAMPLES if re.fullmatch(found[1], each))

    text = re.sub(r"\(\?P<\w+>((?:[^()]|\([^()]*\))+)\)", sample, pattern)
    return re.sub(r"\\(.)", r"\1", text)


def addresses() -> list[str]:
    found = {}
    for language in languages():
        with translation.override(language):
            found |= dict.fromkeys(filled(pattern) for pattern, _view in walk(get_resolver().url_patterns, "/"))
    return [*found, "/nulle-part/", "/fr/nulle-part/", "/en/nowhere/?q=%00", "/admin/nowhere", "/media/x/y.pdf"]


@pytest.fixture
def furnished(transactional_db):
    """The demo, with a comment and a letter, so that there is something behind most addresses."""
    call_command("load_demo", verbosity=0)
    make_comment(event=Event.objects.first()).approve()
    Issue.objects.create(**WORDS_OF_A_LETTER)


@pytest.mark.parametrize("who", ["visitor", "editor"])
def test_every_address_says_it_whoever_asks_and_however(furnished, request, who):
    client = request.getfixturevalue("editor") if who == "editor" else Client(enforce_csrf_checks=True)
    paths = addresses()
    answers, wrong = {}, {}
    for path in paths:
        for method in ("get", "head", "options", "post"):
            if who == "editor" and (method != "get" or path == "/admin/logout/"):
                continue  # what an editor sends is another matter
            response = getattr(client, method)(path, secure=True)
            response.getvalue()
            answers.setdefault(response.status_code, []).append(path)
            if said(response) != wanted(path, response) or not says_its_letters(response):
                wrong[path, method, response.status_code] = said(response)

    assert wrong == {}
    assert len(paths) > 220
    statuses = {"visitor": {200, 302, 403, 404, 405, 400, 422}, "editor": {200, 302, 404, 405}}[who]
    assert statuses - answers.keys() == set()
    assert len(set(answers[200])) >= {"visitor": 30, "editor": 70}[who]


@pytest.mark.parametrize("path", ["/fr/", "/en/", "/en/events/launch/", "/en/events/launch.ics", "/sitemap.xml"])
def test_a_page_that_is_kept_and_its_304_say_what_the_first_answer_said(client, path):
    make_event(slug_en="launch")
    first = client.get(path, secure=True)
    kept = client.get(path, secure=True)
    known = client.get(path, secure=True, headers={"if-none-match": kept["ETag"]})

    assert (known.status_code, said(first), said(kept), said(known)) == (304, *[wanted(path, first)] * 3)


def test_pictures_may_be_shown_anywhere_and_documents_on_this_site_alone(client, uploads):
    picture, document = f"pictures/{'a' * 32}-480.webp", f"documents/{'0' * 24}-4/slides.pdf"
    for name in (picture, document):
        default_storage.save(name, ContentFile(b"%PDF"))
    event = make_event()
    event.pictures.create(file=picture.replace("webp", "jpg"), width=480, height=1, decorative=True)
    event.documents.create(title_en="Slides", file_en=document)

    for name, found in ((picture, MEDIA | SHOWN_ANYWHERE), (document, MEDIA)):
        answer = client.get(f"/media/{name}", secure=True)
        answer.getvalue()
        known = client.get(f"/media/{name}", secure=True, headers={"if-none-match": answer["ETag"]})
        assert [(each.status_code, said(each)) for each in (answer, known)] == [(200, found), (304, found)]


@pytest.mark.parametrize("name", sorted(path.name for path in Path(settings.BASE_DIR, "static").iterdir()))
def test_static_files_run_nothing_by_themselves(client, name):
    answer = client.get(f"/static/{name}", secure=True)
    answer.getvalue()

    assert (answer.status_code, said(answer)) == (200, FILE)


@pytest.mark.parametrize("path", ["/fr/", "/admin/"])
def test_what_is_refused_before_any_page_is_begun_says_it_too(settings, path):
    settings.SECURE_SSL_REDIRECT = True
    plain = {"Strict-Transport-Security": None}  # by plain http anybody could have said it
    to_https = Client().get(path)
    of_another_host = Client().get(path, secure=True, headers={"host": "evil.example"})
    policy = ADMIN_POLICY if path == "/admin/" else PUBLIC_POLICY

    assert (to_https.status_code, said(to_https)) == (301, BARE | plain)
    assert (of_another_host.status_code, said(of_another_host)) == (
        400,
        in_order(PAGE | {"Content-Security-Policy": policy}),
    )


@pytest.mark.parametrize(
    ("fault", "status", "forms"), [(ZeroDivisionError, 500, "'none'"), (OperationalError, 503, "'self'")]
)
def test_a_fault_of_the_first_middleware_says_it_too(monkeypatch, fault, status, forms):
    def away():
        raise fault("away")

    monkeypatch.setattr(public, "_remembered_now", away)
    answer = Client(raise_request_exception=False).get("/fr/", secure=True)

    policy = BARE["Content-Security-Policy"].replace("form-action 'none'", f"form-action {forms}")
    assert (answer.status_code, said(answer)) == (status, BARE | {"Content-Security-Policy": policy})


def test_sub_domains_are_spoken_for_where_the_installation_says_so(client, settings):
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    for path in ("/fr/", "/static/site.css"):
        answer = client.get(path, secure=True)
        answer.getvalue()
        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_what_stands_in_the_house_is_kept_by_nobody(editor):
    kept = {}
    for path in addresses():
        if path.startswith("/admin/") and path != "/admin/logout/":
            for client in (editor, Client()):
                answer = client.get(path)
                answer.getvalue()
                if "no-store" not in answer.get("Cache-Control", ""):
                    kept[path, answer.status_code] = answer.get("Cache-Control")

    assert kept == {}
