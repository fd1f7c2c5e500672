"""Caddy as `manage.py caddy` configures it, where it is installed, in front of a site that answers what a test tells it to."""

import contextlib
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from http.client import HTTPResponse
from pathlib import Path

import pytest
from django.test import RequestFactory

from bench.proxy import wait_for
from bench.serving import free_port, production
from omep_site.lib.network import client_network
from tests.deploy.upstream import Answer, Upstream, ask
from tests.pages import soup, words

CADDY = shutil.which("caddy")
pytestmark = pytest.mark.skipif(CADDY is None, reason="Caddy is not installed (apt install caddy)")
AWAY = {"fr": "Nous revenons dans un instant", "en": "We will be back in a moment"}
NOT_STORED = {"fr": "Votre envoi n’est pas arrivé", "en": "What you sent did not arrive"}
FORM = {"content_type": "application/x-www-form-urlencoded"}


@contextlib.contextmanager
def running(root: Path, folder: Path, site_url: str, behind: int, *options: str, globally: str = "", **env: str):
    """Caddy in front of a site that listens on the port `behind`; gives that site."""
    env = os.environ | production(str(folder), behind) | {"SITE_URL": site_url, "HOME": str(folder)} | env
    command = [sys.executable, "manage.py", "caddy", *options]
    printed = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=True).stdout
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tdefault_bind 127.0.0.1\n{globally}}}\n{printed}")
    upstream = Upstream(behind)
    with (folder / "output.txt").open("w") as output:
        process = subprocess.Popen(
            [CADDY, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"],
            cwd=folder, env=env, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        yield upstream, process
    finally:
        process.terminate()
        process.wait()
        upstream.down()


@pytest.fixture(scope="module")
def caddy(collected_copy, tmp_path_factory):
    """(its port, the site behind it, the folder of static files)"""
    folder, port = tmp_path_factory.mktemp("caddy"), free_port()
    with running(collected_copy, folder, f"http://127.0.0.1:{port}", free_port(), TRUSTED_PROXIES="1") as (
        upstream,
        process,
    ):
        wait_for(port, process, folder)
        yield port, upstream, collected_copy / "var" / "static"


def test_a_site_with_a_port_of_its_own_is_there_by_https_and_plain_http_leads_to_it(collected_copy, tmp_path):
    port, plain = free_port(), free_port()
    address, names = f"https://localhost:{port}", "localhost,www.localhost"
    globally = f"\tlocal_certs\n\tskip_install_trust\n\thttp_port {plain}\n"
    with running(
        collected_copy, tmp_path, address, free_port(), globally=globally, TRUSTED_PROXIES="1", ALLOWED_HOSTS=names
    ) as (upstream, process):
        for each in (port, plain):
            wait_for(each, process, tmp_path)
        led = ask(plain, "/fr/?q=x", host="localhost")
        answers = [by_https(port, name) for name in ("localhost", "www.localhost")]
    assert (led.status, led["Location"]) == (308, f"{address}/fr/?q=x")
    assert answers == [(200, None), (301, f"{address}/fr/?q=x")]
    told = upstream.asked[-1].headers
    assert (told["host"], told["x-forwarded-proto"]) == (f"localhost:{port}", "https")


def by_https(port: int, name: str) -> tuple[int, str | None]:
    """What /fr/?q=x answers, and where it leads. Its certificate may need a moment when Caddy has just started."""
    context, until = ssl.create_default_context(), time.monotonic() + 30
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    while True:
        try:
            with context.wrap_socket(
                socket.create_connection(("127.0.0.1", port), 30), server_hostname=name
            ) as connection:
                request = f"GET /fr/?q=x HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n"
                connection.sendall(request.encode())
                answer = HTTPResponse(connection)
                answer.begin()
                return answer.status, answer.headers["Location"]
        except ssl.SSLError:
            assert time.monotonic() < until
            time.sleep(0.1)


def test_behind_a_balancer_its_word_is_taken_for_who_asks_and_nobody_elses(collected_copy, tmp_path, settings):
    port, settings.TRUSTED_PROXIES = free_port(), 2
    # The port of the site's address is the balancer's; this Caddy's is 80, or what it takes for that.
    with running(
        collected_copy, tmp_path, "https://127.0.0.1:8443", free_port(), "--balancer", "127.0.9.0/24",
        globally=f"\thttp_port {port}\n", TRUSTED_PROXIES="2",
    ) as (upstream, process):  # fmt: skip
        wait_for(port, process, tmp_path)

        def counted(source: str, said: str) -> str:
            assert ask(port, "/en/", source=source, x_forwarded_for=said, x_forwarded_proto="https").status == 200
            given = {"x-forwarded-for": upstream.asked[-1].headers["x-forwarded-for"]}
            return client_network(RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", headers=given))

        assert counted("127.0.9.1", "192.0.2.1, 198.51.100.7") == "198.51.100.0/24"
        told = upstream.asked[-1].headers
        assert (told["host"], told["x-forwarded-proto"]) == ("127.0.0.1:8443", "https")
        assert counted("127.0.7.1", "192.0.2.1, 192.0.2.1") == "127.0.0.0/24"
        led = ask(port, "/fr/?q=x", source="127.0.9.1", x_forwarded_proto="http")
        assert (led.status, led["Location"]) == (301, "https://127.0.0.1:8443/fr/?q=x")
        assert ask(port, "/readyz", source="127.0.9.1").status == 200


def test_the_site_is_told_who_asks_by_which_way_and_nothing_that_was_forged(caddy):
    port, upstream, _static = caddy
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Request-ID": "f" * 32}
    assert ask(port, "/en/caddy/", **{name.replace("-", "_"): value for name, value in forged.items()}).status == 200
    headers = upstream.asked[-1].headers
    told = [headers[name] for name in ("host", "x-forwarded-for", "x-forwarded-proto")]
    assert told == [f"127.0.0.1:{port}", "127.0.0.1", "http"]
    assert headers["x-request-id"] != forged["X-Request-ID"]
    assert len(headers["x-request-id"]) == 36


def test_static_files_come_compressed_for_a_year_and_what_they_are_not_the_site_answers(caddy):
    port, upstream, static = caddy
    name = next(static.glob("site.*.css")).name
    answer = ask(port, f"/static/{name}", accept_encoding="br")
    assert (answer.status, answer.body) == (200, (static / f"{name}.br").read_bytes())
    said = ("Content-Encoding", "Cache-Control", "X-Content-Type-Options", "Cross-Origin-Resource-Policy")
    assert [answer[each] for each in said] == ["br", "public, max-age=31536000, immutable", "nosniff", "same-origin"]
    for path in ("/static/site.css", "/static/none.0123456789ab.css", "/static/.collected"):
        upstream.says[path] = Answer(b"not here", 404)
        assert (ask(port, path).status, upstream.asked[-1].path) == (404, path)


@pytest.mark.parametrize("status", [422, 500, 503])
def test_what_the_site_says_is_shown_whatever_it_is(caddy, status):
    port, upstream, _static = caddy
    upstream.says["/en/own/"] = Answer(b"my own words", status)
    answer = ask(port, "/en/own/", "POST", b"body=x", **FORM)
    assert (answer.status, answer.body) == (status, b"my own words")


def test_what_is_too_large_is_said_and_editors_may_send_more(caddy):
    port, upstream, _static = caddy
    body = b"x" * (2**21 + 1)
    answer = ask(port, "/fr/lettre/", "POST", body, **FORM)
    assert (answer.status, words(soup_of(answer).h1)) == (413, "Cette demande n’a pas pu être lue")
    assert ask(port, "/admin/events/event/add/", "POST", body, **FORM).status == 200
    assert upstream.asked[-1].body == body


@pytest.mark.parametrize("language", ["fr", "en"])
def test_when_the_site_does_not_answer_it_is_said_in_the_language_of_the_address(caddy, language):
    port, upstream, _static = caddy
    upstream.down()
    try:
        read = ask(port, f"/{language}/")
        sent = ask(port, f"/{language}/x/", "POST", b"body=x", **FORM)
        elsewhere = ask(port, "/healthz")
    finally:
        upstream.up()
    assert (read.status, words(soup_of(read).h1)) == (503, AWAY[language])
    assert (sent.status, words(soup_of(sent).h1)) == (503, NOT_STORED[language])
    assert (elsewhere.status, [words(each) for each in soup_of(elsewhere).select("h1, h2")]) == (
        503,
        list(AWAY.values()),
    )
    assert [read[each] for each in ("Retry-After", "Cache-Control")] == ["60", "no-store"]


def test_where_the_folder_of_its_pages_is_not_there_it_says_the_same_in_a_few_words(collected_copy, tmp_path):
    port = free_port()
    with running(
        collected_copy, tmp_path, f"http://127.0.0.1:{port}", free_port(), "--static", "/nowhere", TRUSTED_PROXIES="1"
    ) as (upstream, process):
        wait_for(port, process, tmp_path)
        upstream.down()
        read, sent = ask(port, "/fr/"), ask(port, "/en/x/", "POST", b"body=x", **FORM)
        large = ask(port, "/en/x/", "POST", b"x" * (2**21 + 1), **FORM)
        upstream.up()
    assert [each.status for each in (read, sent, large)] == [503, 503, 413]
    assert [words(each) for each in soup_of(read).select("h1")] == list(AWAY.values())
    assert [words(each) for each in soup_of(sent).select("h1")] == list(NOT_STORED.values())
    said = ("Content-Type", "Cache-Control", "Retry-After", "X-Frame-Options")
    assert [read[each] for each in said] == ["text/html; charset=utf-8", "no-store", "60", "DENY"]


def soup_of(answer):
    return soup(type("Response", (), {"content": answer.body}))
