"""A site behind the proxy that answers what a test tells it to, and remembers what it was asked."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PUBLIC = "public, max-age=0, s-maxage=1, stale-if-error=3600"  # as the site says it
FOR_LONG = PUBLIC.replace("s-maxage=1", "s-maxage=3600")  # so that no test depends on how quick a machine is
PATIENCE = 30  # seconds


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


@dataclass
class Answer:
    body: bytes = b"a page"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    waits_for: threading.Event | None = None
    hangs_up: bool = False  # without a word, after it was told everything


def page(body: str, cache_control: str = FOR_LONG, **headers: str) -> Answer:
    """A public page; `content_type="…"` stands for a header."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(body.encode(), headers={"Cache-Control": cache_control, "Vary": "Accept-Encoding"} | named)


class Upstream:
    """Answers each path with what `says` has for it, else with a public page of its own."""

    def __init__(self, port: int):
        self.port = port
        self.asked: list[Asked] = []
        self.says: dict[str, Answer] = {}
        self.connections: set[socket.socket] = set()
        self.up()

    def up(self) -> None:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                super().setup()
                upstream.connections.add(self.connection)

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {name.lower(): value for name, value in self.headers.items()}
                upstream.asked.append(Asked(self.command, self.path, headers, body))
                answer = upstream.says.get(self.path) or page(f"{self.path} {headers.get('accept-encoding')}")
                if answer.waits_for:
                    answer.waits_for.wait(PATIENCE)
                if answer.hangs_up:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in ({"Content-Length": str(len(answer.body))} | answer.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body if self.command != "HEAD" else b"")

            do_GET = do_HEAD = do_POST = do_PUT = answer

            def log_message(self, *_args):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, request, client_address):
                pass  # the other end went away

        self.server = Server(("127.0.0.1", self.port), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def down(self) -> None:
        """Nobody listens any more, and who was connected is not."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.connections.clear()

    def asked_for(self, path: str) -> list[Asked]:
        return [each for each in self.asked if each.path == path]


@dataclass
class Received:
    status: int
    headers: dict[str, str]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        return self.headers.get(name.lower())

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, source: str = "127.0.0.1", **headers: str
) -> Received:
    """As a client that sends nothing but what it is told to; `accept_encoding="br"` stands for a header."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE, source_address=(source, 0))
    try:
        connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders(body)
        response = connection.getresponse()
        found: dict[str, str] = {}
        for name, value in response.getheaders():  # what is said twice is shown twice
            found[name.lower()] = f"{found[name.lower()]}, {value}" if name.lower() in found else value
        return Received(response.status, found, response.read())
    finally:
        connection.close()
