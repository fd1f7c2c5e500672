"""What belongs to the versions of the site's texts and pages."""

from omep_site.lib.history import keep
from pages.models import Page, SiteTexts

keep(SiteTexts, rows=["links"])
keep(Page, stays=["status"])  # bringing words back neither publishes nor withdraws
