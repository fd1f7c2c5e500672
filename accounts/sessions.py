"""Sessions that end by themselves.

A session ends twelve hours after its last use: a day's work is never cut in the middle of a form, and a computer that
was left alone is closed by the next morning. Its cookie ends with the browser as well. Neither is enough by itself on
a school's shared computer, where browsers stay open or come back with yesterday's pages. And whoever has got hold of a
session keeps it for LONGEST at most, by whatever use. What was being typed when it ends is kept in its tab
(static/unsaved.js).
"""

import time
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

RENEWED_AFTER = 600  # seconds of use; renewing at every click would be a write for every page
LONGEST = timedelta(days=7)  # after signing in
SINCE = "signed_in_at"


def begin(session) -> None:
    """Somebody has signed in, now."""
    session[SINCE] = int(time.time())


class SessionStore(db.SessionStore):
    ends_at = None

    def load(self):
        row = self._get_session_from_db()
        self.ends_at = row.expire_date if row else None
        found = self.decode(row.session_data) if row else {}
        if SESSION_KEY in found and time.time() - found.get(SINCE, 0) > LONGEST.total_seconds():
            row.delete()
            self._session_key = self.ends_at = None
            return {}
        return found

    def renew(self) -> None:
        """Lets a session in use last its whole time again, from now on."""
        if self.ends_at is None:
            return
        used = settings.SESSION_COOKIE_AGE - (self.ends_at - timezone.now()).total_seconds()
        if used > RENEWED_AFTER:
            self.modified = True
