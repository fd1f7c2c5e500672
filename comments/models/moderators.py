from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ModeratorChoice(models.Model):
    """How the holder of an account wants to be told of comments that wait. No row: not at all."""

    class When(models.TextChoices):
        NEVER = "never", _("never")
        AT_ONCE = "at_once", _("at once, each comment with buttons to decide")
        HOURLY = "hourly", _("once an hour, if anything waits")
        DAILY = "daily", _("once a day, if anything waits")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="moderator_choice"
    )
    when = models.CharField(_("tell me"), max_length=10, choices=When, default=When.NEVER)
    told_at = models.DateTimeField(null=True, editable=False)  # the last digest

    class Meta:
        default_permissions = ()

    def __str__(self):
        return gettext("Choice of account %(number)s") % {"number": self.user_id}
