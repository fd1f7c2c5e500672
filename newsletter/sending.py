"""Sending issues: nobody twice, nobody lost.

A worker claims a few readers at a time. Before each letter leaves, its row says so; after the mail server took it, its
row says that too, in the same statement as the next one's beginning. So a worker that is killed leaves at most one
letter of which nobody can know whether it was taken (newsletter.recovery).
"""

import logging
import os
import platform
import time
from datetime import timedelta
from email.utils import formatdate
from urllib.parse import urlsplit

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, transaction
from django.utils import timezone, translation

from newsletter import marks, queueing, recovery, server_state, transport, verp
from newsletter.letters import DATE, MESSAGE_ID, PREFERENCES, TO, UNSUBSCRIBE, Encoded, Frame, Letter
from newsletter.models import TOO_LATE, Delivery, Issue, Key, Subscriber
from newsletter.models.subscribers import PREFERENCES_PURPOSE
from newsletter.refusals import Refusals
from newsletter.transport import Answer, Outcome, ServerDown
from omep_site.lib import links, tallies
from omep_site.lib.context import site
from omep_site.lib.stopping import Flag

logger = logging.getLogger(__name__)

CHUNK = 100  # readers that are claimed together
SPELL = 5  # seconds, then the worker's other jobs have their turn
# After each try that the reader's server put off; then the letter has failed. 46 hours in all.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 15, 60, 180, 360, 720, 1440)]
STUMBLES = 3  # connections that ended at one reader: the next time it is the reader who is put off
LOOKED_AFTER = timedelta(seconds=30)  # how often an issue notes that somebody works on it
OF_A_READER = ["pk", "language", "attempts", "subscriber"]
OF_A_READER += [f"subscriber__{name}" for name in ("email", "status", "unsubscribe_token")]


