"""What was said about an event, page by page in the order of reading, and where in it a comment stands."""

from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Subquery
from django.http import Http404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from comments.models import Comment, Rules
from events.models import Event
from events.page import COMMENTS
from events.reading import path_of
from events.when import one_date
from omep_site.lib.database import Prepared, slot
from omep_site.lib.paging import on_page


@dataclass(frozen=True)
class Row:
    """A comment as the page shows it, or the empty place of one that was removed."""

    comment: Comment
    level: int  # how far it is indented, from 1 on
    answered: Comment | None  # what it replies to, where that can be read
    answered_path: str  # leads there; a fragment where it is on the same page
    is_reply: bool

    @property
    def is_removed(self) -> bool:
        return not self.comment.is_visible()

    @property
    def looks(self) -> tuple:
        """All that its HTML shows: where this is the same, so is that (comment_row)."""
        comment = self.comment
        if self.is_removed:
            return comment.pk, self.level
        said = comment.name, comment.website, comment.body, comment.language, comment.created_at
        answered = self.answered and self.answered.name
        return comment.pk, self.level, self.is_reply, answered, self.answered_path, *said


@dataclass(frozen=True)
class Conversation:
    count: int  # what visitors can read on all pages
    rows: list[Row]
    page: Page
    previous: str  # the addresses of the pages beside it; "" where there is none
    next: str


def conversation(event: Event, rules: Rules, number: int, language: str) -> Conversation:
    """One page of it, however much was said: one query for the first, two for another. Raises Http404 for a page that does
    not exist."""
    shown = event.comments.threaded(rules.newest_first)
    pages = Paginator(shown, rules.page_size)
    if number == 1:
        comments = _first_page(rules.newest_first, rules.page_size).objects(event=event.pk)
        pages.count, visible = (comments[0].rows, comments[0].visible or 0) if comments else (0, 0)
        page = pages.page(1)
    else:
        is_visible = Q(status=Comment.Status.APPROVED)
        counts = shown.order_by().aggregate(rows=Count("pk"), visible=Count("pk", filter=is_visible))
        pages.count, visible = counts["rows"], counts["visible"]
        if number > pages.num_pages:
            raise Http404(number)
        page = pages.page(number)
        asked = Comment.objects.filter(pk__in=_keys(shown, pages.count, page))
        comments = list(asked.threaded(rules.newest_first).select_related("parent"))
    path = path_of(event, language)
    return Conversation(
        visible,
        _rows(comments, rules),
        page,
        on_page(path, COMMENTS, number - 1) if page.has_previous() else "",
        on_page(path, COMMENTS, number + 1) if page.has_next() else "",
    )


@cache
def _first_page(newest_first: bool, size: int) -> Prepared:
    """Nearly every page that is made is one."""

    def make():
        of_event = Comment.objects.filter(event=slot("event"))
        shown = of_event.threaded(newest_first)
        counts = {"rows": _count(shown), "visible": _count(of_event.visible())}
        return shown.select_related("parent").annotate(**counts)[:size]

    return Prepared(make)


def _count(comments) -> Subquery:
    """Counted by the query that loads them."""
    return Subquery(comments.order_by().values("event").annotate(count=Count("pk")).values("count"))


def _keys(shown, count: int, page: Page):
    """Those of a page, in any order. A database steps over whatever stands before a page: over the keys alone, and for
    pages of the second half from the end on."""
    first, last = (page.number - 1) * page.paginator.per_page, page.end_index()
    if first > count - last:
        shown, first, last = shown.reverse(), count - last, count - first
    return shown.values("pk")[first:last]


def _rows(comments: list[Comment], rules: Rules) -> list[Row]:
    here = {comment.pk for comment in comments}
    rows = []
    for comment in comments:
        parent = comment.parent if comment.parent and comment.parent.is_visible() else None
        path = ""
        if parent:
            path = f"#{parent.anchor}" if parent.pk in here else permalink(parent)
        rows.append(Row(comment, min(comment.level, rules.levels), parent, path, comment.level > 1))
    return rows


def permalink(comment: Comment) -> str:
    """Leads to the comment whichever page of its event it is on, in the active language."""
    return reverse("comments:permalink", kwargs={"number": comment.pk})


def place_of(comment: Comment, rules: Rules, language: str) -> str:
    """Where a comment that visitors can read stands now: a page of its event, and the fragment. One query."""
    before = Q(thread=comment.thread, path__lt=comment.path)
    before |= Q(thread__gt=comment.thread) if rules.newest_first else Q(thread__lt=comment.thread)
    rows = comment.event.comments.threaded().order_by().filter(before).count()
    number = rows // rules.page_size + 1
    return f"{on_page(path_of(comment.event, language), COMMENTS, number)}#{comment.anchor}"


def closed(event: Event, rules: Rules) -> str:
    """Says that no comment is taken any more, and since when; "" while they are."""
    if rules.is_open(event):
        return ""
    closed_at = rules.closes_at(event)
    if closed_at is None:
        return _("Comments on this event are closed.")
    # Translators: {day} is “Monday 6 December 2021”.
    return format_html(
        _("Comments on this event have been closed since {day}."),
        day=one_date(closed_at.astimezone(ZoneInfo(event.timezone))),
    )
