"""The certificate of the site's address, as a browser would see it."""

import socket
import ssl
import subprocess
import threading
import time

import pytest

from omep_site import certificate
from omep_site.lib import intervals
from omep_site.models import Finding


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A certificate of our own making for localhost, good for ten days, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 10 -subj /CN=localhost"
    try:
        subprocess.run(
            [*command.split(), "-addext", "subjectAltName=DNS:localhost"], cwd=folder, check=True, capture_output=True
        )
    except FileNotFoundError:
        pytest.skip("openssl is not installed")
    return folder


@pytest.fixture
def port(files):
    """Where a server shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files / "cert.pem", files / "key.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            try:
                with connection, context.wrap_socket(connection, server_side=True) as secure:
                    secure.recv(1)
            except OSError:
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    yield listening.getsockname()[1]
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()


def test_when_it_ends(port, files):
    trusting = ssl.create_default_context(cafile=files / "cert.pem")
    ends, trouble = certificate.look_up("localhost", port, trusting)
    assert (ends, trouble) == (pytest.approx(time.time() + 10 * 24 * 3600, abs=600), "")


def test_one_that_nobody_vouches_for_is_not_trusted(port):
    assert certificate.look_up("localhost", port) == (None, "untrusted")


def test_one_for_another_name_is_not_trusted(port, files):
    trusting = ssl.create_default_context(cafile=files / "cert.pem")
    assert certificate.look_up("127.0.0.1", port, trusting) == (None, "untrusted")


def test_where_nobody_answers_or_somebody_says_nothing_it_cannot_be_looked_up(monkeypatch):
    monkeypatch.setattr(certificate, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert certificate.look_up("127.0.0.1", port) == (None, "unreachable")
    assert certificate.look_up("127.0.0.1", port) == (None, "unreachable")


@pytest.mark.django_db
def test_the_worker_looks_once_an_hour_where_there_is_https(settings, monkeypatch):
    moments, asked = iter([0.0, 0.0, 3599.0, 3600.0, 3600.0]), []
    monkeypatch.setattr(intervals.time, "monotonic", lambda: next(moments))
    monkeypatch.setattr(certificate, "look_up", lambda *where: asked.append(where) or (1_800_000_000.0, ""))
    one = certificate.Look()
    one.look()
    assert asked == []
    settings.HTTPS = True
    for _ in range(3):
        one.look()
    assert asked == [("events.example.org", 443)] * 2
    assert Finding.objects.get(key=Finding.CERTIFICATE).found == {"ends": 1_800_000_000.0, "trouble": ""}


@pytest.mark.django_db
def test_where_nobody_answers_it_is_told_when_a_second_look_says_the_same(settings, monkeypatch):
    found, now = iter([(None, "unreachable"), (None, "unreachable"), (1_800_000_000.0, "")]), [0.0]
    monkeypatch.setattr(intervals.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(certificate, "look_up", lambda *_where: next(found))
    settings.HTTPS = True
    one = certificate.Look()
    told = []
    for moment in (0, 59, 60, 119, 120, 3719):  # looks at 0, 60 and 120
        now[0] = float(moment)
        one.look()
        told.append([row.found["trouble"] for row in Finding.objects.filter(key=Finding.CERTIFICATE)])
    assert told == [[], [], ["unreachable"], ["unreachable"], [""], [""]]