class Sender:
    """The part of a worker that sends. It keeps its connection to the mail server, and what it could not store."""

    def __init__(self, stopping: Flag | None = None):
        self.stopping = stopping or Flag()
        self.connection = transport.connection()
        self.known = {}  # of letters that were begun: what is to be stored, where the database went away
        self.after = {}  # by issue: the last delivery that was claimed
        self.encoded = {}
        self.refusals = Refusals()
        self.stumbles = {}  # by delivery: how many connections ended at it
        self.was_down = True  # as far as this worker knows

    def work(self) -> int:
        """Sends what is due for a few seconds. Returns how many letters were tried."""
        self.store_what_is_known()
        if recovery.recover():
            cancel_what_was_given_back()
        for issue in Issue.objects.filter(status=Issue.Status.SCHEDULED, send_at__lte=timezone.now()):
            issue.come_due()
        sending = Issue.objects.filter(status=Issue.Status.SENDING).order_by("pk")
        issues = [issue for issue in sending if look_after(issue) and is_queued(issue)]
        due = Delivery.objects.due().filter(issue__in=issues).order_by()
        tried = 0
        if issues and server_state.may_be_asked() and due.exists():
            ends = time.monotonic() + SPELL
            self.was_down = True
            with recovery.a_run(f"{platform.node()} {os.getpid()}") as run:
                tried = sum(self.attempt(run, issue, ends) for issue in issues)
            cancel_what_was_given_back()
        for issue in issues:
            if issue.finish():
                self.refusals.over()
        return tried

    def attempt(self, run, issue: Issue, ends: float) -> int:
        """One issue's fault ends no other's."""
        try:
            return self.send_issue(run, issue, ends)
        except Error:
            raise
        except Exception as error:
            logger.exception("issue %s could not be sent", issue.pk)
            issue.pause(Issue.Hold.FAULT, type(error).__name__)
            return 0

    def close(self) -> None:
        self.connection.close()

    def send_issue(self, run, issue: Issue, ends: float) -> int:
        tried = 0
        while time.monotonic() < ends and not self.stopping.is_set() and server_state.may_be_asked():
            count = server_state.give(CHUNK)
            chunk = self.claim(run, issue, count) if count else []
            if not chunk:
                break
            with marks.quickly() as cursor:
                now, goes_on = self.send_letters(cursor, run, issue, chunk, ends)
            self.store_what_is_known()
            recovery.give_back(run, issue)
            tried += now
            if not goes_on:
                break
        return tried

    # Claiming

    def claim(self, run, issue: Issue, count: int) -> list[dict]:
        """Takes up to so many readers into this run's hands; nobody who has left is among them."""
        while True:
            with transaction.atomic():
                numbers = self.next_numbers(issue, count)
                in_hand = Delivery.objects.filter(pk__in=numbers)
                in_hand.update(status=Delivery.Status.SENDING, run=run, begun_at=None)
                rows = list(in_hand.order_by("pk").values(*OF_A_READER))
                there = [row for row in rows if row["subscriber__status"] == Subscriber.Status.CONFIRMED]
                gone = {row["pk"] for row in rows} - {row["pk"] for row in there}
                if gone:
                    left = {"status": Delivery.Status.SKIPPED, "run": None, "done_at": timezone.now()}
                    Delivery.objects.filter(pk__in=gone).update(**left)
            if there or not numbers:
                return there

    def next_numbers(self, issue: Issue, count: int) -> list[int]:
        """Those who wait, and then those whose next try has come. Rows that another worker holds are passed over."""
        waiting = issue.deliveries.filter(status=Delivery.Status.PENDING).order_by("pk")
        waiting = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
        numbers = list(waiting.filter(pk__gt=self.after.get(issue.pk, 0))[:count])
        if not numbers and self.after.pop(issue.pk, 0):  # what was given back stands before
            numbers = list(waiting[:count])
        if numbers:
            self.after[issue.pk] = numbers[-1]
            return numbers
        again = issue.deliveries.filter(status=Delivery.Status.DEFERRED, next_try__lte=timezone.now()).order_by("pk")
        return list(again.select_for_update(skip_locked=True).values_list("pk", flat=True)[:count])

    # Letters

    def send_letters(self, cursor, run, issue: Issue, chunk: list[dict], ends: float) -> tuple[int, bool]:
        """One after the other. Returns how many were tried, and whether there is a reason to go on."""
        key, sent, tried = Key.bytes(), None, 0
        for row in chunk:
            if self.stopping.is_set() or time.monotonic() > ends:
                return tried, False
            number = row["pk"]
            stored, begun = marks.step(cursor, run, sent, number)
            if stored:
                del self.known[sent]
            if not begun:  # it was paused or cancelled, or this run was taken for dead
                return tried, False
            tried += 1
            answer, sent = self.send_letter(issue, row, key), None
            if answer is None:
                return tried, False
            if answer.outcome is Outcome.TAKEN:
                self.known[number] = {"status": Delivery.Status.SENT, "done_at": timezone.now()}
                tallies.count("letters", "sent")
                sent = number
                self.refusals.over()
            elif not self.take_in(issue, row, answer):
                return tried, False
        stored, _begun = marks.step(cursor, run, sent, None) if sent else (False, False)
        if stored:
            del self.known[sent]
        return tried, True

    def send_letter(self, issue: Issue, row: dict, key: bytes) -> Answer | None:
        """What the mail server answered; None where it is away and took nothing."""
        number = row["pk"]
        waits = {"status": Delivery.Status.PENDING, "begun_at": None}
        self.known[number] = waits  # until its first byte leaves
        try:
            reader = wire_address(row["subscriber__email"])
        except UnicodeError:
            return Answer(Outcome.NO_SUCH_READER, "553 5.1.3 this address cannot be written")
        data = self.letter(issue, row, reader, key)
        self.known[number] = {"status": Delivery.Status.UNCERTAIN, "done_at": timezone.now()}
        try:
            answer = self.connection.send(verp.return_address(number, key), reader, data)
        except ServerDown as error:
            self.known[number] = waits
            server_state.note_down(str(error))
            self.was_down = True
            self.stumbles[number] = self.stumbles.get(number, 0) + error.at_a_reader
            if self.stumbles[number] < STUMBLES:
                self.store_what_is_known()
                return None
            del self.stumbles[number]
            return Answer(Outcome.LATER, str(error))
        if answer.outcome is not Outcome.UNKNOWN and self.was_down:
            server_state.note_up()
            self.was_down = False
        return answer

    def letter(self, issue: Issue, row: dict, reader: str, key: bytes) -> bytes:
        values = {
            UNSUBSCRIBE: row["subscriber__unsubscribe_token"],
            PREFERENCES: links.sign(PREFERENCES_PURPOSE, row["subscriber"]),
            TO: reader,
            MESSAGE_ID: verp.message_id(row["pk"], key),
            DATE: formatdate(usegmt=True),
        }
        return self.encoded_for(issue, row["language"]).fill(
            {mark.encode(): value.encode() for mark, value in values.items()}
        )

    def encoded_for(self, issue: Issue, language: str) -> Encoded:
        if (issue.pk, language) not in self.encoded:
            if len(self.encoded) > 20:
                self.encoded.clear()
            kept = issue.contents.get(language=language)
            letter = Letter(kept.language, kept.words_in, kept.subject, kept.html, kept.text)
            self.encoded[issue.pk, language] = Encoded(letter, frame_of(issue, language))
        return self.encoded[issue.pk, language]

    def take_in(self, issue: Issue, row: dict, answer: Answer) -> bool:
        """Stores what became of a letter that was not taken. Whether others may be tried."""
        number, now = row["pk"], timezone.now()
        changes = {"detail": answer.said, "done_at": now, "attempts": row["attempts"] + 1}
        match answer.outcome:
            case Outcome.UNKNOWN:
                changes["status"] = Delivery.Status.UNCERTAIN
            case Outcome.SENDER_REFUSED:
                changes = {"status": Delivery.Status.PENDING, "begun_at": None}
            case Outcome.LATER if row["attempts"] < len(PAUSES):
                changes |= {"status": Delivery.Status.DEFERRED, "next_try": now + PAUSES[row["attempts"]]}
            case _:
                changes["status"] = Delivery.Status.FAILED
                tallies.count("letters", "failed")
        self.known[number] = changes
        self.store_what_is_known()
        if answer.outcome is Outcome.UNKNOWN:
            server_state.note_down(answer.said)
            self.was_down = True
            return False
        if answer.outcome is Outcome.REFUSED:
            self.refusals.of_the_letter()
        elif answer.outcome is Outcome.NO_SUCH_READER:
            self.refusals.of_the_reader(number, answer.said)
        if answer.outcome is Outcome.SENDER_REFUSED or self.refusals.too_many:
            issue.pause(Issue.Hold.REFUSED, answer.said)
            self.refusals.forget()
            return False
        return True

    def store_what_is_known(self) -> None:
        for number in list(self.known):
            marks.settle(number, **self.known[number])
            del self.known[number]


