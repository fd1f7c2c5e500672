"""Addresses that nothing is sent to: noted and taken off, with what it means for the subscriber who has the address."""

from django.db import transaction

from newsletter.models import Subscriber, Suppression, digest_of
from newsletter.models.suppressions import Key
from omep_site.lib import addresses


def block(address: str, reason: str = Suppression.Reason.EDITOR, detail: str = "") -> bool:
    """Nothing is sent to the address any more, in whichever spelling and whoever asks. False where it was blocked before.

    `detail` is for editors, and holds no address.
    """
    with transaction.atomic():
        is_new = Suppression.objects.add(address, reason, detail)
        moved = [each.suppress() for each in addresses.at(Subscriber.objects.all(), "email", address)]
    return is_new or any(moved)


def lift(suppression: Suppression) -> bool:
    """The address may be subscribed again, by whoever reads its mail. False where somebody was quicker."""
    with transaction.atomic():
        gone, _each = Suppression.objects.filter(pk=suppression.pk).delete()
        key = Key.bytes()
        blocked = Subscriber.objects.filter(status=Subscriber.Status.SUPPRESSED)
        for subscriber in blocked.iterator():  # a digest leads to no address: each is asked whether it is this one
            if digest_of(subscriber.email, key) == suppression.digest:
                subscriber.release()
                subscriber.bounces.all().delete()  # or the next one would block it again at once
    return bool(gone)


def reason_of(subscriber: Subscriber) -> Suppression | None:
    return Suppression.objects.of(subscriber.email).first()
