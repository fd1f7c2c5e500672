"""What letters that came back mean for one subscriber, in words for editors."""

from dataclasses import dataclass, field

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from newsletter import points
from newsletter.codes import in_words
from newsletter.models import Bounce, Subscriber
from omep_site.lib.history.telling import date_and_hour


@dataclass(frozen=True)
class Row:
    when: str
    what: str
    meaning: str
    letter: str


@dataclass(frozen=True)
class Returned:
    standing: str
    rows: list[Row] = field(default_factory=list)


def of(subscriber: Subscriber, bounces: list[Bounce]) -> Returned:
    """All of it; `bounces` are the subscriber's."""
    return Returned(standing(subscriber, bounces), [row(each) for each in bounces])


def standing(subscriber: Subscriber, bounces: list[Bounce]) -> str:
    if not bounces:
        return _("No letter to this address has come back.")
    if all(each.kind == Bounce.Kind.COMPLAINT for each in bounces):
        return ""  # it has nothing to do with points
    # Translators: numbers such as 1.5 and 2.
    return _(
        "Points: %(points)s of %(enough)s. A letter that an address refuses for good counts as one point, one that it did "
        "not take this time as one half, and each day counts once. At %(enough)s nothing more is sent; what is older "
        "than %(days)s days is forgotten."
    ) % {
        "points": number_format(points.points_of(subscriber), 1).rstrip("0").rstrip(".,"),
        "enough": number_format(points.ENOUGH, 0),
        "days": points.REMEMBERED.days,
    }


def row(bounce: Bounce) -> Row:
    return Row(date_and_hour(timezone.localtime(bounce.at)), bounce.get_kind_display(), meaning(bounce), letter(bounce))


def meaning(bounce: Bounce) -> str:
    """What the mail server meant, with its code."""
    return format_html("{} <code>{}</code>", in_words(bounce.code), bounce.code) if bounce.code else ""


def letter(bounce: Bounce) -> str:
    """Which letter it was: a link to its page, where it is known."""
    return link("issue", bounce.delivery.issue) if bounce.delivery else ""


def link(name: str, row, words: str = ""):
    """To the row's page, where there is one."""
    try:
        url = reverse(f"admin:newsletter_{name}_change", args=[row.pk])
    except NoReverseMatch:
        return words or str(row)
    return format_html('<a href="{}">{}</a>', url, words or row)
