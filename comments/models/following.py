"""Authors of comments who want a mail when theirs is published or answered.

`Correspondent` is an address, and whether somebody who reads its mail said yes. The lifecycle is one status: `pending`
was typed by anybody; `confirmed` pressed the button of our mail; `stopped` wants nothing any more, until asking again.
`Follow` says of which comment.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from omep_site.lib import gone, links

CONFIRM_WITHIN = timedelta(days=7)  # the mail and its page say “seven days”
# Whatever is typed, by however many: an address that did not confirm gets one mail a day.
MAIL_PAUSE = timedelta(hours=24)
CONFIRM_PURPOSE = "comments.confirm_address"


def new_token() -> str:
    return secrets.token_urlsafe(24)


class CorrespondentQuerySet(models.QuerySet):
    def at(self, address: str):
        """One address is one person, whatever its capitals."""
        return self.alias(lowered=Lower("email")).filter(lowered=Lower(Value(address)))

    def find_or_begin(self, address: str, language: str) -> "Correspondent":
        """Within a transaction, until whose end the row stays: it may be about to be tidied away."""
        found = self.at(address).select_for_update(no_key=True).first()
        if found:
            return found
        try:
            with transaction.atomic():
                return self.create(email=address, language=language)
        except IntegrityError:  # the same address came twice at once, and the other was quicker
            return self.at(address).get()

    def by_confirm_token(self, token: str) -> "Correspondent | None":
        """None for a row that is gone. Raises links.LinkExpired and links.LinkBroken."""
        return self.filter(pk=links.unsign(CONFIRM_PURPOSE, token, CONFIRM_WITHIN)).first()


class Correspondent(models.Model):
    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for confirmation")
        CONFIRMED = "confirmed", _("confirmed")
        STOPPED = "stopped", _("stopped")

    email = models.EmailField(_("e-mail address"), max_length=254)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    # Random and kept, not signed: the link in an old mail works for ever, also when SECRET_KEY changes.
    stop_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    asked_at = models.DateTimeField(_("last confirmation mail"), null=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = CorrespondentQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that follows comments")
        verbose_name_plural = _("addresses that follow comments")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(Lower("email"), name="comments_one_correspondent_per_address")]

    def __str__(self):
        # No address: the admin's log keeps this text after the row is erased.
        return gettext("Address %(number)s") % {"number": self.pk}

    # Addresses, in the correspondent's language

    @property
    def confirm_url(self) -> str:
        token = links.sign(CONFIRM_PURPOSE, self.pk)
        return links.absolute(links.path_in(self.language, "comments:confirm_address", token=token))

    @property
    def stop_url(self) -> str:
        return links.absolute(links.path_in(self.language, "comments:stop_all", token=self.stop_token))

    # Lifecycle

    def confirm(self) -> bool:
        """From pending to confirmed."""
        return self._move([self.Status.PENDING], self.Status.CONFIRMED)

    def stop(self) -> bool:
        """From pending or confirmed to stopped: no mail about any comment, until asked for anew."""
        moved = self._move([self.Status.PENDING, self.Status.CONFIRMED], self.Status.STOPPED)
        if moved:
            gone.note(gone.What.STOPPED, self.email)
        return moved

    def ask_again(self, language: str) -> bool:
        """From stopped back to pending, and in the language of whoever asks now: until somebody who reads the mail has
        said yes, that is all that is known of it."""
        return self._move([self.Status.PENDING, self.Status.STOPPED], self.Status.PENDING, language=language)

    def claim_confirmation_mail(self) -> bool:
        """Whether the mail that asks is to be written now: while pending, and once in MAIL_PAUSE."""
        now = timezone.now()
        due = Q(asked_at=None) | Q(asked_at__lte=now - MAIL_PAUSE)
        return self._move([self.Status.PENDING], self.Status.PENDING, due, asked_at=now)

    def _move(self, old, new, *conditions, **also) -> bool:
        also |= {"status": new, "updated_at": timezone.now()}
        moved = Correspondent.objects.filter(*conditions, pk=self.pk, status__in=old).update(**also)
        if moved:
            for field, value in also.items():
                setattr(self, field, value)
        return bool(moved)


class FollowQuerySet(models.QuerySet):
    def heard(self):
        """Those whose address said yes."""
        return self.filter(correspondent__status=Correspondent.Status.CONFIRMED)


class Follow(models.Model):
    """What one address wants to know of one comment of its own."""

    correspondent = models.ForeignKey(Correspondent, on_delete=models.CASCADE, related_name="follows")
    comment = models.ForeignKey("comments.Comment", on_delete=models.CASCADE, related_name="follows")
    publication = models.BooleanField(_("when it is published"), default=False)
    replies = models.BooleanField(_("when somebody answers"), default=False)
    # Random and kept: ends the mails about this comment alone.
    stop_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = FollowQuerySet.as_manager()

    class Meta:
        verbose_name = _("followed comment")
        verbose_name_plural = _("followed comments")
        constraints = [
            models.UniqueConstraint(fields=["correspondent", "comment"], name="comments_one_follow_per_comment")
        ]

    def __str__(self):
        return gettext("Followed comment %(number)s") % {"number": self.comment_id}

    @property
    def stop_url(self) -> str:
        path = links.path_in(self.correspondent.language, "comments:stop_one", token=self.stop_token)
        return links.absolute(path)

    def wants_mail(self) -> bool:
        return self.publication or self.replies

    def stop(self) -> bool:
        """No more mail about this comment. Doing it twice is fine."""
        row = Follow.objects.filter(Q(publication=True) | Q(replies=True), pk=self.pk)
        self.publication = self.replies = False
        stopped = bool(row.update(publication=False, replies=False))
        if stopped:
            gone.note(gone.What.STOPPED, self.correspondent.email, str(self.comment_id))
        return stopped
