"""The history of events in the admin: what an event's page asks of a version that comes back."""

from django.utils.translation import gettext as _

import events.history  # noqa: F401 - says what is kept
from events.completeness import keep_overview
from events.models import Event
from events.reading import name_languages
from omep_site.lib.history import CannotBringBack
from omep_site.lib.history.admin import HistoryAdmin


class EventHistory(HistoryAdmin):
    """For EventAdmin. Stands before ModelAdmin among the bases."""

    def check_brought_back(self, request, obj, before):
        keep_overview(obj)
        if before is None or obj.status != Event.Status.PUBLISHED:
            return
        # A page that is public, or will be, is not taken away by bringing old words back.
        complete = obj.complete_languages()
        gone = [language for language in before.complete_languages() if language not in complete]
        if gone and not (complete and obj.publish_incomplete):
            raise CannotBringBack(
                _(
                    "This version is not complete in {languages}, and the event is published. Take the event back to "
                    "draft first, then bring this version back."
                ).format(languages=name_languages(gone))
            )

    def deleted_title(self):
        return _("Deleted events")

    def lost_words(self):
        return _(
            "A deleted event comes back as a draft, with its rows, pictures and documents. Its comments and preview "
            "links are gone: they were deleted with it."
        )
