"""Who has gone after the moment of a backup that is brought back, goes again (omep_site/lib/gone.py). One of
settings.AFTER_RESTORE."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from post_office.models import Email

from comments.models import Comment, Correspondent, Follow
from newsletter.models import Subscriber, Suppression
from newsletter.models.suppressions import Key, digest_of_canonical
from omep_site import privacy
from omep_site.lib import addresses, gone
from omep_site.lib.gone import Line, What

NOBODY_KNOWS = _("Beside the backups nothing says who has left since: look through what people wrote to you meanwhile.")


def see_off(taken_at: datetime) -> list[str]:
    """Erases, unsubscribes, blocks and stops once more; returns how many that were, in words."""
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in gone.since(taken_at):
        lines[line.digest].append(line)
    if not lines:
        return [] if gone.files() else [str(NOBODY_KNOWS)]
    known = {digest: address for address, digest in known_addresses() if digest in lines}  # in one of its spellings
    block(lines, set(known))
    found = {address: lines[digest] for digest, address in known.items()}
    erased = [address for address, each in found.items() if any(line.what == What.ERASED for line in each)]
    stopped = sum(see_off_one(address, each) for address, each in found.items() if address not in erased)
    for address in erased:
        privacy.erase(address)
    said = [
        ngettext(
            "%(count)d address that was erased since the backup is erased again.",
            "%(count)d addresses that were erased since the backup are erased again.",
            len(erased),
        )
        % {"count": len(erased)},
        ngettext(
            "%(count)d address that wanted no more mail since the backup gets none.",
            "%(count)d addresses that wanted no more mail since the backup get none.",
            stopped,
        )
        % {"count": stopped},
    ]
    return [sentence for sentence, count in zip(said, (len(erased), stopped), strict=True) if count]


def known_addresses() -> Iterator[tuple[str, str]]:
    """Every address that may be written to, as it is spelled, with its digest."""
    key = Key.bytes()
    told = set()
    for rows in (Subscriber.objects.all(), Comment.objects.filter(erased_at=None), Correspondent.objects.all()):
        told.update(rows.order_by().values_list("email", flat=True).iterator())
    for each in Email.objects.values_list("to", flat=True).iterator():
        told.update(each)
    for address in sorted(told):
        yield address, digest_of_canonical(addresses.canonical(address), key)


def see_off_one(address: str, lines: list[Line]) -> bool:
    """Whether there was anything to do."""
    done = 0
    subscribers = addresses.at(Subscriber.objects.all(), "email", address)
    correspondents = addresses.at(Correspondent.objects.all(), "email", address)
    for what, detail in {(line.what, line.detail) for line in lines}:
        if what == What.LEFT:
            done += sum(each.unsubscribe() for each in subscribers)
        elif what == What.BLOCKED:
            done += sum(each.suppress() for each in subscribers)
        elif what == What.STOPPED and detail:
            follows = Follow.objects.filter(correspondent__in=correspondents, comment=detail)
            done += sum(each.stop() for each in follows)
        elif what == What.STOPPED:
            done += sum(each.stop() for each in correspondents)
    return done > 0


def block(lines: dict[str, list[Line]], known: set[str]) -> None:
    """The blocks themselves, whether or not anybody has subscribed with the address. Who came after the backup and has gone
    is not known here any more: no old list is to bring them back."""
    rows = {}
    for digest, each in lines.items():
        reasons = [line.detail for line in each if line.what == What.BLOCKED]
        if digest not in known and any(line.what in (What.LEFT, What.ERASED) for line in each):
            reasons.append(Suppression.Reason.ERASED)
        for reason in reasons[:1]:
            rows[digest] = Suppression(digest=digest, reason=reason, at=timezone.now())
    Suppression.objects.bulk_create(rows.values(), ignore_conflicts=True)
