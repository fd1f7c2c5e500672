"""`make check` asks whether anybody knows of a hole in what is locked: what it makes of each answer."""

import contextlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import vulnerabilities
from tests.servers import serving
from tests.vulnerabilities import Audit

HASH = "0" * 64
LOCK = f"lamp==1.0 \\\n    --hash=sha256:{HASH}\nrope==2.0 \\\n    --hash=sha256:{HASH}\n"
HOLE = {
    "id": "PYSEC-2026-1",
    "aliases": ["CVE-2026-12345"],
    "summary": "It burns.",
    "affected": [
        {
            "package": {"name": "lamp", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.1"}]}],
        }
    ],
}


@pytest.fixture
def lock(tmp_path, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "requirements.txt"
    file.write_text(LOCK)
    return file


@contextlib.contextmanager
def service(answer):
    """A service of the OSV kind: `answer` makes the status and the body of a package's name, or None never."""
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = answer(asked["package"]["name"])
            if said is None:
                done.wait(30)
                return
            self.send_response(said[0])
            self.end_headers()
            self.wfile.write(said[1])

        def log_message(self, *args):
            pass

    with serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as server:
        try:
            yield ["--vulnerability-service", "osv", "--osv-url", f"http://127.0.0.1:{server.server_port}/"]
        finally:
            done.set()


def test_nothing_is_known_of_what_has_no_hole(lock):
    with service(lambda name: (200, b"{}")) as where:
        assert vulnerabilities.audit(lock, *where) == Audit()


def test_a_hole_fails_with_its_names_and_the_release_that_closes_it(lock):
    def answer(name):
        return 200, json.dumps({"vulns": [HOLE]} if name == "lamp" else {}).encode()

    with service(answer) as where:
        found = vulnerabilities.audit(lock, *where)
    assert (found.failure, found.unknown) == ("lamp 1.0: PYSEC-2026-1, CVE-2026-12345; fixed in 1.1", "")


@pytest.mark.parametrize(("answer", "why"), [((503, b"away"), "ServiceError"), ((200, b"<html>"), "JSONDecodeError")])
def test_a_service_that_is_ill_is_no_fault_of_ours(lock, answer, why):
    with service(lambda name: answer) as where:
        found = vulnerabilities.audit(lock, *where)
    assert (found.failure, found.unknown) == ("", why)


def test_a_service_that_is_away_is_no_fault_of_ours(lock):
    with service(lambda name: (200, b"{}")) as where:
        pass
    assert vulnerabilities.audit(lock, *where) == Audit(unknown="ConnectionError")


def test_a_service_that_hangs_is_not_waited_for(lock):
    with service(lambda name: None) as where:
        assert vulnerabilities.audit(lock, *where, longest=3) == Audit(unknown="no answer within 3 seconds")


def test_what_cannot_be_read_is_a_fault_of_ours(lock):
    lock.write_text("lamp==1.0\n")
    with service(lambda name: (200, b"{}")) as where:
        found = vulnerabilities.audit(lock, *where)
    assert (found.unknown, "hash" in found.failure) == ("", True)


def test_what_the_service_does_not_know_was_not_audited():
    """As pip-audit prints it, ending well, where an index of packages knows nothing of holes."""
    known = {"name": "lamp", "version": "1.0", "vulns": []}
    skipped = {"name": "rope", "skip_reason": "Dependency not found on PyPI and could not be audited: rope (2.0)"}

    assert vulnerabilities.of_packages([skipped]) == Audit(unknown="the service knows none of the 1 packages")
    assert vulnerabilities.of_packages([known, skipped]) == Audit(
        unknown="the service knows all but 1 (rope) of the 2 packages"
    )
