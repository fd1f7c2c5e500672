"""Small tables that no app owns: the content version, the counters of limits, their daily keys, the demo's memory; what
happened while nobody looked, what was counted, and what one process found out for the others."""

import secrets
from datetime import date, datetime, timedelta

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections, models, transaction
from django.db.models import F
from django.utils import timezone

from omep_site.queued_mail import QueuedMail  # noqa: F401 (Django finds models here)


class ContentVersion(models.Model):
    """One row. Its number goes up, in the same transaction, with everything that changes a public page; and how often that
    was only what readers said is counted beside it, so that the rest need not be asked for anew."""

    number = models.PositiveBigIntegerField(default=1)
    of_readers = models.PositiveBigIntegerField(default=0, db_default=0)

    @classmethod
    def current(cls) -> int:
        return cls.both()[0]

    @classmethod
    def both(cls) -> tuple[int, int]:
        """The number of all changes, and of those to anything but what readers said."""
        number, of_readers = cls.objects.filter(pk=1).values_list("number", "of_readers").first() or (0, 0)
        return number, number - of_readers

    @classmethod
    def raise_by_one(cls, of_readers: bool = False) -> None:
        raised = {"number": F("number") + 1} | ({"of_readers": F("of_readers") + 1} if of_readers else {})
        if not cls.objects.filter(pk=1).update(**raised):
            cls.objects.get_or_create(pk=1, defaults={"of_readers": int(of_readers)})


class DailyKeyQuerySet(models.QuerySet):
    def delete(self):
        """What is deleted is remembered no longer."""
        DailyKey.forget()
        return super().delete()

    delete.alters_data = delete.queryset_only = True


class DailyKey(models.Model):
    """A random key for one day (UTC). Once deleted, the day's counters can be tied to no network any more."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    objects = DailyKeyQuerySet.as_manager()

    # Each process remembers the key for its day, and nothing of it on the next.
    _remembered: tuple[date, bytes] | None = None
    _uncommitted: bytes = b""  # one that a transaction of this process has made, and may yet take back

    @classmethod
    def today(cls) -> bytes:
        day, remembered = timezone.now().date(), cls._remembered
        if remembered and remembered[0] == day:
            return remembered[1]
        found = cls.objects.filter(day=day).values_list("key", flat=True).first()
        if found is None:
            try:
                with transaction.atomic():
                    cls.objects.create(day=day, key=secrets.token_bytes(32))
            except IntegrityError:  # another process was quicker: its key is the day's
                pass
            found = cls.objects.values_list("key", flat=True).get(day=day)
            if connection.in_atomic_block:
                cls._uncommitted = bytes(found)
        if not connection.in_atomic_block or bytes(found) != cls._uncommitted:
            cls._remembered = (day, bytes(found))
        return bytes(found)

    @classmethod
    def forget(cls) -> None:
        cls._remembered, cls._uncommitted = None, b""


class Counter(models.Model):
    """How often something happened in one window of time; the key is a keyed hash that names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=1)
    expires_at = models.DateTimeField(db_index=True)

    @classmethod
    def add(cls, key: str, expires_at: datetime) -> int:
        """Counts one more and returns the count."""
        return cls.add_to_each({key: expires_at})[key]

    @classmethod
    def add_to_each(cls, expiring: dict[str, datetime]) -> dict[str, int]:
        """Counts one more for each key, which is good until its moment, and returns the counts: one statement, so that
        none is lost when many come at once."""
        if not expiring:
            return {}
        rows = ", ".join(["(%s, 1, %s)"] * len(expiring))
        database = connections[DEFAULT_DB_ALIAS]
        adapt = database.ops.adapt_datetimefield_value
        with database.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO omep_site_counter AS counter (key, count, expires_at) VALUES {rows}"  # noqa: S608 (marks alone)
                " ON CONFLICT (key) DO UPDATE SET count = counter.count + 1 RETURNING key, count",
                [value for key, expires_at in expiring.items() for value in (key, adapt(expires_at))],
            )
            return dict(cursor.fetchall())


def forget_old_counters(now=None) -> None:
    """Deletes counters whose window is over, and the keys of two days ago and before."""
    now = now or timezone.now()
    Counter.objects.filter(expires_at__lt=now).delete()
    DailyKey.objects.filter(day__lt=(now - timedelta(days=1)).date()).delete()


class DemoRecord(models.Model):
    """What `load_demo` wrote last, so that it can tell an editor's change from its own words."""

    key = models.CharField(max_length=100, primary_key=True)
    object_id = models.BigIntegerField()
    content = models.JSONField()


# --- What happened ----------------------------------------------------------------------------------------------------


class Kind(models.TextChoices):
    """What may go wrong at night (omep_site.lib.incidents.note), or is done then. What it meant is said in omep_site/happened.py."""

    DATABASE_AWAY = "database away"
    CACHE_AWAY = "cache away"
    DISK_FULL = "disk full"
    MAIL_AWAY = "mail away"
    PROCESS_DIED = "process died"
    JOB_FAILED = "job failed"
    FAULT = "fault"
    SIGN_INS_REFUSED = "sign-ins refused"
    NOT_STORED = "not stored"
    CLOCK_SET_BACK = "clock set back"
    RESTORED = "restored"


class Incident(models.Model):
    """Something that happened, and is over: what was noted of one kind with less than TOGETHER in between."""

    TOGETHER = timedelta(minutes=10)
    KEPT_FOR = timedelta(days=90)

    kind = models.CharField(max_length=20)  # a Kind
    began = models.DateTimeField()
    ended = models.DateTimeField(db_index=True)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        default_permissions = ()

    @classmethod
    def add(cls, kind: str, began: datetime, ended: datetime, times: int) -> None:
        """Stores it, or lengthens the one that it belongs to. In a transaction in which nobody else does the same."""
        near = cls.objects.filter(kind=kind, ended__gt=began - cls.TOGETHER, began__lt=ended + cls.TOGETHER)
        known = near.order_by("-ended").first()
        if known is None:
            cls.objects.create(kind=kind, began=began, ended=ended, times=times)
            return
        known.began, known.ended = min(known.began, began), max(known.ended, ended)
        known.times = F("times") + times
        known.save(update_fields=["began", "ended", "times"])


class Tally(models.Model):
    """How much of something there was since the site began, counted by all processes (omep_site/lib/tallies.py)."""

    name = models.CharField(max_length=200, primary_key=True)
    value = models.FloatField(default=0)

    class Meta:
        default_permissions = ()

    @classmethod
    def add(cls, more: dict[str, float]) -> None:
        """Adds to each: one statement, the same order for everybody, so that nobody waits for each other for ever."""
        if not more:
            return
        rows = ", ".join(["(%s, %s)"] * len(more))
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO omep_site_tally AS tally (name, value) VALUES {rows}"  # noqa: S608 (marks alone)
                " ON CONFLICT (name) DO UPDATE SET value = tally.value + excluded.value",
                [value for name, added in sorted(more.items()) for value in (name, float(added))],
            )


class Finding(models.Model):
    """What one process found out, and the others are to know: when, and what. The newest takes the place of the last."""

    WORKER, MAILBOX, CERTIFICATE = "worker", "mailbox", "certificate"
    MORNING, FAULT_MAILS = "morning", "fault mails"

    key = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    found = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    @classmethod
    def keep(cls, key: str, **found) -> None:
        cls.objects.update_or_create(key=key, defaults={"at": timezone.now(), "found": found})
