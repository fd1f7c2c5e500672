"""Mail that came back: whose letter it was, and what it means for its reader's address.

A report counts where it shows what only a letter of ours has (newsletter.verp), so that nobody can have somebody else's
address blocked by writing to us.
"""

import logging
from dataclasses import dataclass

from newsletter import points, reports, verp
from newsletter.diagnoses import Kind
from newsletter.models import Bounce, Delivery
from newsletter.reports import Report
from omep_site.lib.addresses import canonical

logger = logging.getLogger(__name__)

COUNTED = {Kind.HARD: Bounce.Kind.HARD, Kind.SOFT: Bounce.Kind.SOFT, Kind.COMPLAINT: Bounce.Kind.COMPLAINT}
WORDS = {
    Kind.HARD: "the address does not exist, or takes nothing",
    Kind.SOFT: "not taken this time",
    Kind.COMPLAINT: "called spam by its reader",
    Kind.DELAYED: "late, its server goes on trying",
    Kind.AUTOMATIC: "an automatic answer",
    Kind.ABSENT: "an automatic answer, or somebody’s own",
    Kind.HARMLESS: "a report of something else",
    Kind.OTHER: "no report",
}


@dataclass(frozen=True)
class Taken:
    """What a mail was, and what was done."""

    kind: Kind
    code: str = ""
    delivery: int | None = None  # proven to be ours
    counted: bool = False
    why_not: str = ""  # in English, for logs, without addresses

    @property
    def is_settled(self) -> bool:
        """Whether nobody needs to look at the mail any more."""
        return self.delivery is not None and self.kind not in (Kind.ABSENT, Kind.OTHER)

    def __str__(self):
        letter = f"letter {self.delivery}" if self.delivery else "no letter of ours"
        return f"{letter}: {WORDS[self.kind]}{f' ({self.code})' if self.code else ''}: {self.why_not or 'counted'}"


def take(message: bytes, reader: str = "") -> Taken:
    """Reads one mail; `reader` is whom its envelope was for, where that is known.

    Whatever the bytes are, it raises nothing but the database's own errors: then nothing was counted.
    """
    report = reports.read(message)
    places = [place for place in (reader, *report.places) if place.strip()]
    number = next((found for place in places if (found := verp.delivery_named_in(place))), None)
    if number is None:
        claims = any(pattern.search(place) for place in places for pattern in (verp.ADDRESS, verp.MESSAGE_ID))
        why_not = (
            "it names a letter and lacks its proof: forged, or broken on its way" if claims else "nothing to count"
        )
        taken = Taken(report.kind, report.code, why_not=why_not)
    else:
        taken = count(report, number)
    logger.info("a mail came back: %s", taken)
    return taken


def count(report: Report, number: int) -> Taken:
    """For a letter that the report is proven to be about."""
    why_not = ""
    delivery = Delivery.objects.select_related("subscriber").filter(pk=number).first()
    if report.kind not in COUNTED:
        why_not = "nothing to count"
    elif delivery is None or delivery.subscriber is None:
        why_not = "its reader was erased"
    elif not is_still(delivery.subscriber.email, report.sent_to):
        why_not = "its reader has another address now"
    elif not points.record(delivery.subscriber, COUNTED[report.kind], report.code, report.digest, delivery):
        why_not = "counted before"
    return Taken(report.kind, report.code, number, not why_not, why_not)


def is_still(address: str, sent_to: str) -> bool:
    """Whether a letter to `sent_to` tells of this address; so it is taken where that is not known."""
    return "@" not in sent_to or canonical(sent_to.strip(" \t\r\n<>")) == canonical(address)
