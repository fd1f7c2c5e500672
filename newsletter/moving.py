"""A reader who wants the letters at another address, and a fresh link to the reader's own page.

Nothing changes before somebody who reads the new address has pressed a button. What can be seen of asking for it is the
same for every new address: one that is blocked, or written to three times today, gets no mail, and nobody is told.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from newsletter import mails
from newsletter.models import Subscriber, Suppression, digest_of
from newsletter.subscribing import MAILS_A_DAY, to_be_kept_if
from omep_site.lib import links
from omep_site.lib.addresses import mailbox
from omep_site.lib.throttle import Limit, wait_for

MOVE_PURPOSE = "newsletter.address"
MOVE_WITHIN = timedelta(days=7)  # the mail and its page say “seven days”
# Whoever holds a reader's link may have three new addresses written to in a day …
MOVES_A_DAY = Limit("newsletter.address.day", 3, 24 * 3600)
# … and an old link has a fresh one sent once in an hour, three times in a day.
FRESH_LINKS = [Limit("newsletter.preferences.hour", 1, 3600), Limit("newsletter.preferences.day", 3, 24 * 3600)]


@dataclass(frozen=True)
class Move:
    """What the link in the mail to a new address says. Whoever gets that mail can read its link, and may be a stranger to
    whoever asked: so it has no more than a digest of the address that the reader had."""

    subscriber: Subscriber | None
    old: str  # digest_of
    new: str

    @classmethod
    def read(cls, token: str) -> "Move":
        """Raises links.LinkExpired and links.LinkBroken."""
        pk, old, new = links.unsign(MOVE_PURPOSE, token, MOVE_WITHIN)
        return cls(Subscriber.objects.filter(pk=pk, status=Subscriber.Status.CONFIRMED).first(), old, new)

    def is_open(self) -> bool:
        is_same = bool(self.subscriber) and digest_of(self.subscriber.email) == self.old
        return is_same and not Suppression.objects.blocks(self.new)

    def is_done(self) -> bool:
        return bool(self.subscriber) and self.subscriber.email == self.new

    def make(self, page: str) -> bool:
        """Once, whoever clicks how often; False where somebody else has the address."""
        earlier = self.subscriber.email
        with transaction.atomic():
            moved = self.subscriber.move_to(self.new, page)
            if moved:
                mails.address_changed(self.subscriber, earlier)
        return moved


def ask_to_move(subscriber: Subscriber, address: str) -> int:
    """Asks the new address, a tidy one, to confirm. Returns the seconds to wait where this was asked for too often."""
    wait = MOVES_A_DAY.hit(str(subscriber.pk))
    if not wait:
        with transaction.atomic(), to_be_kept_if() as keep:
            keep(not Suppression.objects.blocks(address))
            keep(not MAILS_A_DAY.hit(mailbox(address)))
            token = links.sign(MOVE_PURPOSE, [subscriber.pk, digest_of(subscriber.email), address])
            confirm_url = links.absolute(links.path_in(subscriber.language, "newsletter:move", token=token))
            mails.confirm_address(subscriber, address, confirm_url)
    return wait


def send_fresh_link(token: str) -> None:
    """To the address that the reader of an old link has today, where anything may be sent to it. Raises LinkBroken."""
    subscriber = Subscriber.objects.by_preferences_token(token, within=None)
    if subscriber is None or subscriber.status == Subscriber.Status.SUPPRESSED:
        return
    with transaction.atomic():
        if not wait_for(FRESH_LINKS, str(subscriber.pk)) and not Suppression.objects.blocks(subscriber.email):
            mails.fresh_link(subscriber)
