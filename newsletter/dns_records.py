"""What a domain says of its mail, read and explained: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489), MX (RFC 5321).

Pure functions: the texts of records in, a Finding in the reader's language out.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Grade(StrEnum):
    GOOD = "good"
    MEND = "mend"  # something is there, and not right
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    title: str
    name: str  # what was asked, as DNS writes it
    grade: Grade
    means: str
    ask: str = ""  # what to ask of whoever looks after the domain or the mail; "" where nothing is to be done
    records: tuple[str, ...] = ()


def purposes() -> dict[str, str]:
    """What each is there for, by title."""
    return {
        "SPF": _("names the servers that may send mail for a domain."),
        "DKIM": _("is a key that letters are signed with, so that nobody can write or change them in our name."),
        "DMARC": _("says what becomes of letters that only pretend to come from us."),
        "MX": _("names the server that takes mail for a domain: answers, and letters that come back."),
    }


def unanswered(title: str, name: str) -> Finding:
    return Finding(title, name, Grade.UNKNOWN, _("No answer came in time."), _("try again in a moment."))


# --- SPF ------------------------------------------------------------------------------------------------------------

ASKING = ("include", "a", "mx", "ptr", "exists", "redirect")  # RFC 7208, 4.6.4: ten of these at most
MOST_ASKING = 10


def spf(name: str, texts: list[str]) -> Finding:
    """`texts` are all of the name's, of whatever kind."""
    found = tuple(text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "))
    if not found:
        return Finding(
            "SPF",
            name,
            Grade.MISSING,
            _("Nobody says which servers may send mail for this domain. Many mail servers then take letters for spam."),
            _("an SPF record that names the server which sends our mail. Its provider knows what to put in it."),
        )
    if len(found) > 1:
        means = _("There are several SPF records. Mail servers then believe none of them.")
        return Finding("SPF", name, Grade.MEND, means, _("one record made of them all."), found)
    terms = found[0].lower().split()[1:]
    grade, means, ask = _of_the_rest(terms)
    if sum(_asks(term) for term in terms) > MOST_ASKING:
        grade = Grade.MEND
        means = _("It leads to more than ten other names. Mail servers then stop reading, and believe none of it.")
        ask = _("a shorter record, with addresses instead of names.")
    return Finding("SPF", name, grade, means, ask, found)


def _asks(term: str) -> bool:
    name = re.split("[:/=]", term.lstrip("+-~?"), maxsplit=1)[0]
    return name in ASKING


def _of_the_rest(terms: list[str]) -> tuple[Grade, str, str]:
    """What is said of all servers that are not named."""
    last = next((term for term in terms if term in ("all", "+all", "-all", "~all", "?all")), "")
    if last == "-all":
        return Grade.GOOD, _("It names who may send mail; letters from anywhere else are refused."), ""
    if last == "~all":
        return Grade.GOOD, _("It names who may send mail; letters from anywhere else are met with suspicion."), ""
    if last in ("all", "+all"):
        means = _("It says that anybody may send mail for this domain: that is as good as nothing.")
        return Grade.MEND, means, _("“~all” at its end instead of “+all”.")
    if not last and any(term.startswith("redirect=") for term in terms):
        return Grade.GOOD, _("It leads to the record of another domain, which decides."), ""
    means = _("It names who may send mail, and leaves open what to think of everybody else.")
    return Grade.MEND, means, _("“~all” at its end.")


# --- DKIM -----------------------------------------------------------------------------------------------------------

SHORTEST = 1024  # bits of an RSA key (RFC 8301, 3.2)


def tags(text: str) -> dict[str, str]:
    """“a=1; b=2” by name (RFC 6376, 3.2). The first of a name counts."""
    found = {}
    for part in text.split(";"):
        name, sign, value = part.partition("=")
        if sign:
            found.setdefault(name.strip().lower(), value.strip())
    return found


def dkim(name: str, texts: list[str]) -> Finding | None:
    """None where there is no key under this name."""
    found = [text for text in texts if "p" in tags(text) or text.lower().startswith("v=dkim1")]
    if not found:
        return None
    given = tags(found[0])
    key = "".join(given.get("p", "").split())
    records = (shortened(found[0]),)
    if not key:
        means = _("The key was withdrawn: letters that are signed with it are not believed.")
        return Finding("DKIM", name, Grade.MEND, means, _("a new key, and letters signed with it."), records)
    try:
        size = len(base64.b64decode(key, validate=True)) * 8
    except (binascii.Error, ValueError):
        means = _("There is a record, but no key can be read in it.")
        return Finding("DKIM", name, Grade.MEND, means, _("the record once more, copied whole."), records)
    # An RSA key is about 300 bits longer than its number (RFC 8017, A.1.1).
    if given.get("k", "rsa").lower() == "rsa" and size < SHORTEST + 128:
        means = _("The key is so short that many mail servers do not look at it any more.")
        return Finding("DKIM", name, Grade.MEND, means, _("a key of 2048 bits."), records)
    return Finding(
        "DKIM", name, Grade.GOOD, _("The key is there. Letters that are signed with it are known as ours."), "", records
    )


def no_dkim(name: str, selectors: list[str], named: bool) -> Finding:
    """`named`: whether the installation has said which selectors there are."""
    if named:
        means = _("There is no key under %(names)s.") % {"names": ", ".join(selectors)}
        ask = _("letters signed by DKIM, and the record with the key for it.")
        return Finding("DKIM", name, Grade.MISSING, means, ask)
    means = _(
        "No key was found under the usual names. There may be one under another: only whoever signs the letters knows it. "
        "It stands in the head of a letter that has arrived, after “s=” in the line DKIM-Signature."
    )
    ask = _("ask whether our letters are signed by DKIM, and under which selector; write it into DKIM_SELECTORS.")
    return Finding("DKIM", name, Grade.UNKNOWN, means, ask)


def shortened(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:120]}…"


