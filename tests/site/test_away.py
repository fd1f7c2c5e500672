"""The database does not answer, or nothing can be written: whoever sends something is told so, and keeps every word."""

import errno
import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, InterfaceError, OperationalError
from django.db.backends.utils import CursorWrapper
from django.test import Client

from comments.models import Comment
from newsletter.models import Subscriber
from omep_site import away
from omep_site.lib import incidents, logs, public
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
TITLES = {"fr": "Ce que vous avez envoyé n’a pas pu être enregistré", "en": "What you sent could not be stored"}
WORDS = {
    "name": "Zoë Lefèvre",
    "email": "zoe@example.org",
    "website": "",
    "body": "Très bien !\n\n  <b>« L’été »</b> & après\n",
    "parent": "",
    "stamp": "",
}


@pytest.fixture
def without_database(monkeypatch):
    def gone(*_args, **_kwargs):
        raise OperationalError("the database is away")

    def call(function):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(CursorWrapper, "execute", gone)
            meanwhile.setattr(CursorWrapper, "executemany", gone)
            return function()

    return call


def sent(page) -> dict[str, str]:
    """What the page's one form would send."""
    found = {field["name"]: field.get("value", "") for field in page.select("form input[name]")}
    return found | {field["name"]: field.text.removeprefix("\n") for field in page.select("form textarea")}


@pytest.mark.parametrize(("language", "again"), [("fr", "Renvoyer"), ("en", "Send it again")])
def test_a_comment_that_cannot_be_stored_comes_back_word_for_word_and_is_stored_by_the_button(
    visitor, without_database, language, again
):
    make_event(slug_fr="ete", slug_en="summer")
    of_the_event = {"fr": "/fr/evenements/ete/", "en": "/en/events/summer/"}[language]
    path = soup(visitor.get(of_the_event)).select_one("#comment-form")["action"]
    response = without_database(lambda: visitor.post(path, WORDS))
    page = soup(response)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "60", "no-store")
    assert (page.html["lang"], words(page.h1), words(page.select_one("form button"))) == (
        language,
        TITLES[language],
        again,
    )
    assert sent(page) == WORDS
    assert page.form.get("action") is None  # to where it was sent
    assert visitor.post(path, sent(page)).status_code == 303
    assert list(Comment.objects.values_list("name", "email", "body")) == [
        ("Zoë Lefèvre", "zoe@example.org", "Très bien !\n\n  <b>« L’été »</b> & après")
    ]


@pytest.mark.parametrize(("path", "language"), [("/fr/lettre/", "fr"), ("/en/newsletter/", "en")])
def test_a_subscription_that_cannot_be_stored_comes_back_and_is_stored_by_the_button(
    visitor, without_database, path, language
):
    given = {"email": "zoe@example.org", "language": language, "page": "/fr/"}
    response = without_database(lambda: visitor.post(path, given))
    page = soup(response)
    assert (response.status_code, words(page.h1), sent(page)) == (503, TITLES[language], given)
    assert "form-action 'self'" in response["Content-Security-Policy"]
    assert [words(label) for label in page.select("label")] == [
        {"fr": "Adresse e-mail", "en": "E-mail address"}[language]
    ]
    assert visitor.post(path, sent(page)).status_code == 303
    assert Subscriber.objects.get().email == "zoe@example.org"


def test_the_button_behind_a_link_can_be_pressed_again(visitor, without_database):
    subscriber = Subscriber.objects.create(email="zoe@example.org", language="fr", status="confirmed")
    path = f"/fr/lettre/desabonnement/{subscriber.unsubscribe_token}/"
    response = without_database(lambda: visitor.post(path))
    page = soup(response)
    assert (response.status_code, words(page.select_one("form button")), sent(page)) == (503, "Renvoyer", {})
    assert visitor.post(path, sent(page)).status_code == 200
    assert Subscriber.objects.get().status == "unsubscribed"


def test_a_reader_is_asked_to_come_again(visitor, without_database):
    response = without_database(lambda: visitor.get("/fr/evenements/"))
    page = soup(response)
    assert (response.status_code, response["Retry-After"], words(page.h1)) == (
        503,
        "60",
        "Nous revenons dans un instant",
    )
    assert [(link["href"], words(link)) for link in page.select("a")] == [
        ("", "Réessayer"),
        ("/fr/", "Aller à la page d’accueil"),
    ]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_middleware_that_asks_in_vain_is_no_fault_either(monkeypatch, method):
    def gone():
        raise OperationalError("the database is away")

    monkeypatch.setattr(public, "base_version", gone)
    monkeypatch.setattr("omep_site.middleware.Language.process_request", lambda _self, _request: gone())
    client = Client(raise_request_exception=False)
    response = getattr(client, method)("/en/newsletter/", {"email": "zoe@example.org"})
    page = soup(response)
    title = {"get": "We will be back in a moment", "post": TITLES["en"]}[method]
    assert (response.status_code, page.html["lang"], words(page.h1)) == (503, "en", title)
    assert sent(page) == {"get": {}, "post": {"email": "zoe@example.org"}}[method]
    assert "form-action 'self'" in response["Content-Security-Policy"]  # or the button would do nothing


