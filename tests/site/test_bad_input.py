"""Whatever is in a query, a header or a method, a public address answers with a page or with a clear 4xx."""

import pytest
from django.test import Client

from pages import site
from tests.factories import make_event
from tests.pages import soup
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

PAGES = [
    "/fr/",
    "/en/",
    "/fr/evenements/",
    "/en/events/",
    "/fr/evenements/ete/",
    "/en/events/summer/",
    "/fr/oeuvre/",
    "/en/work/",
    "/fr/lettre/",
    "/en/newsletter/",
    "/fr/lettre/merci/",
    "/en/newsletter/thanks/",
]
OTHERS = ["/", "/healthz", "/fr/nulle-part/", "/en/nowhere/", "/media/none.png", "/fr/evenements/1/commentaire/"]


@pytest.fixture(autouse=True)
def _content():
    make_event(slug_fr="ete", slug_en="summer")
    make_page(slug_fr="oeuvre", slug_en="work")
    site.forget()


def in_its_language(response, path) -> None:
    """What a person reads is in the language of its address."""
    if response["Content-Type"].startswith("text/html") and path[1:3] in ("fr", "en"):
        assert response["Content-Language"] == path[1:3]
        page = f'<!doctype html>\n<html lang="{path[1:3]}"'.encode()
        assert response.headers.get("Content-Encoding") or response.content.startswith(page)


NAMES = ["q", "page", "year", "annee", "subject", "sujet", "month", "mois", "language", "parent", "next", "format"]
VALUES = [
    "",
    "0",
    "-1",
    "1.5",
    "1e9",
    "９",
    "99999999999999999999",
    "'%22<script>",
    "%ff%fe",
    "%C3%28",
    "%ED%A0%80",
    "%F0%9F%91%B6",
    "%E2%80%AE%E2%80%8B",
    "%0d%0aSet-Cookie:x=1",
    "%",
    "%zz",
    "é",
    "a" * 8000,
    "../../etc/passwd",
    "{{7*7}}{%25",
    "%25s%25n",
    "1%27%20OR%201=1--",
]
QUERIES = [
    *(f"{name}={value}" for name in ("q", "page", "unknown") for value in VALUES),
    *(f"{name}=x&{name}=%ff&{name}=" for name in NAMES),
    *(f"{name}[]=1&{name}[a][b]=2&{name}=[1,2]" for name in NAMES),
    "&".join(f"{name}={value}" for name, value in zip(NAMES, VALUES, strict=False)),
    "&".join(f"k{number}=v" for number in range(900)),
    "&&&===;;&",
    "=",
    "?",
    "q",
    "%",
    "utm_source=x&fbclid=" + "y" * 500,
]


@pytest.mark.parametrize("path", PAGES)
def test_no_query_breaks_a_page(client, path):
    for query in QUERIES:
        response = client.get(path, QUERY_STRING=query.encode().decode("latin-1"))
        # What filters nothing is not an error; a page number that is none may be.
        assert response.status_code in (200, 404), query
        in_its_language(response, path)


@pytest.mark.parametrize("path", [*PAGES, *OTHERS])
def test_a_nul_in_a_query_is_refused_with_a_page(client, path):
    for query in ("q=%00", "%00=1", "page=1&x=a%00b", "\0"):
        response = client.get(path, QUERY_STRING=query.encode().decode("latin-1"))
        assert response.status_code == 400, query
        in_its_language(response, path)


def test_more_fields_than_any_form_of_ours_has_are_refused(client):
    response = client.post("/en/newsletter/", "&".join(f"k{number}=v" for number in range(6000)), content_type=FORM)
    assert (response.status_code, soup(response).html["lang"]) == (400, "en")


FORM = "application/x-www-form-urlencoded"
HEADERS = [
    {"accept-language": value}
    for value in (
        "",
        "*",
        ";;;q=",
        "fr;q=x",
        "en;q=-1",
        "-",
        "é",
        "x" * 10_000,
        "fr," * 4000,
        "a-" * 5000,
        "\x01",
        "%00",
    )
] + [
    {"range": "bytes=0-1,5-"},
    {"range": "bytes=-99999999999999"},
    {"range": "pages=1"},
    {"if-none-match": 'W/"'},
    {"if-none-match": "é" * 5000},
    {"if-none-match": ",,,"},
    {"if-match": '"none"'},
    {"if-modified-since": "yesterday"},
    {"if-modified-since": "Mon, 99 Foo 0000 99:99:99 GMT"},
    {"if-unmodified-since": "-1"},
    {"x-forwarded-for": "1.2.3.4, é, ::::"},
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-proto": "gopher"},
    {"x-forwarded-port": "-1"},
    {"forwarded": 'for="[::1";host=evil.example'},
    {"x-original-url": "/admin/"},
    {"x-http-method-override": "DELETE"},
    {"content-type": "é; charset=klingon; boundary="},
    {"content-type": "multipart/form-data"},
    {"content-length": "-5"},
    {"content-length": "many"},
    {"accept": "image/x-nothing"},
    {"accept-encoding": "br;q=é, gzip;q=, ;"},
    {"accept-charset": "klingon"},
    {"cookie": "sessionid=\x7f; csrftoken==;;; django_language=en"},
    {"cookie": "é" * 5000},
    {"user-agent": "\x01é" * 3000},
    {"referer": "http://[::1"},
    {"origin": "http://[::1"},
    {"authorization": "Basic é"},
    {"expect": "more"},
    {"sec-fetch-site": "é"},
]


