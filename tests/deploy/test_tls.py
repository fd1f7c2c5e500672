"""https, as a small server has it: one certificate, HTTP/2, and plain http that leads there."""

import shutil
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.proxy import proxy
from bench.serving import free_port, production
from omep_site.lib import headers as said
from tests.deploy.upstream import Upstream, ask

NAME = "localhost"
PROTECTING = said.of_pages() | {"Strict-Transport-Security": "max-age=31536000"}


@dataclass
class Secured:
    port: int
    plain: int
    certificate: Path
    upstream: Upstream

    def connect(self, name: str = NAME, protocols: tuple = ("http/1.1",), version=ssl.TLSVersion.TLSv1_3):
        context = ssl.create_default_context(cafile=str(self.certificate))
        context.set_alpn_protocols(protocols)
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("DEFAULT:@SECLEVEL=0")  # the client must not be what refuses an old version
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), timeout=30), server_hostname=name)

    def get(self, path: str, host: str = NAME) -> tuple[str, dict[str, str]]:
        """The first line of the answer, and its headers."""
        with self.connect(name=host) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            received = b""
            while piece := connection.recv(65536):
                received += piece
        first, *lines = received.partition(b"\r\n\r\n")[0].decode().split("\r\n")
        return first, dict(line.split(": ", 1) for line in lines)


@pytest.fixture(scope="module")
def secured(needs_nginx, collected_copy, tmp_path_factory):
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed (apt install openssl)")
    folder, port, plain, behind = tmp_path_factory.mktemp("tls"), free_port(), free_port(), free_port()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    make = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    names = ("-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},DNS:www.{NAME}")
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run(["openssl", *make, *names, *files], check=True, capture_output=True)
    env = production(str(folder), behind)
    env |= {"SITE_URL": f"https://{NAME}:{port}", "ALLOWED_HOSTS": f"{NAME},www.{NAME}"}
    options = ("--listen-plain", f"127.0.0.1:{plain}", "--certificate", str(certificate), "--key", str(key))
    upstream = Upstream(behind)
    try:
        with proxy(env, folder, *options, root=collected_copy):
            yield Secured(port, plain, certificate, upstream)
    finally:
        upstream.down()


@pytest.mark.parametrize("protocol", ["h2", "http/1.1"])
def test_browsers_speak_http2_and_others_http1(secured, protocol):
    with secured.connect(protocols=(protocol,)) as connection:
        assert connection.selected_alpn_protocol() == protocol


def test_an_address_that_nobody_can_read_is_answered_as_strictly_as_a_page(secured):
    first, headers = secured.get("/fr/%00")
    assert (first, headers["Content-Type"]) == ("HTTP/1.1 400 Bad Request", "text/html; charset=utf-8")
    assert {name: headers.get(name) for name in PROTECTING} == PROTECTING


def test_a_page_comes_by_http2(secured):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed (apt install curl)")
    url = f"https://{NAME}:{secured.port}/en/events/by-http2/"
    wanted = ("-s", "--http2", "--cacert", str(secured.certificate), "--resolve", f"{NAME}:{secured.port}:127.0.0.1")
    done = subprocess.run(
        ["curl", *wanted, "-w", " %{http_version} %{http_code}", url], check=True, capture_output=True, text=True
    )
    assert done.stdout == "/en/events/by-http2/ identity 2 200"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_todays_versions_are_spoken(secured, version):
    with secured.connect(version=version) as connection:
        assert connection.version() == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_yesterdays_versions_are_refused_whatever_debian_allows(secured):
    with pytest.raises((ssl.SSLError, ConnectionError)):
        secured.connect(version=ssl.TLSVersion.TLSv1_1)


def test_a_name_that_is_not_the_sites_gets_no_certificate(secured):
    with pytest.raises(ssl.SSLError, match=r"UNRECOGNIZED_NAME|unrecognized name"):
        secured.connect(name="evil.example")


def test_the_site_learns_that_it_was_https_and_under_which_name(secured):
    secured.upstream.asked.clear()
    assert secured.get("/healthz")[0] == "HTTP/1.1 200 OK"
    [asked] = secured.upstream.asked
    assert (asked.headers["x-forwarded-proto"], asked.headers["host"]) == ("https", f"{NAME}:{secured.port}")


def test_what_the_proxy_answers_itself_asks_for_https_too(secured):
    secured.upstream.down()
    try:
        first, headers = secured.get("/en/events/never-kept/")
    finally:
        secured.upstream.up()
    assert first == "HTTP/1.1 503 Service Temporarily Unavailable"
    assert {name: headers.get(name) for name in PROTECTING} == PROTECTING


@pytest.mark.parametrize("host", [NAME, f"www.{NAME}"])
def test_plain_http_leads_to_https_and_to_the_one_name(secured, host):
    secured.upstream.asked.clear()
    answer = ask(secured.plain, "/fr/?q=x&y=%C3%A9", host=host)
    assert (answer.status, answer["Location"]) == (301, f"https://{NAME}:{secured.port}/fr/?q=x&y=%C3%A9")
    # Nothing of https is believed that was said by plain http.
    assert {name: answer[name] for name in PROTECTING} == PROTECTING | {"Strict-Transport-Security": None}
    assert secured.upstream.asked == []


def test_another_name_of_the_site_leads_to_the_one_by_https_too(secured):
    first, headers = secured.get("/fr/", host=f"www.{NAME}")
    assert (first, headers["Location"]) == ("HTTP/1.1 301 Moved Permanently", f"https://{NAME}:{secured.port}/fr/")
    assert {name: headers.get(name) for name in PROTECTING} == PROTECTING


def test_what_nginx_refuses_by_itself_says_it_too(secured):
    with secured.connect() as connection:
        connection.sendall(f"TRACE / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        trace = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    with socket.create_connection(("127.0.0.1", secured.port), timeout=30) as connection:
        connection.sendall(f"GET / HTTP/1.1\r\nHost: {NAME}\r\nConnection: close\r\n\r\n".encode())
        plain = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    for answer, status in ((trace, "405 Not Allowed"), (plain, "400 Bad Request")):
        first, *lines = answer.partition("\r\n\r\n")[0].split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        assert (first, {name: headers.get(name) for name in PROTECTING}) == (f"HTTP/1.1 {status}", PROTECTING)
        assert "Cette demande n’a pas pu être lue" in answer


def test_certbot_can_show_that_the_name_is_ours(secured):
    assert ask(secured.plain, "/.well-known/acme-challenge/none", host=NAME).status == 404
