"""Links by which people without an account read an event before it is public."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from events.models.event import Event
from omep_site.lib.links import absolute, path_in

GOOD_FOR = timedelta(days=14)


def new_token() -> str:
    return secrets.token_urlsafe(24)


def in_good_time():
    return timezone.now() + GOOD_FOR


class PreviewLinkQuerySet(models.QuerySet):
    def good(self, now=None):
        """Neither expired nor revoked."""
        return self.filter(revoked_at=None, expires_at__gt=now or timezone.now())


class PreviewLink(models.Model):
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="preview_links")
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, verbose_name=_("made by"), related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("good until"), default=in_good_time)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    objects = PreviewLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return gettext("Preview link of “%(event)s”") % {"event": self.event}

    def is_good(self, now=None) -> bool:
        """`PreviewLinkQuerySet.good()` for one row."""
        return self.revoked_at is None and self.expires_at > (now or timezone.now())

    def url_in(self, language: str) -> str:
        return absolute(path_in(language, "events:preview", token=self.token))

    def revoke(self) -> bool:
        """Nobody can open the link any more. False where it was withdrawn already."""
        now = timezone.now()
        return bool(PreviewLink.objects.filter(Q(revoked_at=None), pk=self.pk).update(revoked_at=now))
