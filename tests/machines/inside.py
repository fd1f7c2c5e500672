"""What stands on the site of the machines: run inside it, by `manage.py shell`, where its own settings are in force."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from comments.models import ModeratorChoice
from newsletter.models import Subscriber
from omep_site.lib import public
from tests.factories import make_event

PASSWORD = "trois oies dans la cour"


def furnish(readers: int) -> None:
    """Two events, a moderator who is told of each comment, an administrator, and readers of both languages."""
    make_event(slug_fr="le-lancement", slug_en="the-launch", title_fr="Le lancement", title_en="The launch")
    User.objects.create_superuser("claire", "claire@example.org", PASSWORD)
    moderator = User.objects.create_superuser("anna", "anna@example.org", PASSWORD)
    ModeratorChoice.objects.create(user=moderator, when=ModeratorChoice.When.AT_ONCE)
    Subscriber.objects.bulk_create(
        Subscriber(email=f"{language}{number}@example.org", language=language, status="confirmed")
        for number in range(readers // 2)
        for language in ("fr", "en")
    )


def schedule(seconds: int) -> None:
    """An event that becomes public by itself; prints when, in seconds since 1970."""
    at = timezone.now() + timedelta(seconds=seconds)
    with transaction.atomic():
        make_event(slug_fr="la-suite", slug_en="the-sequel", title_fr="La suite", title_en="The sequel", publish_at=at)
        public.bump()
    print(at.timestamp())
