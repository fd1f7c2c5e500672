"""The site with shelves that hold nothing: every page is made anew, as the first after an editor's click is."""

from omep_site.lib import kept
from omep_site.wsgi import application

__all__ = ["application"]

kept.MOST_BYTES = 0
