"""Kept pages are answered before Django, with the very answer that Django would have given."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from wsgiref.validate import validator

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from events.reading import path_of
from omep_site.lib import public, quick
from omep_site.lib.quick import KeptPages
from tests.factories import make_event

pytestmark = pytest.mark.django_db

SITE = "testserver"


@pytest.fixture(autouse=True)
def _however_slow_the_machine(monkeypatch):
    """What is asked twice here is asked while the version is remembered, also where making a page takes longer than that."""
    monkeypatch.setattr(public, "VERSION_MEMORY", 60)


class Server:
    """Two ways to the site, asked alike: by Django alone, and with the kept pages before it. Both are strict about WSGI."""

    def __init__(self):
        self.by_django = 0
        self.django = WSGIHandler()
        self.plain, self.quick = validator(self.django), validator(KeptPages(validator(self.counted)))

    def counted(self, environ, start_response):
        self.by_django += 1
        return self.django(environ, start_response)

    def ask(self, application, path="/en/", method="GET", **more):
        path, _mark, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode().decode("latin1"),
            "QUERY_STRING": query,
            "SERVER_NAME": SITE,
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": SITE,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": ErrorsOfTheServer(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            **more,
        }
        told = []
        answer = application(environ, lambda status, headers, exc_info=None: told.append((status, dict(headers))))
        try:
            body = b"".join(answer)
        finally:
            answer.close()
        return *told[0], body

    def both(self, *args, **more):
        """The two answers, and whether the second came without Django."""
        first, before = self.ask(self.plain, *args, **more), self.by_django
        second = self.ask(self.quick, *args, **more)
        return first, second, self.by_django == before


class ErrorsOfTheServer:
    def write(self, words):
        raise AssertionError(words)

    writelines = write

    def flush(self):
        pass


@pytest.fixture
def server():
    """Django’s handler would close the test’s connection to the database after each request; its test client does the same
    as this."""
    signals = request_started, request_finished
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield Server()
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity", "", "gzip;q=0, br;q=0"])
def test_a_kept_page_is_the_same_answer_without_django(server, encoding):
    event = make_event()
    first, second, is_quick = server.both(path_of(event, "en"), HTTP_ACCEPT_ENCODING=encoding)
    assert (second, is_quick) == (first, True)
    assert (first[0], first[1]["Cache-Control"]) == ("200 OK", public.CACHE_CONTROL)


def test_who_has_it_already_is_told_so_by_both_alike(server):
    etag = server.ask(server.plain)[1]["ETag"]
    first, second, is_quick = server.both(HTTP_IF_NONE_MATCH=etag)
    assert (second, is_quick, first[0], first[2]) == (first, True, "304 Not Modified", b"")


def test_parameters_are_told_apart_as_django_tells_them(server):
    for path in ("/en/events/", "/en/events/?utm_source=x"):
        first, second, is_quick = server.both(path)
        assert (second, is_quick) == (first, True)
    assert server.both("/en/events/?year=1900")[2] is False


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS"])
def test_other_methods_are_djangos(server, method):
    server.ask(server.plain)
    first, second, is_quick = server.both(method=method, CONTENT_LENGTH="0")
    assert (second, is_quick) == (first, False)


@pytest.mark.parametrize(
    "more",
    [{"HTTP_HOST": "elsewhere.example.net"}, {"SCRIPT_NAME": "/under"}, {"HTTP_HOST": f"{SITE}:80\x00"}],
    ids=["another host", "under a prefix", "a broken host"],
)
def test_what_is_not_that_page_is_djangos(server, more):
    server.ask(server.plain)
    assert server.both(**more)[2] is False


def test_an_address_with_accents_is_djangos(server):
    assert server.both("/en/événements/")[2] is False


def test_after_a_change_django_is_asked_first(server):
    server.ask(server.plain)
    public.bump()
    before = server.by_django
    answers = [server.ask(server.quick) for _ in range(2)]
    assert (server.by_django - before, answers[0]) == (1, answers[1])


def test_behind_a_proxy_with_https_pages_of_plain_http_are_not_answered(server, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    server.ask(server.plain)
    assert server.both(HTTP_X_FORWARDED_PROTO="https")[2] is True  # Django made it just before
    assert sorted({key[0] for key in public.shelf.now.pages}) == ["http", "https"]


def test_no_query_is_asked_however_old_the_version_in_memory_is(server, clock, django_assert_num_queries):
    server.ask(server.plain)
    with django_assert_num_queries(0):
        assert server.both()[2] is True
    clock.forward(120)
    before = server.by_django
    server.ask(server.quick)
    assert server.by_django == before + 1


# --- A few at a time --------------------------------------------------------------------------------------------------


class Slow:
    """An application that says how many work in it at once, until it may end."""

    def __init__(self):
        self.inside, self.most, self.lock, self.may_end = 0, 0, threading.Lock(), threading.Event()

    def __call__(self, environ, start_response):
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.may_end.wait(10)
        with self.lock:
            self.inside -= 1
        return [b""]


def test_two_at_a_time_are_worked_on_and_the_others_after_them(monkeypatch):
    monkeypatch.setattr(quick, "PATIENCE", 60)
    slow = Slow()
    site = KeptPages(slow)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(site, {"REQUEST_METHOD": "POST"}, None) for _ in range(8)]
        while slow.inside < quick.AT_ONCE:
            pass
        slow.may_end.set()
        assert [each.result() for each in asked] == [[b""]] * 8
    assert slow.most == quick.AT_ONCE


def test_nobody_waits_for_long_behind_those_who_wait_themselves(monkeypatch):
    monkeypatch.setattr(quick, "PATIENCE", 0.01)
    slow = Slow()
    site = KeptPages(slow)
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(site, {"REQUEST_METHOD": "POST"}, None) for _ in range(8)]
        while slow.inside < 8:
            pass
        slow.may_end.set()
        assert len([each.result() for each in asked]) == 8


def test_a_fault_gives_its_turn_back(monkeypatch):
    monkeypatch.setattr(quick, "PATIENCE", 60)

    def broken(environ, start_response):
        raise ZeroDivisionError

    site = KeptPages(broken)
    for _ in range(quick.AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            site({"REQUEST_METHOD": "POST"}, None)
