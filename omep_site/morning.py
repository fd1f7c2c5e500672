"""The morning mail: what happened since yesterday's, and what is wrong now, told to the administrators once a day in each
one's language. On a day after a quiet night there is none."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from accounts.roles import ADMINISTRATOR
from omep_site import condition, gathering
from omep_site.happened import in_words
from omep_site.lib.links import absolute
from omep_site.lib.mail import send
from omep_site.models import Finding, Incident

HOUR = 7  # in TIME_ZONE


def tell_if_due(now: datetime | None = None) -> int:
    """Once in each morning, of however many workers one. Returns how many mails it wrote."""
    now = now or timezone.now()
    local = now.astimezone(ZoneInfo(settings.TIME_ZONE))
    if local.hour < HOUR or _told == [local.date()]:
        return 0
    written = _tell(now, datetime.combine(local.date(), time(HOUR), local.tzinfo))
    _told[:] = [local.date()]
    return written


_told = []  # the day for which this process knows that nothing is left to do


def _tell(now: datetime, due: datetime) -> int:
    # A site that was made today has had no night yet.
    row, _made = Finding.objects.get_or_create(key=Finding.MORNING, defaults={"at": now})
    if row.at >= due:
        return 0
    happened = list(Incident.objects.filter(ended__gte=row.at).order_by("began", "pk"))
    facts = gathering.facts_of(row.at)
    with transaction.atomic():
        if not Finding.objects.filter(pk=row.pk, at=row.at).update(at=now):
            return 0  # another worker was quicker
        if not happened and not condition.wrong(facts):
            return 0
        people = list(administrators())
        for user in people:
            tell(user, facts, happened)
    return len(people)


def administrators():
    """Whoever looks after the house and has an address."""
    who = Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR.key)
    found = User.objects.filter(who, is_active=True, is_staff=True).exclude(email="").distinct()
    return found.select_related("preferences").order_by("pk")


def tell(user: User, facts: condition.Facts, happened: list[Incident]) -> None:
    preferences = getattr(user, "preferences", None)
    language = (preferences and preferences.language) or settings.LANGUAGE_CODE
    with translation.override(language):
        lines, past = condition.wrong(facts), [in_words(each) for each in happened]
    send(
        "morning",
        user.email,
        language,
        lines=lines,
        past=past,
        count=len(lines),
        condition=absolute(reverse("admin_condition")),
    )


def begin_anew(_taken_at: datetime) -> list[str]:
    """One of settings.AFTER_RESTORE: what the backup knows as not told yet was told on the morning after it."""
    Finding.keep(Finding.MORNING)
    return []
