from collections.abc import Iterable
from zoneinfo import ZoneInfo

from django import template
from django.db.models import Count
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext

from comments.conversation import Row, closed, conversation
from comments.feeds import path_of_feed
from comments.forms import CommentForm
from comments.models import Comment, rules_of_page
from comments.rendering import as_html
from events.reading import Reading
from events.when import hour, one_date, utc_offset
from omep_site.lib.memo import Memo
from omep_site.lib.text import initial

register = template.Library()

register.filter(as_html)
register.filter(initial)


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context, event) -> dict:
    """One page of what was said, and the form: the one that was sent where there is one.

    The context says which page (`comments_page`), and the rules where they are known (`comment_rules`). Raises Http404
    where there are not so many pages.
    """
    language, rules = get_language(), context.get("comment_rules") or rules_of_page(event)
    return {
        "event": event,
        "conversation": conversation(event, rules, context.get("comments_page", 1), language),
        "form": context.get("comment_form") or CommentForm(event_id=event.pk),
        "rules": rules,
        "closed": closed(event, rules),
        "takes_replies": rules.levels > 1 and rules.is_open(event),
        "language": language,
    }


ROWS = Memo(4000)  # of a kilobyte or two


@register.simple_tag(takes_context=True)
def comment_row(context, row: Row) -> str:
    """A comment with its links, or the empty place of one; made once for all that looks the same."""
    shown = {name: context[name] for name in ("event", "language", "takes_replies")} | {"row": row}
    values = (row.looks, shown["language"], shown["takes_replies"], shown["event"].timezone)
    return ROWS.get(values, lambda: render_to_string("comments/_row.html", shown))


@register.simple_tag
def comments_feed_of(reading: Reading) -> str:
    return path_of_feed(reading)


@register.simple_tag
def count_comments(*lists: Iterable[Reading]) -> dict[int, int]:
    """How many comments visitors can read on each event of these lists, by the event's key: one query for them all, and
    none for none. For `comment_count`, which finds it in the context as `comment_counts`."""
    events = [reading.event.pk for each in lists for reading in each or []]
    if not events:
        return {}
    visible = Comment.objects.visible().filter(event__in=events).order_by()
    return dict(visible.values_list("event").annotate(Count("pk")))


@register.simple_tag(takes_context=True)
def comment_count(context, reading: Reading) -> str:
    """“3 comments”; "" where there are none, and on pages that did not count them."""
    count = context.get("comment_counts", {}).get(reading.event.pk, 0)
    return ngettext("{count} comment", "{count} comments", count).format(count=count) if count else ""


@register.simple_tag
def moment(at, zone: str) -> str:
    """“Monday 6 December 2021, 13:30 (UTC+1)” in <time>: in the event's zone, like all hours of its page."""
    local = at.astimezone(ZoneInfo(zone))
    return format_html(
        '<time datetime="{}">{}, {} ({})</time>',
        local.isoformat(timespec="seconds"),
        one_date(local),
        hour(local),
        utc_offset(local),
    )
