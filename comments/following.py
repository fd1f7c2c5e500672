"""What authors ask to be told about their comments, from the page of their own.

It is not asked in the public form. That form stays short; and whoever types somebody else's address there starts
nothing with it: only the page behind the comment's own link can, and then one mail that asks.
"""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comments import mails
from comments.models import Comment, Correspondent, Follow, Rules
from omep_site.lib.addresses import mailbox
from omep_site.lib.throttle import Limit

# However often an address is typed, with +1 and +2 as well, and also where its row was erased in between: one mail a day
# until it says yes.
CONFIRMATIONS_A_DAY = Limit("comments.confirmation.day", times=1, seconds=24 * 3600)
# An address that did not confirm, and one that follows nothing any more, is forgotten after this time.
FORGOTTEN_AFTER = timedelta(days=30)


def offered(comment: Comment, rules: Rules) -> list[str]:
    """What its author can be told of a comment from now on; each is a field of `Follow`."""
    waits = comment.may_be_edited()
    if not waits and not comment.is_visible():
        return []
    takes_answers = rules.levels > 1 and rules.is_open(comment.event)
    return [name for name, is_to_come in {"publication": waits, "replies": takes_answers}.items() if is_to_come]


def follow(comment: Comment, wishes: dict[str, bool], language: str) -> None:
    """Notes what the author of a comment wishes to be told, and asks the address to confirm where it did not.

    The wish, the address and the mail are written together or not at all. The caller learns nothing of the address, so
    that no answer can tell it. Nor can the time that the answer takes, more than once a day: that is how often the one
    mail is written, which is all that the cases differ in.
    """
    with transaction.atomic():
        if (
            not Comment.objects.filter(pk=comment.pk, erased_at=None)
            .select_for_update(no_key=True)
            .values("pk")
            .first()
        ):
            return  # erased or deleted a moment ago
        if not any(wishes.values()):
            known = Correspondent.objects.at(comment.email)
            Follow.objects.filter(comment=comment, correspondent__in=known).update(**wishes)
            return
        correspondent = Correspondent.objects.find_or_begin(comment.email, language)
        correspondent.ask_again(language)
        follow, _is_new = Follow.objects.update_or_create(correspondent=correspondent, comment=comment, defaults=wishes)
        if correspondent.claim_confirmation_mail() and not CONFIRMATIONS_A_DAY.hit(mailbox(correspondent.email)):
            mails.confirm_address(follow)


def forget_unused_addresses(now=None) -> None:
    """Deletes, with what they follow, the addresses that never confirmed, and those that follow nothing any more."""
    old = (now or timezone.now()) - FORGOTTEN_AFTER
    follows = Exists(Follow.objects.filter(correspondent=OuterRef("pk")))
    unused = Correspondent.objects.filter(Q(status=Correspondent.Status.PENDING) | ~follows, updated_at__lt=old)
    with transaction.atomic():
        # Under a lock, because somebody may ask for mail at this moment.
        rows = list(unused.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Correspondent.objects.filter(pk__in=rows).delete()
