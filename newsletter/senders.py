"""Several connections to the mail server at once: a mail server far away answers late, and the others go on meanwhile."""

from contextvars import Context, copy_context
from multiprocessing.pool import ThreadPool

from django.conf import settings
from django.db import connection

from newsletter.models import Delivery, Issue
from newsletter.sending import CHUNK, Sender
from omep_site.lib.stopping import Flag


class Senders:
    """So many as the setting says, each in a thread with a database connection of its own. On SQLite one, because it lets
    one writer in at a time."""

    def __init__(self, stopping: Flag | None = None):
        count = settings.NEWSLETTER_CONNECTIONS if connection.vendor == "postgresql" else 1
        self.all = [Sender(stopping) for _number in range(count)]
        self.pool = None

    def work(self) -> int:
        """Sends what is due for a few seconds. Returns how many letters were tried."""
        if len(self.all) == 1 or not much_is_due():
            return self.all[0].work()
        self.pool = self.pool or ThreadPool(len(self.all))
        # What they log belongs to this round (omep_site.lib.work).
        return sum(self.pool.starmap(in_a_thread, [(each, copy_context()) for each in self.all], chunksize=1))

    def close(self) -> None:
        for sender in self.all:
            sender.store_what_is_known()
            sender.close()
        if self.pool:
            self.pool.terminate()
            self.pool = None


def in_a_thread(sender: Sender, context: Context) -> int:
    try:
        return context.run(sender.work)
    finally:
        connection.close()  # this thread's


def much_is_due() -> bool:
    """More than one has to do with at a time."""
    sending = Issue.objects.filter(status=Issue.Status.SENDING).values("pk")
    return Delivery.objects.due().filter(issue__in=sending).order_by()[: CHUNK + 1].count() > CHUNK
