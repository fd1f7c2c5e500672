"""Drafts that follow from an event: its announcement, when somebody asks for one; a notice, when its date changes.

Nothing goes out by itself: a draft waits until somebody has read it and sends it.
"""

from django.db import transaction

from events.changes import BACK, Change
from events.models import Event
from newsletter import drafts
from newsletter.models import Issue


def announce(event: Event) -> tuple[Issue, bool]:
    """The draft that announces it, and whether it was made now: of two clicks the second finds the first one's."""
    with transaction.atomic():
        Event.objects.select_for_update().get(pk=event.pk)
        there = Issue.objects.drafted_for(event, Issue.Kind.ANNOUNCEMENT).first()
        return (there, False) if there else (drafts.announcement_of(event), True)


def note_change(event: Event, change: Change) -> None:
    """One of settings.EVENT_CHANGES; called in the transaction of the event's save.

    A notice that was to go out later is a draft again: what it says is no longer true. A draft that nobody has edited
    says what is true now, or goes; an edited one stays as it is, and the next one is a draft of its own.
    """
    for each in Issue.objects.filter(about=event, kind=Issue.Kind.CHANGE, status=Issue.Status.SCHEDULED):
        each.change_again()
    there = Issue.objects.drafted_for(event, Issue.Kind.CHANGE).select_for_update()
    untouched = [each for each in there if drafts.is_untouched(each)]
    if change.what == BACK:
        for each in untouched:
            each.delete()
        return
    drafts.notice_of(event, change, untouched[0] if untouched else None)
