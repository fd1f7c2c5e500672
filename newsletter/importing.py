"""Lists that editors bring, read by the worker in batches.

Each batch is one transaction, which also notes how far it came: a worker that is killed leaves the last batch as if it
had never begun, and the next one goes on there. Who is in the list already stays as they are, whatever the file says of
them; who has left, was blocked or erased is not brought back.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from datetime import time as hour
from itertools import islice
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from newsletter import list_files, storing
from newsletter.list_files import ListFault, Row, RowFault
from newsletter.models import ImportJob, ImportProblem, Subscriber, Tag
from newsletter.models.imports import packed, unpacked
from newsletter.models.suppressions import Key, digest_of_canonical
from newsletter.storing import Reader
from omep_site.lib import addresses
from omep_site.lib.links import languages

BATCH = 5000  # rows in one transaction
SLICE = 2  # seconds for lists in a round of the worker, so that no mail waits for them


class Judged(NamedTuple):
    readers: list[Reader]
    problems: list[tuple[int, str]]  # (line, one of list_files.REASONS)
    known: int  # subscribed already, or asked to confirm


def begin(content: bytes, tags=(), **fields) -> ImportJob:
    """A list to be read, looked through. `fields` are those of ImportJob. Raises ListFault."""
    rows = list_files.Table.of(content).check()
    with transaction.atomic():
        job = ImportJob.objects.create(content=packed(content), rows=rows, **fields)
        job.tags.set(tags)
    return ImportJob.objects.defer("content").get(pk=job.pk)


_at_hand: "Reading | None" = None  # what this process reads, so that a slice need not begin at the top


def work(stopping=None) -> int:
    """For a round of the worker: a slice of the oldest list. Returns how many rows were read."""
    global _at_hand
    ImportJob.objects.forget_files()
    job = ImportJob.objects.to_be_read().first()
    reading, _at_hand = _at_hand, None  # nothing is kept of a slice that fails: its rows would be passed over
    if job is None:
        return 0
    if reading is None or not reading.stands_at(job):
        reading = Reading(job)
    read = reading.go_on(stopping, SLICE)
    _at_hand = reading if reading.is_whole else None
    return read


class Reading:
    """One list and how far it is read."""

    def __init__(self, job: ImportJob):
        self.job = job
        self.is_whole = True  # not after a batch that another worker had stored meanwhile
        self.seen: set[int] = set()  # hashes of the addresses so far
        self.key = Key.bytes()
        self.languages = languages()
        self.today = timezone.localdate()
        self.always = tuple(job.tags.values_list("pk", flat=True))
        self.tags = {name.lower(): pk for pk, name in Tag.objects.values_list("pk", "name")}
        self.rows = self._rows()

    def _rows(self) -> Iterator[Row]:
        """Those that are still to be read. Raises ListFault."""
        content = ImportJob.objects.filter(pk=self.job.pk).values_list("content", flat=True).first()
        if content is None:  # another worker came to the end, or somebody deleted the list
            self.is_whole = False
            return
        rows = list_files.Table.of(unpacked(content)).rows()
        for row in islice(rows, self.job.read):  # read before; whether an address stands there twice is to be known
            with suppress(RowFault):
                self.said(row)
                self.seen.add(hash(addresses.canonical(row.email)))
        yield from rows

    def stands_at(self, job: ImportJob) -> bool:
        return (self.job.pk, self.job.read, self.job.is_trial) == (job.pk, job.read, job.is_trial)

    def go_on(self, stopping=None, seconds: float = SLICE) -> int:
        """Reads until the time is over. Returns how many rows were read, and at least 1 where the list ended."""
        until, began = time.monotonic() + seconds, self.job.read
        try:
            while batch := list(islice(self.rows, BATCH)):
                if not self.take(batch):
                    self.is_whole = False
                    break
                if time.monotonic() > until or (stopping and stopping.is_set()):
                    return self.job.read - began
            if self.is_whole:
                self.job.finish()
        except ListFault as fault:
            self.job.finish(fault.code)
        return max(self.job.read - began, int(self.is_whole))

    def take(self, batch: list[Row]) -> bool:
        """False, and nothing stored, where another worker was quicker."""
        with transaction.atomic():
            open_one = ImportJob.objects.select_for_update(skip_locked=True).filter(pk=self.job.pk, read=self.job.read)
            if not open_one.values("pk").first():
                return False
            storing.without_waiting_for_the_disk()
            judged = self.judge(batch)
            added, known = len(judged.readers), judged.known
            if judged.readers and not self.job.is_trial:
                added = storing.store(judged.readers)
                known += len(judged.readers) - added  # somebody subscribed at this very moment
            problems = (ImportProblem(job=self.job, line=line, reason=reason) for line, reason in judged.problems)
            ImportProblem.objects.bulk_create(problems, batch_size=BATCH)
            counts = {"added": added, "known": known, "refused": len(judged.problems)}
            if not self.job.advance(len(batch), **counts):
                transaction.set_rollback(True)
                return False
        return True

    def judge(self, batch: list[Row]) -> Judged:
        found, problems = {}, []
        for row in batch:
            try:
                address, said = list_files.address_in(row.email), self.said(row)
                # Only now: a row that is left out does not hide a better one below it.
                canonical = self.once(addresses.canonical(address))
                found[address] = (row.line, canonical, *said)
            except RowFault as fault:
                problems.append((row.line, fault.code))
        statuses = statuses_of(found)
        blocked = self.blocked({address: told[1] for address, told in found.items()})
        new, known = [], 0
        for address, (line, _canonical, language, source, agreed, groups) in found.items():
            status = statuses.get(address)
            if address in blocked or status == Subscriber.Status.SUPPRESSED:
                problems.append((line, "blocked"))
            elif status == Subscriber.Status.UNSUBSCRIBED:
                problems.append((line, "left"))
            elif status:
                known += 1
            else:
                new.append(Reader(address, language, source, agreed, self.tags_of(groups)))
        return Judged(new, problems, known)

    def once(self, canonical: str) -> str:
        mark = hash(canonical)
        if mark in self.seen:
            raise RowFault("twice")
        self.seen.add(mark)
        return canonical

    def said(self, row: Row) -> tuple:
        """What the row says beside the address: language, source, moment, names of groups."""
        agreed = list_files.date_in(row.date, self.today)
        return (
            list_files.language_in(row.language, self.languages, self.job.language),
            list_files.source_in(row.source, self.job.consent_source),
            datetime.combine(agreed, hour(12), UTC) if agreed else None,
            list_files.groups_in(row.groups),
        )

    def tags_of(self, names: list[str]) -> tuple[int, ...]:
        if not names:
            return self.always
        return tuple(dict.fromkeys((*self.always, *(self.tag(name) for name in names))))

    def tag(self, name: str) -> int:
        """Made where there is none; a trial makes none."""
        if name.lower() not in self.tags and not self.job.is_trial:
            found = Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)
            self.tags[name.lower()] = found.pk
        return self.tags.get(name.lower(), 0)

    def blocked(self, canonical: dict[str, str]) -> set[str]:
        """Those that must not be written to, and those who were erased; of addresses with their canonical form."""
        digests = {digest_of_canonical(each, self.key): address for address, each in canonical.items()}
        return {digests[digest] for digest in storing.noted(digests)}


def statuses_of(found) -> dict[str, str]:
    """Of those addresses that are in the list, in any spelling."""
    spelled = {}
    for address in found:
        for each in (address,) if is_plain(address) else addresses.spellings(address):
            spelled[each.lower()] = address
    return {spelled[each]: status for each, status in storing.statuses_of(spelled).items()}


def is_plain(address: str) -> bool:
    return address.isascii() and "xn--" not in address
