from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.translation import get_language

from comments.feeds import path_of_feed
from comments.forms import CommentForm
from comments.models import Policy
from events.reading import Reading
from events.when import hour, one_date, utc_offset

register = template.Library()


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context, event) -> dict:
    """The comments that visitors may read, and the form: the one that was sent where there is one."""
    return {
        "event": event,
        "comments": event.comments.visible().select_related("parent"),
        "form": context.get("comment_form") or CommentForm(event=event),
        "rules": Policy.objects.in_force(event),
        "language": get_language(),
    }


@register.simple_tag
def comments_feed_of(reading: Reading) -> str:
    return path_of_feed(reading)


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
