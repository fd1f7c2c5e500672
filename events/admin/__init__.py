from events.admin.event import EventAdmin
from events.admin.partners import PartnerAdmin

__all__ = ["EventAdmin", "PartnerAdmin"]
