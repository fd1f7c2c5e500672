"""What the site knows about a comment that comes in, beside its words."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from comments.checks import Facts
from comments.lookalikes import skeleton
from comments.models import Comment, Correspondent, Rules
from comments.models.comment import digest_of
from omep_site.lib.context import site

LONG = 60  # characters: longer words are not the same by chance, however long ago they came


def facts_about(email: str, body: str, rules: Rules, besides: Comment | None = None) -> Facts:
    """Always the same four queries. `email` is as it was typed: one address is one person, whatever its capitals.

    `besides` is the comment itself, where it is there already.
    """
    others = Comment.objects.exclude(pk=besides.pk) if besides else Comment.objects.all()
    return Facts(
        approved_before=others.visible().from_address(email).exists(),
        is_confirmed=Correspondent.objects.at(email).filter(status=Correspondent.Status.CONFIRMED).exists(),
        said_before=others.filter(when_repeated(body, rules), words_digest=digest_of(body)).exists(),
        team=frozenset(names_of_the_team()),
        site_name=skeleton(str(site()["site_name"])),
        host=urlsplit(settings.SITE_URL).netloc,
    )


def when_repeated(body: str, rules: Rules) -> Q:
    if len(body) > LONG:
        return Q()
    return Q(created_at__gt=timezone.now() - timedelta(minutes=rules.repeat_minutes))


def names_of_the_team() -> set[str]:
    """The skeletons of the names under which staff sign in and sign."""
    staff = get_user_model().objects.filter(is_staff=True, is_active=True)
    rows = staff.values_list("username", "first_name", "last_name")
    names = {skeleton(name) for user, first, last in rows for name in (user, f"{first} {last}")}
    return names - {""}
