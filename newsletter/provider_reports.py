"""What a mail provider reports of a letter (django-anymail's tracking events), as points and endings.

Whose letter it was is told by the Message-ID or the return address that the report repeats, with their proof; else by
the reader's address: the webhook has made sure that the report is the provider's own.
"""

import logging
from hashlib import sha256

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

from newsletter import points, returning, verp
from newsletter.diagnoses import CODE, Kind, reason
from newsletter.models import Subscriber
from newsletter.points import code_in
from newsletter.reports import Report

logger = logging.getLogger(__name__)

FOR_GOOD = (RejectReason.INVALID, RejectReason.BOUNCED)
NOT_FOR_GOOD = ("soft", "transient", "temporary", "general bounce")


def take(sender, event: AnymailTrackingEvent, esp_name: str, **_more) -> None:
    """Receives the library's signal. Raises the database's own errors: the provider then reports once more."""
    if event.event_type == EventType.UNSUBSCRIBED or event.reject_reason == RejectReason.UNSUBSCRIBED:
        subscriber = reader_of(event)
        done = "unsubscribed" if subscriber and subscriber.unsubscribe() else "nothing to do"
        logger.info("%s reports that a reader wants no more: %s", esp_name, done)
        return
    report = read(event, esp_name)
    if report is None:
        return
    number = letter_of(event)
    if number:
        logger.info("%s reports: %s", esp_name, returning.count(report, number))
        return
    subscriber = reader_of(event)
    counted = subscriber is not None and points.record(
        subscriber, returning.COUNTED[report.kind], report.code, report.digest
    )
    logger.info("%s reports a letter without its name (%s): counted: %s", esp_name, report.kind, counted)


def read(event: AnymailTrackingEvent, esp_name: str) -> Report | None:
    """None for what says nothing of an address: opened, delivered, put off, an automatic answer …"""
    if event.event_type == EventType.COMPLAINED or event.reject_reason == RejectReason.SPAM:
        kind, code = Kind.COMPLAINT, ""
    elif event.event_type in (EventType.BOUNCED, EventType.REJECTED):
        kind, code = what_happened(event)
    else:
        return None
    named = (esp_name, event.event_type, event.event_id or event.timestamp, event.recipient)
    digest = sha256("|".join(map(str, named)).encode("utf-8", "replace")).hexdigest()
    return Report(kind, code, event.recipient or "", digest=digest)


def what_happened(event: AnymailTrackingEvent) -> tuple[Kind, str]:
    """By the code that the reader's server gave, else by what the provider calls it."""
    said = str(event.mta_response or "")
    if CODE.search(said) or said[:3].isdigit():
        return reason(code_in(said), said)
    called = f"{event.description} {type_in(event.esp_event)}".lower()
    if any(word in called for word in NOT_FOR_GOOD):
        return Kind.SOFT, ""
    return (Kind.HARD if event.reject_reason in FOR_GOOD or "hard" in called else Kind.SOFT), ""


def type_in(esp_event) -> str:
    """Several providers tell soft from hard in a word that the library leaves out."""
    found = [esp_event.get(name) for name in ("Type", "type", "event")] if hasattr(esp_event, "get") else []
    return " ".join(str(each) for each in found if each)


def letter_of(event: AnymailTrackingEvent) -> int | None:
    return verp.delivery_named_in(f"{event.message_id} {event.esp_event}")


def reader_of(event: AnymailTrackingEvent) -> Subscriber | None:
    return Subscriber.objects.at(event.recipient).first() if event.recipient else None
