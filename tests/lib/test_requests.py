"""Each request has an id, one line in the log, and its place in the counts."""

import logging

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import path

from omep_site.lib import incidents, quick, requests, tallies, work
from omep_site.models import Kind
from omep_site.urls import urlpatterns as site
from tests.comments.factories import make_comment
from tests.factories import make_event

ID = "0123456789abcdef0123456789abcdef"


def broken(request):
    raise ValueError("zoe@example.org")


urlpatterns = [path("en/broken/", broken, name="broken"), *site]
handler500 = "omep_site.views.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _one_connection():
    """Django would give back the connection of the test's transaction, as its test client keeps it from doing."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def counted(monkeypatch):
    found = []
    monkeypatch.setattr(requests.tallies, "count", lambda *name, by=1: found.append(name))
    return found


@pytest.fixture
def ask(rf, caplog, counted):
    """`ask(path)`: (status, headers, body); what was logged is in `ask.lines`."""
    application = requests.Requests(WSGIHandler())

    def ask(address, method="GET", **headers):
        answered = {}

        def start(status, headers, exc_info=None):
            answered.update(status=int(status[:3]), headers=dict(headers))

        environ = rf.generic(method, address, headers=headers).environ
        with caplog.at_level(logging.INFO):
            body = b"".join(application(environ, start))
        return answered["status"], answered["headers"], body.decode()

    ask.lines = lambda: [each.fields for each in caplog.records if each.name == requests.__name__]
    return ask


def test_an_answer_that_is_not_for_everybody_has_the_id_of_its_request(ask):
    status, headers, _body = ask("/admin/")
    assert (status, work.is_id(headers["X-Request-ID"])) == (302, True)
    assert ask("/admin/")[1]["X-Request-ID"] != headers["X-Request-ID"]


def test_what_anybody_may_keep_has_none(ask):
    make_event()
    found = [ask(address) for address in ("/fr/", "/fr/", "/en/nowhere/", "/robots.txt")]
    assert [(status, "X-Request-ID" in headers) for status, headers, _body in found] == [
        (200, False), (200, False), (404, False), (200, False)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, ID, True),
        (0, ID, False),
        (1, "x" * 32, False),
        (1, f"{ID}\nx", False),
        (1, "0" * 15, False),
        (1, "0" * 37, False),
    ],
)
def test_an_id_is_taken_from_a_proxy_that_is_believed_and_only_where_it_looks_like_one(
    ask, settings, proxies, given, is_taken
):
    settings.TRUSTED_PROXIES = proxies
    assert (ask("/admin/", x_request_id=given)[1]["X-Request-ID"] == given) is is_taken


def test_one_line_tells_of_a_request_by_the_name_of_its_route(ask, counted):
    event = make_event()
    comment = make_comment(event=event, status="approved")
    ask(f"/fr/evenements/{event.slug_fr}/?q=zoe")
    ask("/en/comments/s3cret/edit/")
    ask(f"/en/events/{event.pk}/comment/", "POST")
    ask("/en/nowhere/", "BREW")
    ask("/media/x.png")
    assert comment.pk
    told = [(line["method"], line["route"], line["status"]) for line in ask.lines()]
    assert told == [
        ("GET", "events:detail", 200),
        ("GET", "comments:edit", 404),
        ("POST", "comments:write", 422),
        ("other", "none", 404),
        ("GET", "media/<path:name>", 404),
    ]
    assert [("requests", method, route, f"{status // 100}xx") for method, route, status in told] == [
        name for name in counted if name[0] == "requests"
    ]
    assert all(0 <= line["ms"] < 60_000 for line in ask.lines())


def test_a_page_that_is_kept_is_counted_and_not_told(ask, counted):
    ask("/fr/")
    ask("/fr/")
    assert [line["route"] for line in ask.lines()] == ["events:home"]
    assert [name for name in counted if name[0] in ("kept", "requests")] == [
        ("requests", "GET", "events:home", "2xx"), ("kept",)
    ]  # fmt: skip


def test_a_page_that_is_answered_before_django_is_counted_with_next_to_nothing(rf):
    application = quick.KeptPages(WSGIHandler())
    environ = rf.get("/fr/").environ
    before = repr(quick.kept.counter)
    for _ in range(3):
        application(dict(environ), lambda *_args: None)
    assert before != repr(quick.kept.counter)
    tallies.forget()


@pytest.mark.parametrize(("language", "word"), [("en", "Reference:"), ("fr", "Référence\xa0:")])
def test_the_page_for_a_fault_shows_the_id_that_the_log_has(ask, caplog, language, word):
    status, headers, body = ask("/en/broken/")
    id = headers["X-Request-ID"]
    assert (status, f"{word} <b>{id}</b>" in body) == (500, True)
    assert [line["route"] for line in ask.lines()] == ["broken"]
    assert incidents.noted() == [Kind.FAULT]


def test_a_fault_for_which_no_page_can_be_made_is_answered_and_told_without_its_words(rf, caplog):
    def application(environ, start_response):
        raise ValueError("zoe@example.org")

    answered = []
    body = requests.Requests(application)(rf.get("/").environ, lambda *args: answered.append(args))
    [(status, headers)] = answered
    assert (status, b"".join(body)) == ("500 Internal Server Error", requests.LAST_WORDS)
    assert "X-Request-ID" in dict(headers)
    assert incidents.noted() == [Kind.FAULT]
    assert "zoe" not in caplog.records[0].getMessage()
