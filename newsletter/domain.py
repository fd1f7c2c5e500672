"""Asks DNS what the sending domain says of its mail. Explained in newsletter.dns_records."""

import time
from dataclasses import dataclass, field
from email.utils import parseaddr

import dns.exception
import dns.resolver
from django.conf import settings
from django.utils.translation import gettext as _

from newsletter import dns_records
from newsletter.dns_records import Finding, Grade

PATIENCE = 3  # seconds for each answer
ALL_PATIENCE = 15  # seconds for all of them, while somebody looks at an empty page
USUAL_SELECTORS = (
    "default", "dkim", "mail", "selector1", "selector2", "google", "k1", "k2", "s1", "s2", "brevo1", "mailjet", "pm",
)  # fmt: skip
LABELS = 4  # of a domain, and those above it, that are asked for DMARC


class Unanswered(Exception):
    """No answer came."""


class Asker:
    """A resolver with an end to its patience."""

    def __init__(self, resolver: dns.resolver.Resolver | None = None):
        self.ends = time.monotonic() + ALL_PATIENCE
        try:
            self.resolver = resolver or dns.resolver.Resolver()
        except (dns.exception.DNSException, OSError):  # no /etc/resolv.conf, or nothing in it
            self.resolver = None

    def ask(self, name: str, kind: str) -> list:
        """The records of this kind; none where there is no such name. Raises Unanswered."""
        left = min(PATIENCE, self.ends - time.monotonic())
        if self.resolver is None or left <= 0:
            raise Unanswered
        try:
            return list(self.resolver.resolve(f"{name}.", kind, lifetime=left, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered from error

    def texts(self, name: str) -> list[str]:
        """A text is cut into strings of 255 bytes at most (RFC 7208, 3.3)."""
        return [b"".join(record.strings).decode("utf-8", "replace") for record in self.ask(name, "TXT")]

    def servers(self, name: str) -> list[tuple[int, str]]:
        return [(record.preference, record.exchange.to_text()) for record in self.ask(name, "MX")]


@dataclass(frozen=True)
class Answer:
    sender: str  # the domain that readers see
    returns: str  # the domain that letters come back to
    findings: list[Finding] = field(default_factory=list)
    problem: str = ""  # why nothing was found out

    @property
    def to_mend(self) -> int:
        return sum(each.grade in (Grade.MEND, Grade.MISSING) for each in self.findings)

    @property
    def unknown(self) -> int:
        return sum(each.grade is Grade.UNKNOWN for each in self.findings)


def domains() -> tuple[str, str]:
    """The sender's, and that of returned letters; in ASCII, as DNS has them."""
    addresses = (parseaddr(settings.DEFAULT_FROM_EMAIL)[1], settings.BOUNCE_ADDRESS)
    return tuple(in_ascii(address.rpartition("@")[2].lower()) for address in addresses)


def in_ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain


def look_up(resolver=None) -> Answer:
    sender, returns = domains()
    local = next((domain for domain in (sender, returns) if "." not in domain), None)
    if local:
        said = _("Our mail comes from “%(domain)s”, which is no domain of the internet: set DEFAULT_FROM_EMAIL first.")
        return Answer(sender, returns, problem=said % {"domain": local})
    asker = Asker(resolver)
    try:
        asker.ask(sender, "MX")
    except Unanswered:
        said = _(
            "This server gets no answer from DNS, the directory of the internet’s names: nothing can be looked up here. "
            "Whoever looks after the server can say why, or look it up elsewhere, for example with: dig TXT %(domain)s"
        )
        return Answer(sender, returns, problem=said % {"domain": sender})
    findings = [spf(asker, returns), dkim(asker, sender), dmarc(asker, sender), mx(asker, sender)]
    if returns != sender:
        findings.append(mx(asker, returns))
    if not dns_records.are_related(sender, returns):
        findings.append(strangers(sender, returns))
    return Answer(sender, returns, findings)


def spf(asker: Asker, domain: str) -> Finding:
    """It is asked of the domain that letters come back to (RFC 7208, 2.4), not of the one that readers see."""
    try:
        return dns_records.spf(domain, asker.texts(domain))
    except Unanswered:
        return dns_records.unanswered("SPF", domain)


def dkim(asker: Asker, domain: str) -> Finding:
    """The best key; with no selector named, under usual names."""
    selectors = list(settings.DKIM_SELECTORS or USUAL_SELECTORS)
    found = []
    for selector in selectors:
        name = f"{selector}._domainkey.{domain}"
        try:
            found.append(dns_records.dkim(name, asker.texts(name)))
        except Unanswered:
            return next((each for each in found if each), dns_records.unanswered("DKIM", name))
        if found[-1] and found[-1].grade is Grade.GOOD:
            return found[-1]
    none = dns_records.no_dkim(f"…._domainkey.{domain}", selectors, bool(settings.DKIM_SELECTORS))
    return next((each for each in found if each), none)


def dmarc(asker: Asker, domain: str) -> Finding:
    """The domain's own, else that of a domain above it."""
    labels = domain.split(".")[-LABELS:]
    names = [domain] + [".".join(labels[place:]) for place in range(len(labels) - 1)]
    for name in dict.fromkeys(names):
        try:
            texts = asker.texts(f"_dmarc.{name}")
        except Unanswered:
            return dns_records.unanswered("DMARC", f"_dmarc.{name}")
        if any(dns_records.is_dmarc(text) for text in texts):
            return dns_records.dmarc(f"_dmarc.{name}", texts)
    return dns_records.dmarc(f"_dmarc.{domain}", [])


def mx(asker: Asker, domain: str) -> Finding:
    try:
        servers = asker.servers(domain)
        return dns_records.mx(domain, servers, not servers and bool(asker.ask(domain, "A")))
    except Unanswered:
        return dns_records.unanswered("MX", domain)


def strangers(sender: str, returns: str) -> Finding:
    return Finding(
        "DMARC",
        f"{sender} / {returns}",
        Grade.MEND,
        _(
            "Letters come from one domain and go back to another: SPF then proves nothing about the one that readers see."
        ),
        _("a return address (BOUNCE_ADDRESS) in the sender’s domain or below it; or make sure that DKIM is right."),
    )
