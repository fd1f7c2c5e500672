"""The one button of an event's page: what a visitor most wants to do at this moment."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from events.attachments import Attachments
from events.phases import Phase
from events.reading import Phrase, Reading, calendar_path_of
from omep_site.lib.links import path_in

AFTERWARDS = "#afterwards"  # where the page has the recording and the documents
LETTER = "#newsletter-form"


@dataclass(frozen=True)
class Action:
    words: Phrase
    url: str

    @property
    def is_elsewhere(self) -> bool:
        """On another site."""
        return "://" in self.url


def action(reading: Reading, attachments: Attachments) -> Action | None:
    """Take part, register, keep the date, watch, read; for what does not take place, where to go instead. None where there is nothing
    to do but to read."""
    event = reading.event
    if reading.lets_people_in:
        return Action(_ours(_("Take part now"), reading), event.conference_url)
    if reading.takes_registrations:
        return Action(reading.registration_label, event.registration_url)
    if reading.phase == Phase.ANNOUNCED:
        return Action(_ours(_("Add to your calendar"), reading), calendar_path_of(reading.event, reading.wanted))
    if reading.phase == Phase.RECORDED:
        return Action(_ours(_("Watch the recording"), reading), AFTERWARDS)
    if reading.phase == Phase.ENDED:
        return Action(_ours(_("See the documents"), reading), AFTERWARDS) if attachments else None
    if reading.phase == Phase.POSTPONED:
        return Action(_ours(_("Be told of the new date"), reading), LETTER)
    if reading.phase == Phase.CANCELLED:
        return Action(_ours(_("See the other events"), reading), path_in(reading.wanted, "events:list"))
    return None


def _ours(words: str, reading: Reading) -> Phrase:
    return Phrase(words, reading.wanted)
