"""Akismet, against a real server on this machine: what it is told, and that nothing depends on its answer."""

import logging
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.db import connection

from comments import akismet
from comments.checks import Submission
from comments.models import Comment
from tests.comments.factories import BROWSER, make_comment, send
from tests.factories import make_event
from tests.servers import serving

SENT = Submission("Zoé Lefèvre", "Merci pour l’été !", "https://éveil.example", decoy="d")


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        self.asked, self.answer, self.ends = [], (200, b"false"), threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append((self.path, dict(self.headers), parse_qs(body, keep_blank_values=True)))
        if callable(self.server.answer):
            self.server.answer(self)
            return
        status, words = self.server.answer
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://127.0.0.1:1/")
        self.send_header("Content-Length", str(len(words)))
        self.end_headers()
        self.wfile.write(words)

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings, monkeypatch):
    settings.AKISMET_KEY = "abc123"
    monkeypatch.setattr(akismet, "_not_before", 0.0)
    monkeypatch.setattr(akismet, "TIMEOUT", 60)  # so that an answer on a busy machine is one
    with serving(Service()) as server:
        monkeypatch.setattr(akismet, "SERVICE", f"http://127.0.0.1:{server.server_port}/1.1/comment-check")
        yield server
        server.ends.set()


@pytest.mark.parametrize(("word", "expected"), [(b"true", "spam"), (b"false", "ham")])
def test_its_word_is_taken(service, word, expected):
    service.answer = (200, word)
    assert akismet.ask(SENT) == expected


def test_it_is_told_the_name_the_website_and_the_words_and_nothing_else_of_the_visitor(service):
    akismet.ask(SENT, is_reply=True)
    ((path, headers, fields),) = service.asked
    assert path == "/1.1/comment-check"
    assert fields == {
        "api_key": ["abc123"],
        "blog": ["https://events.example.org"],
        "blog_lang": ["fr, en"],
        "blog_charset": ["UTF-8"],
        "user_ip": ["127.0.0.1"],
        "comment_type": ["reply"],
        "comment_author": ["Zoé Lefèvre"],
        "comment_author_url": ["https://éveil.example"],
        "comment_content": ["Merci pour l’été !"],
    }
    assert set(headers) == {"Host", "Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"}
    assert headers["User-Agent"] == "omep-events | akismet.py"


def drip(handler):
    while not handler.server.ends.wait(0.1):
        handler.wfile.write(b"H")


def hang_up(handler):
    handler.connection.close()


BAD = {
    "slow": lambda handler: handler.server.ends.wait(120),
    "dripping": drip,
    "hanging up": hang_up,
    "no HTTP": lambda handler: handler.wfile.write(b"true\r\n\r\n"),
    "an error": (500, b"true"),
    "elsewhere": (302, b"true"),
    "a wrong key": (200, b"invalid"),
    "a page": (200, b"<!doctype html>" * 10**5),
    "nothing": (200, b""),
    "in capitals": (200, b"TRUE"),
    "too much": (200, b"true, or so"),
}


@pytest.mark.parametrize("answer", BAD.values(), ids=BAD)
def test_anything_else_is_no_answer_and_takes_no_longer_than_it_may(service, answer, caplog, monkeypatch):
    monkeypatch.setattr(akismet, "TIMEOUT", 0.5)
    service.answer = answer
    began = time.monotonic()
    assert akismet.ask(SENT) == "away"
    assert time.monotonic() - began < 1.5
    (record,) = [record for record in caplog.records if record.name == "comments.akismet"]
    assert record.levelno == logging.WARNING
    assert record.getMessage().startswith("Akismet did not answer: ")
    assert [word for word in ("Zoé", "abc123", "Merci") if word in record.getMessage()] == []


def test_a_server_that_is_not_there_is_away(service, monkeypatch):
    monkeypatch.setattr(akismet, "SERVICE", "http://127.0.0.1:1/1.1/comment-check")
    assert akismet.ask(SENT) == "away"


def test_a_certificate_that_nobody_vouches_for_is_away(service, monkeypatch):
    monkeypatch.setattr(akismet, "SERVICE", akismet.SERVICE.replace("http:", "https:"))
    assert (akismet.ask(SENT), service.asked) == ("away", [])


def test_after_it_was_away_it_is_left_alone_for_a_minute(service, monkeypatch):
    service.answer = (500, b"")
    assert [akismet.ask(SENT), akismet.ask(SENT)] == ["away", "away"]
    assert len(service.asked) == 1
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 60)
    service.answer = (200, b"false")
    assert (akismet.ask(SENT), len(service.asked)) == ("ham", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answer", "status", "codes"),
    [
        ((200, b"true"), "spam", ["akismet", "no_stamp", "new_address"]),
        ((200, b"false"), "pending", ["no_stamp", "new_address"]),
        ((500, b""), "pending", ["akismet_away", "no_stamp", "new_address"]),
    ],
)
def test_a_comment_goes_the_same_way_whatever_becomes_of_the_question(service, visitor, answer, status, codes):
    service.answer = answer
    sent = send(visitor, make_event(), headers=BROWSER)
    comment = Comment.objects.get()
    assert (sent.status_code, comment.status, comment.held_for) == (303, status, codes)


@pytest.mark.django_db
def test_a_reply_is_said_to_be_one_and_no_address_is_told(service, visitor):
    parent = make_comment(status="approved")
    send(visitor, parent.event, headers=BROWSER, parent=parent.pk)
    ((_path, _headers, fields),) = service.asked
    assert fields["comment_type"] == ["reply"]
    assert "zoe.lefevre" not in str(service.asked)


@pytest.mark.django_db
def test_what_is_spam_already_is_told_to_nobody(service, visitor):
    send(visitor, make_event(), headers=BROWSER, subject="filled in")
    assert (service.asked, Comment.objects.get().status) == ([], "spam")


@pytest.mark.django_db(transaction=True)
def test_it_is_asked_while_no_transaction_waits(service, visitor, monkeypatch):
    asked, seen = akismet.ask, []

    def look(*args, **kwargs):
        seen.append(connection.in_atomic_block)
        return asked(*args, **kwargs)

    monkeypatch.setattr(akismet, "ask", look)
    assert send(visitor, make_event(), headers=BROWSER).status_code == 303
    assert seen == [False]


@pytest.mark.django_db
def test_without_a_key_nobody_is_asked(service, settings, visitor):
    settings.AKISMET_KEY = ""
    send(visitor, make_event(), headers=BROWSER)
    assert (service.asked, Comment.objects.get().held_for) == ([], ["no_stamp", "new_address"])
