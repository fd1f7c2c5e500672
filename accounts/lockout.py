"""Who guesses passwords is locked out for a while.

django-axes asks; the counters of `omep_site.lib.throttle` answer, so that a count holds for all processes and
machines, with no cache server. What is counted is a hash that can be tied to nobody once its day is over: neither
addresses nor browsers' names are stored.

Two limits, of wrong passwords within AXES_COOLOFF_TIME:

- of one account from one network: AXES_FAILURE_LIMIT. Not of an account from anywhere, for then anybody could keep
  an editor out by failing in the editor's name.
- of one network, whatever the account: ten times as many, because a whole school may be one network.

Signing in, or choosing a new password with the link in a mail, clears the first. The second stands: else somebody
with an account could go on guessing those of others.
"""

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.utils.translation import gettext as _

from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit

_SECONDS = int(settings.AXES_COOLOFF_TIME.total_seconds())
OF_ACCOUNT = Limit("wrong passwords of an account from a network", settings.AXES_FAILURE_LIMIT, _SECONDS)
OF_NETWORK = Limit("wrong passwords from a network", 10 * settings.AXES_FAILURE_LIMIT, _SECONDS)


def _account(request, username: str) -> str:
    return f"{client_network(request)} {username}"


def wait_for(request, username: str) -> int:
    """Seconds until `username` may be tried again from this network; 0 where it may be now."""
    return max(OF_ACCOUNT.wait(_account(request, username)), OF_NETWORK.wait(client_network(request)))


def forgive(request, username: str) -> None:
    OF_ACCOUNT.forget(_account(request, username))


class CountingHandler(AxesBaseHandler, AbstractAxesHandler):
    """The part of django-axes that remembers."""

    def get_failures(self, request, credentials=None) -> int:
        """As axes compares it with its limit: enough to be locked out, or none."""
        username = (credentials or {}).get("username") or ""
        return settings.AXES_FAILURE_LIMIT if wait_for(request, username) else 0

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return
        username = credentials.get("username") or ""
        if not wait_for(request, username):  # who is locked out already is not counted on
            OF_ACCOUNT.hit(_account(request, username))
            OF_NETWORK.hit(client_network(request))
        if wait_for(request, username):
            request.axes_locked_out = True  # axes' middleware then answers with `locked_out`
            request.axes_credentials = credentials

    def user_logged_in(self, sender, request, user, **kwargs):
        forgive(request, user.get_username())

    def user_logged_out(self, sender, request, user, **kwargs):
        pass


def locked_out(request, response, credentials):
    """The page that says so, and for how long."""
    seconds = wait_for(request, (credentials or {}).get("username") or "")
    return too_often(request, seconds, _("Too many wrong passwords"))


def too_often(request, seconds: int, title: str):
    """429 in words: `seconds` is when trying again makes sense."""
    context = {"title": title, "minutes": max(1, -(-seconds // 60)), **admin.site.each_context(request)}
    response = render(request, "admin/too_often.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