def test_an_editor_is_told_to_go_back_and_their_password_is_on_no_page(without_database):
    client = Client(headers={"accept-language": "fr"})
    response = without_database(lambda: client.post("/admin/login/", {"username": "anna", "password": "oies"}))
    assert (response.status_code, words(soup(response).h1)) == (503, TITLES["fr"])
    assert soup(response).select("form, input") == []
    assert b"oies" not in response.content


def test_the_log_says_why_and_nothing_of_what_was_sent(visitor, monkeypatch, caplog):
    def full(*_args, **_kwargs):
        raise sqlite_error("SQLITE_FULL", OperationalError)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(CursorWrapper, "execute", full)
        for path in ("/fr/lettre/", "/readyz"):
            visitor.post(path, {"email": "zoe@example.org"})
    said = [record.getMessage() for record in caplog.records if record.name == "omep_site.away"]
    assert said == ["nothing can be read or stored: the disk is full (SQLITE_FULL)"] * 2
    assert "zoe" not in " ".join(logs.Json().format(record) for record in caplog.records)


def postgres_error(words: str, sqlstate=None) -> OperationalError:
    cause = psycopg.OperationalError(words)
    cause.sqlstate = sqlstate
    error = OperationalError(words)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OSError(errno.ENOSPC, "zoé"), "the disk is full (ENOSPC)"),
        (OSError(errno.EROFS, "zoé"), "the disk can only be read (EROFS)"),
        (OSError(errno.EDQUOT, "zoé"), "the disk is full (EDQUOT)"),
        (["SQLITE_FULL"], "the disk is full (SQLITE_FULL)"),
        (["SQLITE_BUSY"], "the database is locked (SQLITE_BUSY)"),
        (["SQLITE_BUSY_SNAPSHOT"], "the database is locked (SQLITE_BUSY_SNAPSHOT)"),
        (["SQLITE_READONLY_DIRECTORY"], "the database can only be read (SQLITE_READONLY_DIRECTORY)"),
        (["SQLITE_IOERR_WRITE"], "the disk fails (SQLITE_IOERR_WRITE)"),
        (["SQLITE_CANTOPEN"], "the database cannot be opened (SQLITE_CANTOPEN)"),
        (["zoé: disk", "53100"], "the disk is full (53100)"),
        (["zoé: locked", "55P03"], "the database is locked (55P03)"),
        (["zoé: too many", "53300"], "the database has too many clients (53300)"),
        (["zoé: no such table", "42P01"], "the database fails (42P01)"),
        (["SQLITE_CORRUPT"], "the database is damaged (SQLITE_CORRUPT)"),
        (["terminating connection", "57P01"], "the database is away (57P01)"),
        (["connection failed: FATAL:  sorry, too many clients already", None], "the database has too many clients"),
        (["FATAL:  remaining connection slots are reserved for zoé", None], "the database has too many clients"),
        (["FATAL:  désolé, trop de clients sont déjà connectés", None], "the database has too many clients"),
        (['FATAL:  password authentication failed for user "zoé"', None], "the database refuses the connection"),
        (["connection to server failed: Connection refused", None], "the database is away"),
        (InterfaceError("zoé"), "the database is away"),
    ],
)
def test_why_nothing_can_be_stored_is_told_in_our_words_with_the_code(error, cause):
    if isinstance(error, list):
        error = sqlite_error(*error) if len(error) == 1 else postgres_error(*error)
    assert incidents.cause_of(error) == cause


def sqlite_error(name: str, kind=DatabaseError) -> DatabaseError:
    cause = sqlite3.DatabaseError("x")
    cause.sqlite_errorname = name
    error = kind("x")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("exception", "expected"),
    [
        (OperationalError("database is locked"), True),
        (InterfaceError("connection already closed"), True),
        (sqlite_error("SQLITE_FULL"), True),
        (sqlite_error("SQLITE_BUSY", OperationalError), True),
        (sqlite_error("SQLITE_ERROR", OperationalError), False),  # no such column
        (sqlite_error("SQLITE_CORRUPT"), False),
        (DatabaseError("a fault of ours"), False),
        (IntegrityError("UNIQUE constraint failed"), False),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EROFS, "Read-only file system"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (ValueError(), False),
    ],
)
def test_what_comes_from_outside_is_told_from_what_is_a_fault_of_ours(exception, expected):
    assert away.is_away(exception) is expected
