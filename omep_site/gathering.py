"""The facts of which omep_site/condition.py speaks, each looked up by a function of its own: one that fails is named, and
hides no other."""

import logging
import os
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.models import Min, Q
from django.utils import timezone
from post_office.models import STATUS, Email
from redis import RedisError

from newsletter.models import MailServer
from omep_site import backup as backups
from omep_site.condition import LOOKED_UP, Backup, Disk, Facts
from omep_site.lib import gone as noted
from omep_site.lib.database import pending_migrations
from omep_site.models import Finding, Incident, Kind
from omep_site.queued_mail import HELD, REFUSED, WAITING, QueuedMail

logger = logging.getLogger(__name__)

REMEMBERED = 20  # seconds, for the admin's first page


def facts() -> Facts:
    found = Facts(now=timezone.now())
    for name, look in LOOKS.items():
        try:
            look(found)
        except Exception:
            logger.warning("it could not be looked at: %s", name, exc_info=True)
            found.unknown.append(name)
    return found


_known: tuple[float, Facts] | None = None


def recent_facts() -> Facts:
    """As of a moment ago: the first page of the admin is opened often."""
    global _known
    if _known is None or time.monotonic() - _known[0] > REMEMBERED:
        _known = (time.monotonic(), facts())
    return _known[1]


def forget() -> None:
    global _known
    _known = None


def facts_of(since: datetime) -> Facts:
    """As in a morning's mail: of e-mails that have failed, only those that failed since then."""
    found = facts()
    return replace(found, failed_mails=failed_mails(last_updated__gte=since)) if found.failed_mails else found


# --- One function for each fact --------------------------------------------------------------------------------------


def finding(key: str) -> Finding | None:
    return Finding.objects.filter(key=key).first()


def migrations(found: Facts) -> None:
    found.pending_migrations = pending_migrations()


def worker(found: Facts) -> None:
    row = finding(Finding.WORKER)
    found.worker_at = row and row.at


def mails(found: Facts) -> None:
    found.oldest_mail = oldest_mail(found.now)
    found.failed_mails = failed_mails()


def oldest_mail(now: datetime) -> datetime | None:
    """When the oldest of what waits was written, also where it waits for its next try; not what was written for later.

    What the server did not take for its address is only then about the site when nothing else went out since: anybody
    can type an address into a form.
    """
    waiting = QueuedMail.objects.with_last_failure().filter(status__in=WAITING)
    due = waiting.exclude(Q(number_of_retries=None) | Q(number_of_retries=0), scheduled_time__gt=now)
    refused = Q(failure__in=REFUSED)
    found = due.aggregate(
        refused=Min("created", filter=refused), others=Min("created", filter=Q(failure=None) | ~refused)
    )
    if found["refused"] and Email.objects.filter(status=STATUS.sent, last_updated__gte=found["refused"]).exists():
        del found["refused"]
    return min(filter(None, found.values()), default=None)


def failed_mails(**chosen) -> int:
    """Without those that a restore has put aside: they wait for a word, and failed in nothing. And without those of
    which the server did not take the address."""
    failed = QueuedMail.objects.with_last_failure().filter(status=STATUS.failed, **chosen)
    return failed.filter(Q(failure=None) | ~Q(failure__in=[HELD, *REFUSED])).count()


def mail_server(found: Facts) -> None:
    found.mail_away_since = MailServer.objects.filter(pk=1).values_list("down_since", flat=True).first()


def disks(found: Facts) -> None:
    by_device: dict[int, tuple[Path, list[str]]] = {}
    for name, place in places().items():
        folder = nearest(place)
        by_device.setdefault(folder.stat().st_dev, (folder, []))[1].append(name)
    for folder, names in by_device.values():
        total, _used, free = shutil.disk_usage(folder)
        found.disks.append(Disk(tuple(names), free, total))


def nearest(place: Path) -> Path:
    """It, or what stands above it where it was not made yet."""
    return next(each for each in (place, *place.parents) if each.exists())


def places() -> dict[str, Path]:
    """Where this machine keeps what; a database on another machine is not looked at."""
    database = settings.DATABASES["default"]["NAME"]
    found = {
        "media": Path(settings.MEDIA_ROOT),
        "backups": Path(settings.BACKUPS),
    }
    if connection.vendor == "sqlite" and os.path.isabs(database):
        found = {"database": Path(database)} | found
    return found


def backup(found: Facts) -> None:
    if not settings.SERVED:
        return
    last = backups.last()
    found.backup = Backup(last.at, last.ok, last.sentence, last.missing) if last else Backup(None)


def gone(found: Facts) -> None:
    found.gone_unnoted = noted.kept().count()


def mailbox(found: Facts) -> None:
    row = finding(Finding.MAILBOX) if settings.BOUNCE_MAILBOX else None
    found.mailbox_trouble = row.found["trouble"] if row else ""


def certificate(found: Facts) -> None:
    row = finding(Finding.CERTIFICATE) if settings.HTTPS else None
    if row and found.now - row.at < LOOKED_UP:
        ends = row.found["ends"]
        found.certificate_ends = ends and datetime.fromtimestamp(ends, UTC)
        found.certificate_trouble = row.found["trouble"]


def cache(found: Facts) -> None:
    shared = caches["default"]
    if settings.CACHES["default"]["BACKEND"].endswith(".RedisCache"):
        try:
            shared.get("is-anybody-there")
            found.cache_answers = True
        except RedisError:
            found.cache_answers = False


def clocks(found: Facts) -> None:
    """SQLite has this machine's clock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            found.drift = (timezone.now() - cursor.fetchone()[0]).total_seconds()


def sign_ins(found: Facts) -> None:
    now = Incident.objects.filter(kind=Kind.SIGN_INS_REFUSED, ended__gt=found.now - Incident.TOGETHER)
    found.sign_ins_refused = now.exists()


LOOKS = {
    look.__name__: look
    for look in (
        migrations, worker, mails, mail_server, disks, backup, gone, mailbox, certificate, cache, clocks, sign_ins,
    )
}  # fmt: skip
