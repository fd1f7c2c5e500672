"""Faults sent to what speaks like Sentry: a small server of the test's own, which keeps what it is told."""

import gzip
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest

from tests.servers import serving

FAULTS = """
import logging
from django.test import Client
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from omep_site import views
from omep_site.lib import work
from omep_site.lib.requests import Requests

import omep_site.urls, events.views
from django.urls import path

def broken(request, token):
    typed = request.POST["email"]
    try:
        raise KeyError(typed)
    except KeyError:
        raise ValueError(f"{typed} {token}")

omep_site.urls.urlpatterns.insert(0, path("broken/<token>/", broken, name="broken"))
environ = RequestFactory().post("/broken/s3cret/?q=confidentiel", {"email": "zoe@confidentiel.example"},
    HTTP_HOST="127.0.0.1", HTTP_USER_AGENT="confidentiel", HTTP_COOKIE="x=confidentiel", REMOTE_ADDR="192.0.2.17").environ
b"".join(Requests(WSGIHandler())(environ, lambda *args: None))
with work.at("0123456789abcdef", "mail"):
    logging.getLogger("comments").error("no mail to %s", "zoe@confidentiel.example")
import sentry_sdk
sentry_sdk.flush(10)
"""


@pytest.fixture
def sink():
    events = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpacked = {"gzip": gzip.decompress, "br": brotli.decompress}[self.headers["Content-Encoding"]](body)
            events.append((self.path, unpacked.decode()))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Sink)) as server:
        yield server.server_port, events


def test_it_is_told_where_a_fault_came_from_and_nothing_of_whoever_met_it(project, sink):
    port, received = sink
    done = project.run("shell", "-v0", "-c", FAULTS, SENTRY_DSN=f"http://0a1b@127.0.0.1:{port}/7")
    assert done[0] == 0, done
    assert {path for path, _body in received} == {"/api/7/envelope/"}
    told = [
        json.loads(line)
        for _path, body in received
        for line in body.splitlines()
        if '"event_id"' in line and '"level"' in line
    ]
    [fault, said] = told
    assert [(value["type"], value["value"]) for value in fault["exception"]["values"]] == [
        ("KeyError", ""),
        ("ValueError", ""),
    ]
    assert fault["exception"]["values"][-1]["stacktrace"]["frames"][-1]["function"] == "broken"
    assert (fault["transaction"], fault["tags"]["method"], len(fault["tags"]["reference"])) == ("broken", "POST", 32)
    assert len(fault["release"]) == 12
    assert (said["logentry"]["message"], said["tags"]["reference"]) == ("no mail to *@*", "0123456789abcdef")
    everything = str(received)
    assert [word for word in ("zoe@", "/s3cret", "192.0.2.17") if word in everything] == []


def test_without_an_address_the_library_is_not_even_read(project):
    ask = "import sys; print('sentry_sdk' in sys.modules)"
    assert project.run("shell", "-v0", "-c", ask)[:2] == (0, "False\n")
    assert "sentry_sdk" not in {name.partition(".")[0] for name in sys.modules}
