"""The links with which moderators decide from their mail, without signing in.

A link is good for one verb about one version of one comment, for one account, for seven days. It ends with the
account's permission, with a change of its password and with a new version of the comment.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from django.contrib.auth import get_user_model

from comments.models import MAY_DECIDE, By, Comment, Seen, Via
from omep_site.lib import links

PURPOSE = "comments.decide"
GOOD_FOR = timedelta(days=7)  # the mail says “seven days”
VERBS = {  # the first is what the mail is about
    "approve": Comment.Status.APPROVED,
    "mark_spam": Comment.Status.SPAM,
    "trash": Comment.Status.TRASH,
}


class End(Enum):
    """Why a link that was good does nothing any more."""

    EXPIRED = auto()
    NOT_ALLOWED = auto()  # the account is closed, or may not decide any more
    PASSWORD = auto()  # it has another one now
    GONE = auto()  # no words are left to decide about
    TAKEN_BACK = auto()
    NEWER = auto()  # the author has changed the words since


class Ended(Exception):
    def __init__(self, end: End, comment: Comment | None = None):
        self.end, self.comment = end, comment


@dataclass(frozen=True)
class Order:
    """What a link says, checked: this account may do this to this comment, now."""

    comment: Comment
    user: object
    verb: str

    @property
    def is_done(self) -> bool:
        return self.comment.status == VERBS[self.verb]

    def act(self, status: str = "") -> bool:
        """Moves the comment where it still stands as `status` says, which is what the person had before their eyes.

        Without it (a program pressed the button) that is the state in which the mail went out, or the one into which
        this account has moved the comment by another of its links.
        """
        seen = Seen(status or self._status_expected(), self.comment.revision)
        return getattr(self.comment, self.verb)(By.account(self.user, Via.MAIL), seen=seen)

    def _status_expected(self) -> str:
        last = self.comment.last_move()
        own = last and (last.via, last.actor_id, last.new) == (Via.MAIL, self.user.pk, self.comment.status)
        return self.comment.status if own else Comment.Status.PENDING


def token_for(comment: Comment, verb: str, user) -> str:
    return links.sign(PURPOSE, [comment.pk, comment.revision, verb, user.pk, _digest(user)])


def read(token: str) -> Order:
    """What the link says. Raises Ended, and links.LinkBroken for what was never a link of ours."""
    try:
        pk, revision, verb, user_pk, digest = links.unsign(PURPOSE, token, GOOD_FOR)
    except links.LinkExpired as error:
        raise Ended(End.EXPIRED) from error
    user = get_user_model().objects.filter(pk=user_pk).first()
    # The account first: whoever may not decide learns nothing about the comment.
    if user is None or not may_decide(user):
        raise Ended(End.NOT_ALLOWED)
    if not hmac.compare_digest(digest, _digest(user)):
        raise Ended(End.PASSWORD)
    comment = Comment.objects.select_related("event", "parent").filter(pk=pk, erased_at=None).first()
    if comment is None:
        raise Ended(End.GONE)
    if comment.withdrawn_at:
        raise Ended(End.TAKEN_BACK)
    if comment.revision != revision:
        raise Ended(End.NEWER, comment)
    return Order(comment, user, verb)


def may_decide(user) -> bool:
    """As the admin asks it; `ModeratorChoiceQuerySet.of_deciders` for one account."""
    return user.is_active and user.is_staff and user.has_perm(MAY_DECIDE)


def _digest(user) -> str:
    """Changes with the account's password; of the password itself it tells nothing."""
    return hashlib.blake2b(user.get_session_auth_hash().encode(), digest_size=16).hexdigest()
