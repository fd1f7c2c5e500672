"""What belongs to the versions of an issue: its words and its cards. Bringing words back sends nothing."""

from newsletter.models import Issue
from omep_site.lib.history import keep

keep(
    Issue,
    rows=["cards"],
    stays=[
        *("kind", "about", "change", "drafted", "status", "hold", "hold_detail"),
        *("send_at", "queued_at", "worked_on_at", "finished_at", "created_at"),
    ],
)
