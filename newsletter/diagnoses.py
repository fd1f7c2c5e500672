"""Whether a letter came back because of its address, for a while, or because of us: by codes (RFC 3463), else by words."""

import re
from enum import StrEnum

CODE = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
REPLY = re.compile(r"(?<![\d.])(421|45[0-4]|50[0-4]|55[0-6]|57[01])(?![\d.])")


class Kind(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    COMPLAINT = "complaint"
    DELAYED = "delayed"  # the server goes on trying
    AUTOMATIC = "automatic"  # somebody is on holiday
    ABSENT = "absent"  # the same, by its subject alone: a person may have written it
    HARMLESS = "harmless"  # a report of something else: a letter that arrived, say
    OTHER = "other"  # no report: a person may have written it


# What they usually say where their code says nothing, or next to nothing; the first that fits counts.
SAID = [
    (
        r"reverse|\bptr\b|rdns|client host|ip address|spamhaus|blo?ck.?list|blacklist|\brbl\b|"
        r"sender (address )?verif|(?<!recipient )verification failed|prohibit",
        Kind.SOFT,
        "5.7.1",
    ),
    (
        r"quota|(mailbox|inbox|disk) (is )?full|full mailbox|exceed\w{0,5} (the )?storage|over.?size|too (large|big)",
        Kind.SOFT,
        "5.2.2",
    ),
    (
        r"too many|too fast|rate limit|throttl|spam|virus|\bpolicy|relay|authenticat|dmarc|\bspf\b|dkim",
        Kind.SOFT,
        "5.7.1",
    ),
    (
        r"(unknown|invalid|no such|not a valid|unrouteable|undeliverable) (local |virtual )?"
        r"(user|host|recipient|mailbox|address|account|domain|person)|(user|host|recipient|mailbox|address|account|domain|name) "
        r"(is |was )?(unknown|invalid|not (be )?found|not known|doesn.t exist|unavailable|does not exist)|"
        r"not exist|no such|not listed|no mailbox|unrouteable",
        Kind.HARD,
        "5.1.1",
    ),
    (r"disabled|inactive|suspended|deactivated|discontinued|no longer", Kind.HARD, "5.2.1"),
    (r"expired|timed? ?out|too long|retry time|for more than|gave up|not .{0,20}responding|days", Kind.SOFT, "4.4.7"),
    (r"blocked|banned|denied|refused|not (allowed|permitted|authorized)|reject", Kind.SOFT, "5.7.1"),
]
SAID = [(re.compile(words, re.IGNORECASE), kind, code) for words, kind, code in SAID]
WORDS = 5000  # characters that are looked through: a reason stands at the beginning
VAGUE = re.compile(r"|5\d\d|5\.0\.\d+|5\.1\.0|5\.3\.0|5\.5\.0")  # codes that say nothing of why


def hard_or_soft(code: str) -> Kind:
    """Whether a code speaks of the address itself (RFC 3463, 3), so that it is of no use to try again."""
    if not code.startswith("5"):
        return Kind.SOFT
    if "." not in code:
        return Kind.HARD if code in ("550", "551", "553") else Kind.SOFT
    subject, detail = code.split(".")[1:3]
    if subject == "1":
        return Kind.SOFT if detail in ("7", "8") else Kind.HARD  # those two are about the sender
    # Closed for good; no such reader (Microsoft says so with 5.4.1) or domain (Postfix, with 5.4.4).
    return Kind.HARD if (subject, detail) in (("2", "1"), ("4", "1"), ("4", "4")) else Kind.SOFT


def reason(code: str, words: str) -> tuple[Kind, str]:
    """By the code; by the words, where it says nothing."""
    if VAGUE.fullmatch(code):
        words = " ".join(words[:WORDS].split())
        return next(((kind, meant) for said, kind, meant in SAID if said.search(words)), (hard_or_soft(code), code))
    return hard_or_soft(code), code