# --- DMARC ----------------------------------------------------------------------------------------------------------


def is_dmarc(text: str) -> bool:
    return tags(text.partition(";")[0]).get("v", "") == "DMARC1"


def dmarc(name: str, texts: list[str]) -> Finding:
    found = tuple(text for text in texts if is_dmarc(text))
    if not found:
        return Finding(
            "DMARC",
            name,
            Grade.MISSING,
            _("Nothing is said. Gmail and Yahoo demand it of everybody who sends many letters."),
            _("a DMARC record; “%(record)s” is enough to begin with.") % {"record": "v=DMARC1; p=none"},
        )
    if len(found) > 1:
        means = _("There are several DMARC records. Mail servers then believe none of them.")
        return Finding("DMARC", name, Grade.MEND, means, _("one record made of them all."), found)
    policy = tags(found[0]).get("p", "").lower()
    if policy == "none":
        means = _("It is there, and asks for nothing yet: letters that pretend to come from us are delivered.")
        ask = _("when SPF and DKIM have been right for some weeks: “p=quarantine” instead of “p=none”.")
        return Finding("DMARC", name, Grade.GOOD, means, ask, found)
    if policy == "quarantine":
        means = _(
            "Letters that pretend to come from us go to the spam folder. So do ours, where neither SPF nor DKIM is right."
        )
        return Finding("DMARC", name, Grade.GOOD, means, "", found)
    if policy == "reject":
        means = _("Letters that pretend to come from us are refused. So are ours, where neither SPF nor DKIM is right.")
        return Finding("DMARC", name, Grade.GOOD, means, "", found)
    means = _("It does not say what is to become of such letters: “p=” is missing or not a word that exists.")
    return Finding("DMARC", name, Grade.MEND, means, _("“p=none” in it, to begin with."), found)


# --- MX -------------------------------------------------------------------------------------------------------------


def mx(name: str, servers: list[tuple[int, str]], has_address: bool = False) -> Finding:
    """`servers` with their preference, which is lower for those to be tried first."""
    hosts = [host.rstrip(".") for _preference, host in sorted(servers)]
    records = tuple(f"{preference} {host}" for preference, host in sorted(servers))
    if hosts == [""]:  # RFC 7505
        means = _("It says that this domain takes no mail at all: no letter can come back, and nobody can answer.")
        ask = _("a mail server for this domain, or an address of another one.")
        return Finding("MX", name, Grade.MEND, means, ask, records)
    if hosts:
        return Finding("MX", name, Grade.GOOD, _("The domain takes mail."), "", records)
    if has_address:
        means = _("No mail server is named. Letters are tried at the website’s own server, which seldom takes any.")
    else:
        means = _("No mail server is named: no letter can come back, and nobody can answer.")
    return Finding(
        "MX", name, Grade.MISSING, means, _("an MX record that names the server which takes our mail."), records
    )


# --- Together -------------------------------------------------------------------------------------------------------


def are_related(one: str, other: str) -> bool:
    """Whether one is the other or stands below it, so that DMARC takes SPF of one for the other (RFC 7489, 3.1.2)."""
    return one == other or one.endswith(f".{other}") or other.endswith(f".{one}")
