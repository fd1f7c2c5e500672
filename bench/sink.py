"""A mail server that takes everything and writes down each Message-ID before it says so: `python -m bench.sink PORT FILE`.

What stands in the file was taken, or was about to be: a letter that a killed sender sent twice stands there twice.
"""

import contextlib
import os
import re
import socketserver
import sys

MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)


class Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # the sender was killed
            self.talk()

    def talk(self) -> None:
        self.say(b"220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say(b"354 go on")
                head = b""
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    if len(head) < 4000:
                        head += line
                if not line:
                    return
                os.write(self.server.log, MESSAGE_ID.search(head)[1] + b"\n")
                self.say(b"250 taken")
            elif verb == b"QUIT":
                self.say(b"221 farewell")
                return
            else:
                self.say(b"250 sink" if verb == b"EHLO" else b"250 ok")


class Sink(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def main(port: int, file: str) -> None:
    with Sink(("127.0.0.1", port), Session) as server:
        server.log = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