@pytest.mark.parametrize("path", PAGES)
def test_no_header_breaks_a_page(client, path):
    for headers in HEADERS:
        response = client.get(path, headers=headers)
        assert response.status_code == 200, headers
        in_its_language(response, path)
        assert not response.cookies


@pytest.mark.parametrize("path", OTHERS)
def test_no_header_breaks_what_is_no_page(client, path):
    usual = client.get(path).status_code
    for headers in HEADERS:
        assert client.get(path, headers=headers).status_code == usual, headers


OUR_HOST = ["testserver", "TESTSERVER", "testserver.", "testserver:80", "testserver:65536"]
NO_HOST = [
    "testserver:port",
    "testserver:80:80",
    "testserver@evil.example",
    "testserver/é",
    "evil.example",
    "test server",
    "[::1",
    "é",
    "",
    "\x01",
    "a" * 10_000,
]


@pytest.mark.parametrize("path", PAGES)
def test_a_host_that_is_not_ours_gets_a_page_that_says_so(client, path):
    for host in [*OUR_HOST, *NO_HOST]:
        response = client.get(path, headers={"host": host})
        assert response.status_code == (200 if host in OUR_HOST else 400), host
        in_its_language(response, path)


@pytest.mark.parametrize("path", PAGES)
def test_no_method_breaks_a_page(client, path):
    for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "BREW", "é", "X" * 5000):
        response = client.generic(method, path, b"a=\xff&b=%00", content_type=FORM)
        takes_forms = method == "POST" and ("lettre/" in path or "newsletter/" in path) and "/thanks" not in path
        assert response.status_code == (422 if takes_forms and "merci" not in path else 405), method
        in_its_language(response, path)


@pytest.mark.parametrize("path", PAGES)
def test_head_is_answered_as_get_without_a_body(client, path):
    got, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head[name] for name in ("ETag", "Content-Type", "Content-Length")} == {
        name: got[name] for name in ("ETag", "Content-Type", "Content-Length")
    }


BODIES = [
    b"",
    b"email=%ff%fe&language=%00&page=%00",
    b"email[]=1&language[]=fr",
    b"email=a&email=b@example.org\x00",
    b"&&&===;;;",
    b"\xff\xfe\x00\x01",
    b"email=" + b"x" * 100_000,
    b"email=%E2%80%AE@example.org",
]
CONTENT_TYPES = [
    FORM,
    f"{FORM}; charset=klingon",
    "multipart/form-data; boundary=x",
    "multipart/form-data",
    "application/json",
    "é",
    "",
]


@pytest.mark.parametrize("content_type", CONTENT_TYPES)
def test_no_body_breaks_a_form(visitor, content_type):
    pk = make_event().pk
    for path in ("/fr/lettre/", "/en/newsletter/", f"/fr/evenements/{pk}/commentaire/", f"/en/events/{pk}/comment/"):
        for body in BODIES:
            response = visitor.generic("POST", path, body, content_type=content_type)
            assert response.status_code in (400, 422), (path, body[:30])
            in_its_language(response, path)


@pytest.mark.parametrize(
    "path",
    [
        "/fr/evenements/%00/",
        "/en/events/%ff/",
        "/fr/evenements/é/",
        "/en/events/" + "x" * 9000 + "/",
        "/fr/evenements/../../admin/",
        "/fr//evenements//",
        "/en/events/summer/extra/",
        "/en/events/SUMMER/",
        "/fr/evenements/99999999999999999999/commentaire/",
        "/fr/commentaires/%00/",
        "/en/comments/" + "x" * 5000 + "/",
        "/fr/evenements/mois/0000-00/",
        "/en/events/month/2026-13/",
        "/fr/evenements/mois/9999-12/",
        "/en/events/month/٢٠٢٦-١٢/",
        "/en/newsletter/confirm/%ff/",
        "/fr/lettre/desabonner/x/",
        "/en/preview/%00/",
        "/fr/{{7*7}}/",
        "/en/%25s/",
    ],
)
def test_no_address_breaks_the_site(client, path):
    response = client.get(path)
    assert response.status_code == 404
    in_its_language(response, path)


@pytest.mark.parametrize(
    "path",
    [
        "//",
        "/./",
        "/%2e%2e/",
        "/FR/",
        "/fr-FR/",
        "/xx/",
        "/.env",
        "/wp-login.php",
        "/fr",
        "/%ff",
        "/\u202efr/",
        "/" + "a/" * 2000,
    ],
)
def test_addresses_without_a_language_are_led_on_or_not_found(client, path):
    response = Client(headers={"accept-language": "en"}).get(path)
    assert response.status_code in (301, 302, 404)
    assert "evil" not in response.get("Location", "")
