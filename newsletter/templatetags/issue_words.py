"""What the admin's pages of a letter say."""

from django import template
from django.urls import reverse
from django.utils.translation import get_language
from modeltranslation.utils import build_localized_fieldname as in_language

from events.models import Event
from events.reading import name_languages, phrase
from newsletter.models import Issue
from omep_site.lib.links import languages

register = template.Library()


@register.filter
def subjects(issue: Issue) -> list[tuple[str, str, str]]:
    """The subject in each language: its code, the language's name, the words."""
    return [
        (language, name_languages([language]), getattr(issue, in_language("subject", language)) or "")
        for language in languages()
    ]


@register.filter
def titles_of_events(issue: Issue) -> list[str]:
    return [phrase(card.event, "title", get_language()).text for card in issue.cards.select_related("event")]


@register.inclusion_tag("admin/newsletter/_drafted_notice.html", takes_context=True)
def drafted_notice(context, event: Event) -> dict:
    """On an event's page in the admin: the notice of its change that waits to be read and sent."""
    user = context["request"].user
    if not user.has_perm("newsletter.view_issue") and not user.has_perm("newsletter.change_issue"):
        return {}
    notice = Issue.objects.drafted_for(event, Issue.Kind.CHANGE).first()
    return {"notice_url": reverse("admin:newsletter_issue_change", args=[notice.pk])} if notice else {}


@register.inclusion_tag("admin/newsletter/_announce.html", takes_context=True)
def announce_button(context, event: Event) -> dict:
    """“Announce this event”, for whoever may write letters, of an event that is or will be public."""
    may = context["request"].user.has_perm("newsletter.add_issue") and event.status == Event.Status.PUBLISHED
    return {"event": event if may else None, "csrf_token": context.get("csrf_token")}
