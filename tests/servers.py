"""Servers that tests make themselves, to be asked by the site."""

import socketserver
import threading
from contextlib import contextmanager


@contextmanager
def serving(server: socketserver.BaseServer):
    """The server, answering in a thread of its own until the end of the block."""
    with server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
