"""The background process: everything that is due and that no visitor should wait for.

A round does each job once. What is to be done stands in the database, so a worker may be stopped or killed at any
moment: the next one goes on.
"""

import fcntl
import logging
import signal
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event as Flag

from django.conf import settings
from django.db import Error, close_old_connections, connection

from accounts.sessions import SessionStore
from comments import announcing, digests, following, retention
from newsletter import growth, importing
from newsletter.mailbox import Mailbox
from newsletter.senders import Senders
from omep_site.lib import mail
from omep_site.models import forget_old_counters

logger = logging.getLogger(__name__)

IDLE = 1  # seconds between rounds that found nothing to do
TIDY_EVERY = 3600  # seconds


class Worker:
    def __init__(self):
        self.stopping = Flag()
        self.tidied = float("-inf")
        self.senders = None
        self.mailbox = Mailbox()
        self.old_comments = False  # whether some may be left to erase

    def stop(self, *_signal) -> None:
        """Ends after the job at hand."""
        self.stopping.set()

    def run(self) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        with the_only_one(self.stopping):
            while not self.stopping.is_set():
                if not self.round():
                    self.stopping.wait(IDLE)
            if self.senders:
                with suppress(Error):
                    self.senders.close()

    def round(self) -> bool:
        """Does what is due; returns whether there was anything. A database that is away costs a pause, no more."""
        close_old_connections()
        self.senders = self.senders or Senders(self.stopping)
        jobs = [
            digests.tell_due,
            announcing.announce_due,
            mail.deliver_due,
            lambda: importing.work(self.stopping),
            self.tidy,
            self.erase_old_comments,
            self.mailbox.look,
            self.senders.work,  # last: it takes seconds
        ]
        try:
            busy = sum(self.attempt(job) for job in jobs) > 0
            if not busy:
                self.senders.close()
        except Error as error:
            logger.error("the database did not answer, trying again: %s", type(error).__name__)
            return False
        return busy

    def attempt(self, job) -> int:
        """What the job returns: how much there was to do. Its fault ends no other; what it left undone is tried again."""
        try:
            return job()
        except Error:
            raise
        except Exception:
            logger.exception("a job failed, going on")
            return 0

    def tidy(self) -> int:
        if time.monotonic() - self.tidied > TIDY_EVERY:
            forget_old_counters()
            mail.forget_old_mail()
            following.forget_unused_addresses()
            SessionStore.clear_expired()
            growth.count_today()
            self.tidied = time.monotonic()
            self.old_comments = True
        return 0

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
    with open(name.with_name(name.name + ".worker"), "w") as file:
        said = False
        while not stopping.is_set():
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not said:
                    logger.warning("another worker runs on this SQLite database; waiting for it to end")
                    said = True
                stopping.wait(IDLE)
        yield
