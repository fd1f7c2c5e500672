"""Asking other sites whether an address leads anywhere, without being led into one's own network."""

import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.cache import cache

from newsletter import dead_links
from newsletter.dead_links import Verdict, ask, ask_all, is_public
from omep_site.lib.shared_cache import RedisCache
from tests.servers import serving


class Answers(BaseHTTPRequestHandler):
    asked: list[tuple[str, str]] = []

    def answer(self):
        Answers.asked.append((self.command, self.path))
        status = int(self.path.strip("/").split("/")[0] or 200)
        if self.path == "/405/get":
            status = 405 if self.command == "HEAD" else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/" + self.path.partition("/302/")[2])
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_HEAD = do_GET = answer

    def log_message(self, *args):
        pass


@pytest.fixture
def elsewhere(monkeypatch):
    """A site that this test lets pass for one on the public internet."""
    monkeypatch.setattr(dead_links, "is_public", lambda address: True)
    Answers.asked = []
    cache.clear()
    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Answers)) as server:
        monkeypatch.setattr(dead_links, "PORTS", {server.server_port})
        yield f"http://127.0.0.1:{server.server_port}"


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("/200", Verdict.ALIVE),
        ("/204/été?q=où", Verdict.ALIVE),
        ("/302/200", Verdict.ALIVE),
        ("/405/get", Verdict.ALIVE),
        ("/404", Verdict.DEAD),
        ("/410", Verdict.DEAD),
        ("/302/404", Verdict.DEAD),
        ("/403", Verdict.SILENT),
        ("/429", Verdict.SILENT),
        ("/500", Verdict.SILENT),
    ],
)
def test_what_a_site_answers(elsewhere, path, verdict):
    assert ask(elsewhere + path) is verdict


def test_a_site_that_is_there_is_asked_by_head_and_what_is_known_not_again(elsewhere):
    urls = [f"{elsewhere}/200/{number}" for number in range(8)]
    assert ask_all([*urls, urls[0]]) == dict.fromkeys(urls, Verdict.ALIVE)
    assert ask_all(urls) == dict.fromkeys(urls, Verdict.ALIVE)
    assert sorted(Answers.asked) == [("HEAD", f"/200/{number}") for number in range(8)]


def test_where_the_shared_cache_is_away_a_letter_can_be_checked_all_the_same(elsewhere, monkeypatch):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setattr(dead_links, "cache", RedisCache(f"redis://127.0.0.1:{closed.getsockname()[1]}/0", {}))
        urls = [f"{elsewhere}/200", f"{elsewhere}/404"]

        assert ask_all(urls) == dict(zip(urls, [Verdict.ALIVE, Verdict.DEAD], strict=True))
        assert ask_all([]) == {}


def test_a_site_that_answers_byte_by_byte_is_not_waited_for(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(dead_links, "is_public", lambda address: True)
        monkeypatch.setattr(dead_links, "PORTS", {server.getsockname()[1]})
        monkeypatch.setattr(dead_links, "PATIENCE", 0.5)
        heard = []

        def drip():
            connection, _address = server.accept()
            with connection, suppress(OSError):
                connection.recv(65536)
                for _byte in range(600):
                    connection.sendall(b"H")
                    heard.append(1)
                    time.sleep(0.05)

        dripping = threading.Thread(target=drip)
        dripping.start()
        assert ask(f"http://127.0.0.1:{server.getsockname()[1]}/") is Verdict.SILENT
        dripping.join()
        assert len(heard) < 300


def test_a_site_that_leads_on_for_ever_is_let_go(elsewhere):
    assert ask(elsewhere + "/302/302/302/302/302/200") is Verdict.ALIVE
    assert len(Answers.asked) == dead_links.MOST_REDIRECTS + 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost:8000/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0/",
        "ftp://example.org/",
        "http://8.8.8.8:25/",
        "https://8.8.8.8:6379/",
        "http://name.invalid/",
        "http://" + "x" * 300 + "/",
    ],
)
def test_nobody_is_led_into_this_machines_own_network(url, monkeypatch):
    def connect(*_args, **_kwargs):
        raise AssertionError("connected")

    monkeypatch.setattr(dead_links.socket, "create_connection", connect)
    assert ask(url) is Verdict.SILENT


def test_a_redirect_into_the_network_is_not_followed(elsewhere, monkeypatch):
    monkeypatch.setattr(dead_links, "is_public", lambda address: address != "::1")
    assert dead_links.ask(elsewhere + "/302/200") is Verdict.ALIVE
    monkeypatch.setattr(dead_links, "urljoin", lambda base, onward: "http://[::1]/")
    assert dead_links.ask(elsewhere + "/302/200") is Verdict.SILENT


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888"])
def test_addresses_on_the_public_internet(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "100.64.0.1", "224.0.0.1", "64:ff9b::7f00:1", "fe80::1%eth0", "fc00::1"],
)
def test_addresses_that_are_not(address):
    assert not is_public(address)
