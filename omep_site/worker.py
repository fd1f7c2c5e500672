"""The background process: everything that is due and that no visitor should wait for.

A round does each job once. What is to be done stands in the database, so a worker may be stopped or killed at any
moment: the next one goes on.
"""

import fcntl
import logging
import signal
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Thread

from django.conf import settings
from django.db import DataError, Error, IntegrityError, close_old_connections, connection
from django.utils import timezone

from accounts.sessions import SessionStore
from comments import announcing, digests, following, retention
from newsletter import growth, importing
from newsletter.mailbox import Mailbox
from newsletter.senders import Senders
from omep_site import certificate, morning, running, watching
from omep_site.lib import gone, incidents, logs, mail, tallies, work
from omep_site.lib.intervals import Interval
from omep_site.lib.sqlite import reserve
from omep_site.lib.stopping import Flag
from omep_site.lib.whole_files import is_full
from omep_site.models import Finding, Incident, Kind, forget_old_counters
from omep_site.notify import tell

logger = logging.getLogger(__name__)

IDLE = 1  # seconds between rounds that found nothing to do
TIDY_EVERY = 3600  # seconds
NOTED_EVERY = 60  # seconds between tries to note who has gone, where it could not be written
SHOWN_EVERY = 15  # seconds
LONGEST_JOB = 900  # seconds; twenty mails to a server that thinks about each for twenty take seven minutes
ANOTHER = "another worker runs on this SQLite database; waiting for it to end"
FULL = "the disk is full, and nothing can be marked as done; waiting for room"
SET_BACK = 5  # seconds; less is what a clock is corrected by


class Worker:
    def __init__(self):
        self.stopping = Flag()
        self.tidied = float("-inf")
        self.senders = None
        self.mailbox = Mailbox()
        self.said_so = False
        self.certificate = certificate.Look()
        self.job_began = time.monotonic()
        self.drift = time.time() - time.monotonic()
        self.noting = Interval(NOTED_EVERY)
        self.old_comments = False  # whether some may be left to erase

    def stop(self, *_signal) -> None:
        """Ends after the job at hand."""
        self.stopping.set()

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        logs.take_over()
        tell("READY=1")
        with running.held(), the_only_one(self.stopping):
            watching.mark_alive("worker")
            Thread(target=self.show_that_it_lives, name="alive", daemon=True).start()
            while not self.stopping.is_set():
                tell("WATCHDOG=1")
                if not self.round():
                    self.stopping.wait(IDLE)
            if self.senders:
                with suppress(Error):
                    self.senders.close()
            watching.store()
            watching.mark_ended()

    def round(self) -> bool:
        """Does what is due; returns whether there was anything. A database that is away costs a pause, no more."""
        with work.at(work.new_id()) as self.at_work:
            busy = self.do_all()
            self.look_at_the_clock()
            watching.store()
        return busy

    def do_all(self) -> bool:
        close_old_connections()
        if self.is_half_restored():
            return False
        self.senders = self.senders or Senders(self.stopping)
        jobs = {
            "digests": digests.tell_due,
            "announcements": announcing.announce_due,
            "mail": mail.deliver_due,
            "imports": lambda: importing.work(self.stopping),
            "tidying": self.tidy,
            "old comments": self.erase_old_comments,
            "returned letters": self.mailbox.look,
            "who has gone": self.note_who_has_gone,
            "certificate": self.certificate.look,
            "morning": morning.tell_if_due,
            "letters": self.senders.work,  # last: it takes seconds
        }
        try:
            busy = sum(self.attempt(name, job) for name, job in jobs.items()) > 0
            if not busy:
                self.senders.close()
        except Error as error:
            incidents.note_error(error)
            logger.error("the database did not answer, trying again: %s", type(error).__name__)
            return False
        return busy

    def is_half_restored(self) -> bool:
        """Whether a restore has brought the database back, and did not come to hold what may not go out again."""
        try:
            mark = running.mark()
        except Error as error:
            logger.error("the database did not answer, trying again: %s", type(error).__name__)
            return True
        if mark and not self.said_so:
            logger.error(running.HALF_RESTORED.format(**mark))
        self.said_so = mark is not None
        return self.said_so

    def attempt(self, name: str, job) -> int:
        """What the job returns: how much there was to do. Its fault ends no other; what it left undone is tried again."""
        self.at_work.name, self.job_began = name, time.monotonic()
        try:
            done = job()
        except Exception as error:
            # Not what one job stores wrongly: that is its own fault, and the database is there for the others.
            if isinstance(error, Error) and not isinstance(error, IntegrityError | DataError):
                raise
            if not incidents.note_error(error):
                incidents.note(Kind.JOB_FAILED)
            tallies.count("faults", "worker")
            logger.exception("a job failed, going on")
            return 0
        if done:
            told = {"job": name, "done": done, "ms": round((time.monotonic() - self.job_began) * 1000)}
            logger.info("%s: %s done", name, done, extra={"fields": told})
        return done

    def show_that_it_lives(self) -> None:
        """A thread of its own says so, also while a job sends for minutes; not for one that never ends."""
        while not self.stopping.is_set():
            if time.monotonic() - self.job_began < LONGEST_JOB:
                with suppress(Error):
                    Finding.keep(Finding.WORKER)
            connection.close()
            self.stopping.wait(SHOWN_EVERY)

    def look_at_the_clock(self) -> None:
        """What was noted by a clock that is set back seems to have happened later than what comes."""
        drift = time.time() - time.monotonic()
        if drift < self.drift - SET_BACK:
            incidents.note(Kind.CLOCK_SET_BACK)
        self.drift = drift

    def tidy(self) -> int:
        if time.monotonic() - self.tidied > TIDY_EVERY:
            forget_old_counters()
            Incident.objects.filter(ended__lt=timezone.now() - Incident.KEPT_FOR).delete()
            mail.forget_old_mail()
            following.forget_unused_addresses()
            SessionStore.clear_expired()
            gone.forget_old()
            if connection.vendor == "sqlite":
                reserve.keep(settings.DATABASES["default"]["NAME"])
            growth.count_today()
            self.tidied = time.monotonic()
            self.old_comments = True
        return 0

    def note_who_has_gone(self) -> int:
        if not self.noting.is_over():
            return 0
        self.noting.begin()
        return gone.write_kept()

    def erase_old_comments(self) -> int:
        """One batch in a round, so that no mail waits for the deletion of 100,000 of spam."""
        self.old_comments = self.old_comments and retention.erase_old() > 0
        return int(self.old_comments)


@contextmanager
def the_only_one(stopping: Flag):
    """On SQLite one worker runs at a time: a second says so and waits. On PostgreSQL any number may."""
    if connection.vendor != "sqlite":
        yield
        return
    name = Path(str(settings.DATABASES["default"]["NAME"]))
    with ExitStack() as stack:
        said = False
        while not stopping.is_set():
            try:
                with ExitStack() as attempt:
                    file = attempt.enter_context(open(name.with_name(name.name + ".worker"), "w"))
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    stack.enter_context(attempt.pop_all())
                break
            except OSError as error:
                if not isinstance(error, BlockingIOError) and not is_full(error):
                    raise
                if not said:
                    logger.warning(FULL if is_full(error) else ANOTHER)
                    said = True
                tell("WATCHDOG=1")
                stopping.wait(IDLE)
        reserve.keep(name)
        yield
