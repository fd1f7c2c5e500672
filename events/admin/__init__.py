from events.admin.event import EventAdmin
from events.admin.partners import PartnerAdmin
from events.admin.subjects import SubjectAdmin

__all__ = ["EventAdmin", "PartnerAdmin", "SubjectAdmin"]
