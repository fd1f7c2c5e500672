"""After a restore (omep_site/restore.py): nobody is signed in. One of settings.AFTER_RESTORE."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _


def end_sessions(taken_at: datetime) -> list[str]:
    """Who has signed out since the backup, has another password by now or was shut out would be in again."""
    Session.objects.all().delete()
    return [
        _(
            "Everybody signs in anew, with the password of the time of the backup. Look through “Accounts”: whoever was shut "
            "out since, or had a new password, has their old one again."
        )
    ]
