"""Who guesses passwords is locked out for a while.

django-axes asks; the counters of `omep_site.lib.throttle` answer, so that a count holds for all processes and
machines, with no cache server. What is counted is a hash that can be tied to nobody once its day is over: neither
addresses nor browsers' names are stored.

A try is counted before its password is looked at, and taken back when that was right: so also of a thousand tries at once
no more are looked at than these limits of wrong passwords allow:

- of one account from one network, within AXES_COOLOFF_TIME: AXES_FAILURE_LIMIT.
- of one network, whatever the account, within the same time: ten times as many, because a whole school may be one network.
- of one account from anywhere, in an hour and in a day, for whoever guesses from thousands of networks.

Anybody could keep an editor out by failing in the editor's name, next door or everywhere. So none of them holds for a
browser in which the account has signed in before (accounts/known.py): it has a count of its own, in a quarter of an hour
and in a day, wherever it is. A browser that is not known becomes so with the link in a mail about a forgotten password.

Signing in, or choosing a new password with the link in a mail, clears the first, and the browser's. The others stand: else
somebody with an account could go on guessing those of others.
"""

from axes.handlers.base import AbstractAxesHandler, AxesBaseHandler
from django.conf import settings
from django.contrib import admin
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import confirming, known, log, sessions
from omep_site.lib import incidents, tallies
from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit, take
from omep_site.models import Kind

_SECONDS = int(settings.AXES_COOLOFF_TIME.total_seconds())
OF_ACCOUNT = Limit("wrong passwords of an account from a network", settings.AXES_FAILURE_LIMIT, _SECONDS)
OF_NETWORK = Limit("wrong passwords from a network", 10 * settings.AXES_FAILURE_LIMIT, _SECONDS)
# Of all accounts from anywhere. People who forgot a password do not come to so many: more than these are told to the
# administrators, and nobody is refused for it.
OF_MANY = Limit("wrong passwords from anywhere", 100, 600)
# Of browsers that the account knows. Whoever has stolen the cookie guesses no quicker than that, from however many networks.
OF_BROWSER = [
    Limit("wrong passwords of an account in a browser that it knows", settings.AXES_FAILURE_LIMIT, _SECONDS),
    Limit("wrong passwords of an account in a browser that it knows, in a day", 50, 24 * 3600),
]
# Of all others. 200 a day are 73,000 in a year, for a password of twelve characters that is on
# no list of common ones.
OF_ANYBODY = [
    Limit("wrong passwords of an account in an hour, from anywhere", 50, 3600),
    Limit("wrong passwords of an account in a day, from anywhere", 200, 24 * 3600),
]


def _account(request, username: str) -> str:
    return f"{client_network(request)} {username}"


def _limits(request, username: str) -> list[tuple[Limit, str]]:
    """What a try of `username` is counted in."""
    if browser := known.browser(request, username):
        return [(limit, browser) for limit in OF_BROWSER]
    of_network = [(OF_ACCOUNT, _account(request, username)), (OF_NETWORK, client_network(request))]
    return of_network + [(limit, username) for limit in OF_ANYBODY]


def wait_for(request, username: str) -> int:
    """Seconds until `username` may be tried again from here; 0 where it may be now."""
    return max(limit.wait(who) for limit, who in _limits(request, username))


def give_back(request) -> None:
    """The password was right: the try that was counted for it was none of guessing."""
    request.password_try.give_back()


def forgive(request, username: str) -> None:
    OF_ACCOUNT.forget(_account(request, username))
    if browser := known.browser(request, username):
        for limit in OF_BROWSER:
            limit.forget(browser)


class CountingHandler(AxesBaseHandler, AbstractAxesHandler):
    """The part of django-axes that remembers."""

    def get_failures(self, request, credentials=None) -> int:
        """As axes compares it with its limit: enough to be locked out, or none. It asks once, before a password is looked
        at; that is when the try is counted."""
        request.password_try = take(_limits(request, (credentials or {}).get("username") or ""))
        return settings.AXES_FAILURE_LIMIT if request.password_try.wait else 0

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is None:
            return
        tallies.count("sign-ins", "refused")
        if OF_MANY.hit("anybody"):
            incidents.note(Kind.SIGN_INS_REFUSED)
        if request.password_try.wait:
            log.note_once_a_minute(request, "gave a password that was not looked at, after too many wrong ones")
        else:
            log.note(request, "gave a wrong password")
            if not wait_for(request, credentials.get("username") or ""):
                return
            log.note(request, "is locked out for a while")
        request.axes_locked_out = True  # axes' middleware then answers with `locked_out`
        request.axes_credentials = credentials

    def user_logged_in(self, sender, request, user, **kwargs):
        forgive(request, user.get_username())
        sessions.begin(request.session)
        confirming.note(request.session)
        request.is_to_be_known = user.get_username()  # accounts.middleware.KnownBrowser
        log.note(request, "signed in")

    def user_logged_out(self, sender, request, user, **kwargs):
        log.note(request, "signed out")


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