def look_after(issue: Issue) -> bool:
    """Notes that somebody works on it. False where nobody did for hours: it then waits for somebody's word."""
    now = timezone.now()
    if issue.worked_on_at < now - TOO_LATE:
        issue.pause(Issue.Hold.LATE)
        return False
    if issue.worked_on_at < now - LOOKED_AFTER:
        Issue.objects.filter(pk=issue.pk, status=Issue.Status.SENDING).update(worked_on_at=now)
    return True


def is_queued(issue: Issue) -> bool:
    """Whether its readers are written down; this is the moment to do so. A letter that cannot be made waits for a mend."""
    if issue.queued_at is None:
        try:
            queueing.queue(issue)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            logger.exception("issue %s could not be made", issue.pk)
            issue.pause(Issue.Hold.FAULT, type(error).__name__)
    return issue.queued_at is not None


def cancel_what_was_given_back() -> None:
    """A worker held it while its issue was cancelled."""
    Delivery.objects.still_to_send().filter(issue__status=Issue.Status.CANCELLED).update(
        status=Delivery.Status.CANCELLED
    )


def frame_of(issue: Issue, language: str) -> Frame:
    host = urlsplit(settings.SITE_URL).hostname
    with translation.override(language):
        name = str(site()["site_name"])
    unsubscribe = links.absolute(links.path_in(language, "newsletter:unsubscribe", token=UNSUBSCRIBE))
    return Frame(
        sender=settings.DEFAULT_FROM_EMAIL,
        list_id=f"{name} <lettre.{host}>",
        feedback_id=f"{issue.pk}:{language}:{issue.kind}:lettre",
        unsubscribe_url=unsubscribe,
    )


def wire_address(address: str) -> str:
    """As SMTP without SMTPUTF8 writes it (RFC 5321, 2.3.5). Raises UnicodeError."""
    if address.isascii() and address.isprintable():
        return address
    local, _at, domain = address.rpartition("@")
    whole = f"{local}@{domain.encode('idna').decode()}"
    if not whole.isascii() or not whole.isprintable():
        raise UnicodeError
    return whole
