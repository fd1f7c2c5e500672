"""Mail servers to send to: a real one that keeps what it took, and one that does as it is told."""

import re
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from bench.serving import free_port
from tests.servers import serving


@dataclass
class Taken:
    sender: str
    readers: list[str]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)


@dataclass
class Keeper:
    """For aiosmtpd: keeps every letter."""

    taken: list[Taken] = field(default_factory=list)

    async def handle_DATA(self, server, session, envelope):
        self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 taken"


@contextmanager
def real_server():
    """Yields (port, Keeper)."""
    keeper = Keeper()
    controller = Controller(keeper, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port, keeper
    finally:
        controller.stop()


HANG_UP = "hang up"


@dataclass
class Late:
    """Words that are said when they are let go."""

    words: str
    let_go: threading.Event


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        script, self.refused = self.server.script, False
        if not self.say(script.get("CONNECT", "220 here")):
            return
        while line := self.rfile.readline():
            verb = line[:4].upper().decode()
            self.server.heard.append(line.decode().strip())
            if verb == "DATA":
                if not self.data():
                    return
            elif verb == "QUIT":
                self.say("221 farewell")
                return
            else:
                answer = self.answer_to(verb, line.decode())
                self.refused = answer[0] in "45" if verb in ("MAIL", "RSET") else self.refused or answer[0] in "45"
                if not self.say(answer):
                    return

    def answer_to(self, verb: str, line: str) -> str:
        for words, answer in self.server.script.items():
            if words.startswith(f"{verb} ") and words.split(" ", 1)[1] in line:
                return answer
        if verb == "EHLO" and self.server.in_one_breath:
            return self.server.script.get(verb, "250-here\r\n250 PIPELINING")
        return self.server.script.get(verb, "250 ok")

    def data(self) -> bool:
        if self.refused and not self.server.wants_letters_to_nobody:
            return self.say("503 nobody to send to")
        if not self.say(self.server.script.get("DATA", "354 go on")):
            return False
        if "354" not in self.server.script.get("DATA", "354"):
            return True
        letter = b""
        if self.server.script.get("MIDDLE") == HANG_UP:
            self.rfile.readline()
            return False
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            letter += line
        if self.refused:
            return self.say("554 to nobody")
        self.server.letters.append(re.sub(rb"(?m)^\.\.", b".", letter))
        return self.say(self.server.script.get("END", "250 taken"))

    def say(self, words: str) -> bool:
        if words == HANG_UP:
            return False
        if isinstance(words, Late):
            words.let_go.wait(10)
            words = words.words
        self.wfile.write(words.encode() + b"\r\n")
        return True


class Scripted(socketserver.ThreadingTCPServer):
    """`script` by what it answers: CONNECT, a verb (“MAIL”), a verb and words in its line (“RCPT zoe@”), MIDDLE (of the
    letter), END (of the letter)."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.script, self.heard, self.letters, self.in_one_breath = {}, [], [], True
        self.wants_letters_to_nobody = False

    @property
    def port(self) -> int:
        return self.server_address[1]


def scripted_server():
    return serving(Scripted())
