"""What the site knows about a comment that comes in, beside its words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, F, Func, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat
from django.utils import timezone

from comments.checks import Facts
from comments.lookalikes import skeleton
from comments.models import Comment, Correspondent, ModeratorChoice, Rules
from comments.models.comment import digest_of
from events.models import Event
from omep_site.lib.context import site
from omep_site.lib.database import Prepared, Slot, moment, slot

LONG = 60  # characters: longer words are not the same by chance, however long ago they came
EVER = datetime(1970, 1, 1, tzinfo=UTC)
BETWEEN = "\x1f"  # the names of the team; no field of a form takes it


@dataclass(frozen=True)
class Sent:
    """Where and by whom a comment was sent."""

    event_id: int
    parent_id: int | None
    email: str  # as it was typed: one address is one person, whatever its capitals
    body: str
    digest: str  # of the body: comments.models.comment.digest_of
    trace: str  # of the network, on this day


@dataclass(frozen=True)
class Place:
    """What of an event the rules ask for."""

    ends_at: datetime
    is_postponed: bool


@dataclass(frozen=True)
class Known:
    """All that is asked about a comment, in one query."""

    place: Place
    same: int | None  # the comment that this one is sent again
    somebody_is_told: bool  # of each comment that waits: an account chose so
    facts: Facts


def known_about(sent: Sent, rules: Rules) -> Known | None:
    """None where the event is not public, or not any more.

    The same words to the same place from the same address and network are the same comment. Not from another network:
    the answer opens its author's own page, and words and address can be known to others.
    """
    now = timezone.now()
    found = ABOUT_SENT.rows(
        event=sent.event_id,
        now=moment(now),
        parent=sent.parent_id or 0,
        body=sent.body,
        network=sent.trace,
        same_since=moment(now - timedelta(minutes=rules.repeat_minutes)),
        **about_words(sent.email, sent.body, sent.digest, rules, now),
        besides=0,
    )
    for row in found:
        place = Place(row.pop("ends_at"), row.pop("event_status") == Event.EventStatus.POSTPONED)
        return Known(place, row.pop("same"), row.pop("told"), as_facts(**row))
    return None


def facts_about(comment: Comment, body: str, rules: Rules) -> Facts:
    """About new words of a comment that is there already."""
    words = about_words(comment.email, body, digest_of(body), rules, timezone.now())
    for row in ABOUT_COMMENT.rows(**words, besides=comment.pk):
        return as_facts(**row)
    return Facts()  # it was deleted this moment


def about_words(email: str, body: str, digest: str, rules: Rules, now: datetime) -> dict:
    since = EVER if len(body) > LONG else now - timedelta(minutes=rules.repeat_minutes)
    return {"email": email, "digest": digest, "repeated_since": moment(since)}


def as_facts(team: str | None, **known: bool) -> Facts:
    return Facts(
        **known,
        team=skeletons_of(team or ""),
        site_name=skeleton_of(str(site()["site_name"])),
        host=urlsplit(settings.SITE_URL).netloc,
    )


skeleton_of = lru_cache(maxsize=8)(skeleton)  # of what is always the same


@lru_cache(maxsize=2)
def skeletons_of(names: str) -> frozenset[str]:
    """Of the names of the team as NAMES_OF_THE_TEAM gives them."""
    return frozenset(map(skeleton, names.split(BETWEEN))) - {""}


# --- The questions ----------------------------------------------------------------------------------------------------


class Joined(Func):
    """All rows' texts in one, with what stands between them."""

    function = "STRING_AGG"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def names_of_the_team():
    """The names under which staff sign in and sign."""
    names = Concat("username", Value(BETWEEN), "first_name", Value(" "), "last_name", output_field=TextField())
    staff = get_user_model().objects.filter(is_staff=True, is_active=True).order_by()
    return staff.annotate(names=Joined(names, Value(BETWEEN))).values("names")


def facts_of() -> dict:
    """What `as_facts` takes."""
    others = Comment.objects.exclude(pk=slot("besides"))
    confirmed = Correspondent.objects.at(Slot("email")).filter(status=Correspondent.Status.CONFIRMED)
    said = others.filter(words_digest=slot("digest"), created_at__gt=slot("repeated_since"))
    return {
        "approved_before": Exists(others.visible().from_address(Slot("email"))),
        "is_confirmed": Exists(confirmed),
        "said_before": Exists(said),
        "team": Subquery(names_of_the_team()),
    }


def about_sent():
    # Found by its address: as a sum the event is no way to it, or SQLite would look through all of the event's last minutes.
    same = Comment.objects.from_address(Slot("email")).alias(on=F("event_id") + 0, answered=Coalesce("parent_id", 0))
    same = same.filter(on=slot("event"), answered=slot("parent"), body=slot("body"), network=slot("network"))
    same = same.filter(created_at__gt=slot("same_since"), withdrawn_at=None).order_by("pk").values("pk")[:1]
    told = ModeratorChoice.objects.filter(when=ModeratorChoice.When.AT_ONCE)
    public = Event.objects.published(slot("now")).filter(pk=slot("event")).order_by()
    return public.values("ends_at", "event_status", same=Subquery(same), told=Exists(told), **facts_of())


def about_comment():
    return Comment.objects.filter(pk=slot("besides")).order_by().values(**facts_of())


ABOUT_SENT, ABOUT_COMMENT = Prepared(about_sent), Prepared(about_comment)
