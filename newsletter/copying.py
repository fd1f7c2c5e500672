"""A new draft with the words, the cards and the readers of another letter."""

from django.db import transaction
from modeltranslation.utils import get_translation_fields

from newsletter.models import Issue, IssueEvent

KEPT = ["source_language", "only_language", "incomplete", "in_archive"]


def copy_of(issue: Issue) -> Issue:
    words = [column for field in ("subject", "summary", "body") for column in get_translation_fields(field)]
    with transaction.atomic():
        copy = Issue.objects.create(**{name: getattr(issue, name) for name in [*KEPT, *words]})
        copy.tags.set(issue.tags.all())
        IssueEvent.objects.bulk_create(
            IssueEvent(issue=copy, event_id=card.event_id, position=card.position) for card in issue.cards.all()
        )
    return copy
