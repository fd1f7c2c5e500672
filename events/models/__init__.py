from events.models.addresses import OldAddress
from events.models.clock import next_change
from events.models.event import JOIN_EARLY, REQUIRED_TO_READ, Event
from events.models.partners import EventPartner, Partner
from events.models.previews import PreviewLink
from events.models.rows import DOCUMENT_KINDS, Document, Objective, Picture, Speaker, Strategy
from events.models.subjects import EventSubject, Subject

__all__ = [
    "DOCUMENT_KINDS",
    "JOIN_EARLY",
    "REQUIRED_TO_READ",
    "Document",
    "Event",
    "EventPartner",
    "EventSubject",
    "Objective",
    "OldAddress",
    "Partner",
    "Picture",
    "PreviewLink",
    "Speaker",
    "Strategy",
    "Subject",
    "next_change",
]
