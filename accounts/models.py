"""What this site knows of an account beside Django's own user: a language, and what a role demands."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(User):
    """Django's user, under the name and with the form that administrators know (accounts/admin.py)."""

    class Meta:
        proxy = True
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["username"]


class Preferences(models.Model):
    """What the holder of an account chose. No row: nothing was chosen yet."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="preferences"
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES, blank=True)

    class Meta:
        default_permissions = ()

    @classmethod
    def set_language(cls, user, language: str) -> None:
        cls.objects.update_or_create(user_id=user.pk, defaults={"language": language})


class RoleRule(models.Model):
    """What administrators ask of everybody who has a role. No row: nothing."""

    group = models.OneToOneField("auth.Group", on_delete=models.CASCADE, primary_key=True, related_name="rule")
    demands_second_factor = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
