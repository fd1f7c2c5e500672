from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAY_DECIDE = "comments.change_comment"  # the permission
PERMISSIONS = "django.contrib.auth.backends.ModelBackend"  # whose rules say who has it


class ModeratorChoiceQuerySet(models.QuerySet):
    def of_deciders(self):
        """Of accounts that may decide about comments and can be written to, as things are now."""
        deciders = get_user_model()._default_manager.with_perm(MAY_DECIDE, backend=PERMISSIONS)
        deciders = deciders.filter(is_staff=True).exclude(email="")
        return self.filter(user__in=deciders.values("pk")).select_related("user").order_by("pk")

    def at_once(self):
        return self.of_deciders().filter(when=ModeratorChoice.When.AT_ONCE)

    def due(self, now: datetime, newest: datetime):
        """Whose digest is to be written at `now`, where the newest comment waits since `newest`."""
        paused = Q(told_at=None)
        for when, pause in ModeratorChoice.PAUSES.items():
            paused |= Q(when=when, told_at__lte=now - pause)
        unheard = Q(told_at=None) | Q(told_at__lt=newest)
        return self.of_deciders().filter(paused, unheard, when__in=ModeratorChoice.PAUSES)


class ModeratorChoice(models.Model):
    """How the holder of an account wants to be told of comments that wait. No row: not at all."""

    class When(models.TextChoices):
        NEVER = "never", _("never")
        AT_ONCE = "at_once", _("at once, each comment with buttons to decide")
        HOURLY = "hourly", _("once an hour, if anything waits")
        DAILY = "daily", _("once a day, if anything waits")

    PAUSES = {When.HOURLY: timedelta(hours=1), When.DAILY: timedelta(days=1)}

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="moderator_choice"
    )
    when = models.CharField(_("tell me"), max_length=10, choices=When, default=When.NEVER)
    told_at = models.DateTimeField(null=True, editable=False)  # everything until then stood in a digest

    objects = ModeratorChoiceQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return gettext("Choice of account %(number)s") % {"number": self.user_id}

    @classmethod
    def of(cls, user) -> "ModeratorChoice.When":
        chosen = cls.objects.filter(user=user.pk).values_list("when", flat=True).first()
        return cls.When(chosen or cls.When.NEVER)

    @classmethod
    def choose(cls, user, when: str) -> None:
        cls.objects.update_or_create(user_id=user.pk, defaults={"when": when})

    def claim(self, now: datetime) -> bool:
        """Whether this digest is ours to write: of several workers, one is told so."""
        row = ModeratorChoice.objects.filter(pk=self.pk, when=self.when)
        row = row.filter(told_at=self.told_at) if self.told_at else row.filter(told_at=None)
        return bool(row.update(told_at=now))
