"""A mailbox to fetch from: as much of IMAP as the site speaks, with a script of what goes wrong."""

import re
import socketserver
from dataclasses import dataclass, field

from tests.servers import serving

HANG_UP = "hang up"


@dataclass
class Mail:
    data: bytes
    flags: set[str] = field(default_factory=set)


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.say("* OK here")
        while line := self.rfile.readline():
            tag, words = line.decode().strip().split(" ", 1)
            self.server.heard.append(re.sub(r"^LOGIN .*", "LOGIN", words))
            if not self.answer(tag, words):
                return

    def answer(self, tag: str, words: str) -> bool:
        for begins, answer in self.server.script.items():
            if words.startswith(begins):
                if answer == HANG_UP:
                    return False
                self.say(f"{tag} {answer}")
                return True
        verb, *rest = words.split(" ", 2)
        if verb == "LOGIN":
            self.server.account = words.removeprefix("LOGIN ")
        if verb == "CAPABILITY":
            self.say(f"* CAPABILITY IMAP4rev1 {self.server.more}")
        elif verb == "SELECT":
            self.say(f"* {len(self.server.mails)} EXISTS")
        elif verb == "UID":
            getattr(self, rest[0].lower())(*rest[1:])
        self.say(f"{tag} OK done")
        return verb != "LOGOUT"

    def search(self, _criteria: str) -> None:
        left = [str(uid) for uid, mail in self.server.mails.items() if not mail.flags & {"\\Deleted", "\\Flagged"}]
        self.say("* SEARCH " + " ".join(left))

    def fetch(self, words: str) -> None:
        uid, most = int(words.split()[0]), int(re.search(r"<0\.(\d+)>", words)[1])
        if uid in self.server.mails:
            data = self.server.mails[uid].data[:most]
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(data)}}}\r\n".encode() + data + b")\r\n")

    def store(self, words: str) -> None:
        uid, _how, flags = words.split(" ", 2)
        self.server.mails[int(uid)].flags.add(flags.strip("()"))

    def expunge(self, uid: str) -> None:
        assert "\\Deleted" in self.server.mails.pop(int(uid)).flags

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class Server(socketserver.ThreadingTCPServer):
    """`script` by how a command begins (“UID STORE”): what is answered instead, or HANG_UP."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.script, self.heard, self.mails, self.account, self.more = {}, [], {}, "", "UIDPLUS"

    @property
    def port(self) -> int:
        return self.server_address[1]

    def put(self, *mails: bytes) -> None:
        for data in mails:
            self.mails[max(self.mails, default=6) + 1] = Mail(data)


def imap_server():
    return serving(Server())
