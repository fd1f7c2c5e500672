from events.models.event import REQUIRED_TO_READ, Event, next_change
from events.models.partners import EventPartner, Partner
from events.models.previews import PreviewLink
from events.models.rows import DOCUMENT_KINDS, Document, Objective, Picture, Strategy

__all__ = [
    "DOCUMENT_KINDS",
    "REQUIRED_TO_READ",
    "Document",
    "Event",
    "EventPartner",
    "Objective",
    "Partner",
    "Picture",
    "PreviewLink",
    "Strategy",
    "next_change",
]
