"""The site with shelves that hold nothing, and that remembers nothing of the database from one page to the next but its
own words and rules: as after a change of an event."""

from bench.approved import application
from omep_site.lib import public

__all__ = ["application"]

public.Remembered.MOST = 0
