"""The password once more, before what would let a thief stay: accounts, roles, the second factor.

A session lasts for a day's work; a computer may stand open for a part of it. Who signed in or gave the password in the
last FRESH is not asked.
"""

import time
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

from django.shortcuts import redirect
from django.urls import reverse

FRESH = timedelta(hours=1)
# A form that was opened in time may be sent for as long again: what was typed is not lost.
FRESH_FOR_A_FORM = 2 * FRESH
KEY = "confirmed_at"


def note(session) -> None:
    """The password was right, now."""
    session[KEY] = int(time.time())


def is_fresh(request) -> bool:
    most = FRESH if request.method in ("GET", "HEAD") else FRESH_FOR_A_FORM
    return time.time() - request.session.get(KEY, 0) < most.total_seconds()


def asks_again(view):
    """For a view, or a method of a ModelAdmin, that takes the request and then others."""

    @wraps(view)
    def asking(*args, **kwargs):
        request = next(each for each in args if hasattr(each, "session"))
        if is_fresh(request):
            return view(*args, **kwargs)
        return redirect(f"{reverse('admin_confirm')}?{urlencode({'next': request.get_full_path()})}")

    return asking
