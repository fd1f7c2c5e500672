"""The mails about accounts, one function for each."""

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from omep_site.lib.links import absolute
from omep_site.lib.mail import send


def new_password(user, language: str) -> None:
    """Leads whoever reads the account's mail to a form for a new password; good for PASSWORD_RESET_TIMEOUT, once.

    In the account's language; where it has chosen none, in `language`, that of the page on which it was asked for.
    """
    preferences = getattr(user, "preferences", None)
    uid, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    send(
        "new_password",
        user.email,
        (preferences and preferences.language) or language,
        link=absolute(reverse("admin_password_reset_confirm", args=[uid, token])),
        username=user.get_username(),
        hours=settings.PASSWORD_RESET_TIMEOUT // 3600,
    )


def new_password_for_nobody(language: str) -> None:
    """As much work as for an account, of which nothing stays: the time it takes does not tell who has an account."""
    with transaction.atomic():
        new_password(User(pk=0, username="nobody", email="nobody@example.org"), language)
        transaction.set_rollback(True)
