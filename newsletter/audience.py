"""Who gets an issue: everybody who is subscribed now, in one language or all, of some groups or all."""

from django.db.models import Count

from newsletter.models import Issue, Subscriber
from omep_site.lib.links import languages


def readers_of(issue: Issue):
    """Subscribers, each once."""
    found = Subscriber.objects.filter(status=Subscriber.Status.CONFIRMED)
    if issue.only_language:
        found = found.filter(language=issue.only_language)
    tags = list(issue.tags.values_list("pk", flat=True)) if issue.pk else []
    if tags or issue.to_groups_only:
        found = found.filter(pk__in=Subscriber.tags.through.objects.filter(tag__in=tags).values("subscriber"))
    return found


def counts(issue: Issue) -> dict[str, int]:
    """How many readers there are in each language of the site."""
    found = dict(readers_of(issue).order_by().values_list("language").annotate(Count("pk")))
    return {language: found.get(language, 0) for language in languages()}
