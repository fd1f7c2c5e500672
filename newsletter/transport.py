"""The connection to the mail server, and what became of one letter on it.

smtplib speaks the protocol. What is ours is to tell apart what its exceptions do not: whether a letter that was cut off
may have been taken.
"""

import contextlib
import re
import smtplib
import ssl
import sys
from dataclasses import dataclass
from enum import Enum

from django.conf import settings

# Replies that speak of the server and not of a reader (RFC 5321, 4.2.3). Full is a mailbox, where an address was named.
CLOSING, FULL = 421, 452
LINE_END = b"\r\n"


class Outcome(Enum):
    TAKEN = "taken"
    LATER = "later"  # 4xx: this reader's server asks for patience
    NO_SUCH_READER = "no such reader"  # 5xx to the address
    REFUSED = "refused"  # 5xx to the letter
    SENDER_REFUSED = "sender refused"  # 5xx to us: nobody will get anything
    UNKNOWN = "unknown"  # all was said, and no answer came


@dataclass(frozen=True)
class Answer:
    outcome: Outcome
    said: str = ""  # code and words of the server, without addresses


class ServerDown(Exception):
    """The server is away, or wants nothing now. The letter that was to be sent was not taken.

    `at_a_reader` where it had heard whom the letter was for: it may be that reader who it cannot bear.
    """

    def __init__(self, said: str, at_a_reader: bool = False):
        super().__init__(said)
        self.at_a_reader = at_a_reader


class Connection:
    """Opened when it is first needed, and again when it was lost."""

    def __init__(self):
        self.smtp = None
        self.named = False  # whether the server has heard of the reader of this letter

    def send(self, sender: str, reader: str, data: bytes) -> Answer:
        """One letter to one reader. `data` is as `letters.Encoded` makes it. Raises ServerDown."""
        self.named = False
        try:
            smtp = self.smtp or self._open()
            if refused := self._offer(smtp, sender, reader):
                return self._not_taken(*refused)
            # In one piece, its end last: where this fails, the end of the letter was never sent.
            smtp.sock.sendall(data + b"." + LINE_END)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerDown(without_addresses(error), self.named) from error
        try:
            reply = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer(Outcome.UNKNOWN, without_addresses(error))
        if 200 <= reply[0] < 300:
            return Answer(Outcome.TAKEN)
        return self._not_taken(Outcome.REFUSED, reply)

    def _offer(self, smtp: smtplib.SMTP, sender: str, reader: str) -> tuple[Outcome, tuple[int, bytes]] | None:
        """Until the server wants the letter. Returns what it refused otherwise, and its reply.

        All is asked in one breath where the server can hear that (RFC 2920): far away, each question costs its way.
        """
        questions = {
            f"MAIL FROM:<{sender}>": Outcome.SENDER_REFUSED,
            f"RCPT TO:<{reader}>": Outcome.NO_SUCH_READER,
            "DATA": Outcome.REFUSED,
        }
        in_one_breath = smtp.has_extn("pipelining")
        if in_one_breath:
            smtp.send("".join(f"{question}\r\n" for question in questions))
        refused = None
        for question, outcome in questions.items():
            if not in_one_breath:
                smtp.putcmd(question)
            try:
                reply = smtp.getreply()
            except (OSError, smtplib.SMTPException):
                if refused:  # it said no and hung up
                    break
                raise
            self.named = outcome is not Outcome.SENDER_REFUSED or 200 <= reply[0] < 300
            wants = reply[0] == 354
            if refused and wants:  # it now waits for a letter to nobody (RFC 2920, 3.1)
                smtp.send(".\r\n")
                smtp.getreply()
            elif not refused and not wants and (question == "DATA" or not 200 <= reply[0] < 300):
                refused = outcome, reply
                if not in_one_breath or reply[0] == CLOSING:
                    break
        return refused

    def _open(self) -> smtplib.SMTP:
        secure = settings.EMAIL_USE_SSL
        context = {"context": ssl.create_default_context()} if secure else {}
        kind = smtplib.SMTP_SSL if secure else smtplib.SMTP
        smtp = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, timeout=settings.EMAIL_TIMEOUT, **context)
        try:
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except BaseException:
            smtp.close()
            raise
        self.smtp = smtp
        return smtp

    def _not_taken(self, outcome: Outcome, reply: tuple[int, bytes]) -> Answer:
        code, words = reply
        said = without_addresses(f"{code} {words.decode('utf-8', 'replace')}")
        of_the_server = code == CLOSING or (code == FULL and outcome is not Outcome.NO_SUCH_READER)
        if of_the_server or not 400 <= code < 600:
            self.close()
            raise ServerDown(said, self.named)
        try:
            fit = self.smtp.rset()[0] == 250
        except (OSError, smtplib.SMTPException):
            fit = False
        if not fit:
            self.close()
        return Answer(Outcome.LATER if code < 500 else outcome, said)

    def close(self) -> None:
        smtp, self.smtp = self.smtp, None
        if smtp and smtp.sock:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                smtp.sock.settimeout(1)  # a farewell is not worth waiting for
                smtp.putcmd("quit")
        if smtp:
            smtp.close()


class Console:
    """Prints each letter, where the site has no mail server (EMAIL_URL=consolemail://)."""

    def send(self, sender: str, reader: str, data: bytes) -> Answer:
        sys.stdout.write(f"Letter to {reader}\n{data.decode()}\n")
        return Answer(Outcome.TAKEN)

    def close(self) -> None:
        pass


def connection() -> Connection | Console:
    console = settings.POST_OFFICE["BACKENDS"]["default"].endswith("console.EmailBackend")
    return Console() if console else Connection()


def without_addresses(words) -> str:
    """What a server said, for the record: one line, in which no address of anybody stands."""
    line = " ".join(str(words).split())
    return re.sub(r"<?[^\s<>@]+@[^\s<>]+>?", "<…>", line)[:200]
