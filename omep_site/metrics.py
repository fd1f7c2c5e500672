"""/metrics, for Prometheus: how much of everything there was (`omep_tallies`), and how things stand. No value has a person
in it, and no label a value that a visitor could choose."""

import shutil
from collections import defaultdict
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Min
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from post_office.models import Email
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from comments import announcing
from comments.models import Comment
from newsletter.models import Delivery, Issue, Subscriber
from omep_site import away, backup, gathering, watching
from omep_site.lib.tallies import WITHIN
from omep_site.models import Finding, Tally
from omep_site.queued_mail import WAITING


@never_cache
@require_safe
def show(request):
    """404 where nobody is to ask, 401 without the token (RFC 6750, 3), 503 without the database."""
    if not settings.METRICS_TOKEN:
        raise Http404
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not compare_digest(given.strip().encode(), settings.METRICS_TOKEN.encode()):
        return said("a token is asked for\n", 401, **{"WWW-Authenticate": "Bearer"})
    watching.store()
    try:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(Collected(list(tallies()) + list(gauges())))
    except Error as error:
        away.tell(error)
        return said("the database does not answer\n", 503)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def said(words: str, status: int, **headers) -> HttpResponse:
    return HttpResponse(words, content_type="text/plain", status=status, headers=headers)


class Collected:
    def __init__(self, metrics: list[Metric]):
        self.metrics = metrics

    def collect(self):
        return self.metrics


# --- What adds up ---------------------------------------------------------------------------------------------------

# By the first part of a tally's name: the metric, what it says, and the names of the other parts.
COUNTERS = {
    "requests": ("omep_requests", "Requests that Django worked on", ["method", "route", "status"]),
    "kept": ("omep_kept_page_hits", "Requests that were answered with a kept page", []),
    "mails": ("omep_mails", "E-mails that were sent, failed for good, or are tried again", ["outcome"]),
    "letters": ("omep_letters", "Letters of the newsletter that the mail server took, or refused", ["outcome"]),
    "sign-ins": ("omep_sign_ins", "Attempts to sign in", ["outcome"]),
    "faults": ("omep_faults", "Faults of ours", ["where"]),
}
ALWAYS = {
    "mails": [("sent",), ("failed",)],
    "letters": [("sent",), ("failed",)],
    "faults": [("web",), ("worker",)],
    "kept": [()],
    "sign-ins": [("refused",)],
}


def tallies():
    """Those that were not counted yet are 0: a rate needs a beginning."""
    found: dict[str, dict[tuple, float]] = defaultdict(dict)
    for name, labels in ALWAYS.items():
        found[name].update(dict.fromkeys(labels, 0.0))
    for name, value in Tally.objects.order_by("name").values_list("name", "value"):
        first, *rest = name.split("|")
        found[first][tuple(rest)] = value
    for name, (metric, words, labels) in COUNTERS.items():
        family = CounterMetricFamily(metric, words, labels=labels)
        for values, value in sorted(found[name].items()):
            family.add_metric(list(values), value)
        yield family
    yield renders(found["renders"])


def renders(found: dict[tuple, float]) -> Metric:
    family = HistogramMetricFamily("omep_render_seconds", "Public pages that were made, and how long each took")
    buckets, so_far = [], 0.0
    for bound in (*map(str, WITHIN), "+Inf"):
        so_far += found.get(("within", bound), 0)
        buckets.append((bound, so_far))
    family.add_metric([], buckets, found.get(("seconds",), 0))
    return family


# --- How things stand -----------------------------------------------------------------------------------------------


def gauges():
    now = timezone.now()
    yield by(
        "omep_mails_waiting", "E-mails that wait to go out", [((), Email.objects.filter(status__in=WAITING).count())]
    )
    pending = Comment.objects.filter(status=Comment.Status.PENDING).count()
    yield by("omep_comments_waiting", "Comments that wait for a moderator", [((), pending)])
    yield by("omep_oldest_due_seconds", "For how long the oldest of what is due has waited", oldest(now), ["what"])
    row = gathering.finding(Finding.WORKER)
    if row:
        yield by(
            "omep_worker_last_seen_timestamp_seconds", "When the worker was last heard of", [((), row.at.timestamp())]
        )
    yield by("omep_subscribers", "Subscribers of the newsletter", subscribers(), ["status"])
    yield by("omep_database_bytes", "Size of the database", [((), database_bytes())])
    yield by("omep_disk_free_bytes", "Free on the disk of", disks(), ["what"])
    last = backup.last()
    if last:
        yield by("omep_backup_ok", "Whether the last backup succeeded", [((), int(last.ok))])
        yield by("omep_backup_age_seconds", "Age of the last backup", [((), (now - last.at).total_seconds())])


def by(name: str, words: str, values, labels=()) -> Metric:
    family = GaugeMetricFamily(name, words, labels=list(labels))
    for label, value in values:
        family.add_metric(list(label), value)
    return family


def oldest(now: datetime):
    """0 where nothing is due."""
    sending = Issue.objects.filter(status=Issue.Status.SENDING)
    deferred = Delivery.objects.filter(status=Delivery.Status.DEFERRED, issue__in=sending, next_try__lte=now)
    waits = Delivery.objects.filter(status=Delivery.Status.PENDING, issue__in=sending).values("issue")
    moments = {
        "mail": gathering.oldest_mail(now),
        "letter": least(
            deferred.aggregate(at=Min("next_try"))["at"],
            sending.filter(pk__in=waits).aggregate(at=Min("queued_at"))["at"],
        ),
        "announcement": announcing.due(now).aggregate(at=Min("published_at"))["at"],
    }
    for what, at in moments.items():
        yield (what,), max((now - at).total_seconds(), 0) if at else 0


def least(*moments: datetime | None) -> datetime | None:
    return min((each for each in moments if each), default=None)


def subscribers():
    counts = dict.fromkeys(Subscriber.Status.values, 0)
    counts |= dict(Subscriber.objects.order_by().values_list("status").annotate(Count("pk")))
    return [((status,), count) for status, count in sorted(counts.items())]


def database_bytes() -> int:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return cursor.fetchone()[0]


def disks():
    for name, place in sorted(gathering.places().items()):
        yield (name,), shutil.disk_usage(gathering.nearest(place)).free
