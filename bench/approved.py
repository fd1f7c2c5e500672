"""The site with shelves that hold no page, and with what is remembered of the rest: as after an approval of a comment."""

from omep_site.lib import kept
from omep_site.wsgi import application

__all__ = ["application"]

kept.MOST_BYTES = 0
