"""The history of what editors write: every version is kept, can be compared with another one, and comes back.

A model is kept with the rows that belong to it, once, where it is registered with the admin:

    keep(Event, rows=["strategies", "objectives"], stays=["status"])

and its ModelAdmin has `omep_site.lib.history.admin.HistoryAdmin` among its bases. django-reversion stores the versions.
They are read from the stored data here and not by the library, which would make them into rows of today's model: a
field that came later would be emptied, and one whose kind has changed would stop the whole version.
"""

from omep_site.lib.history.bringing_back import CannotBringBack, bring_back
from omep_site.lib.history.keeping import (
    AS_IT_WAS,
    Entry,
    as_it_was,
    columns,
    entries,
    keep,
    last_entry,
    record,
    versions_of,
)
from omep_site.lib.history.snapshots import Kept, Row, Snapshot, Unreadable, read_row
from omep_site.lib.history.turns import in_turn

__all__ = [
    "AS_IT_WAS",
    "CannotBringBack",
    "Entry",
    "Kept",
    "Row",
    "Snapshot",
    "Unreadable",
    "as_it_was",
    "bring_back",
    "columns",
    "entries",
    "in_turn",
    "keep",
    "last_entry",
    "read_row",
    "record",
    "versions_of",
]
