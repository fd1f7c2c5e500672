"""What each page of the admin asks about the account first. omep_site.middleware confines both to /admin/."""

from django.utils import translation

from accounts import known, second_factor
from omep_site.lib.links import languages


class AccountLanguage:
    """The admin speaks the language that the account has chosen; before that, the browser's.

    What somebody chooses before signing in is in the session, and holds until the account has a choice of its own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        preferences = getattr(request.user, "preferences", None)
        language = (preferences and preferences.language) or request.session.get("language")
        if language in languages():
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self.get_response(request)


class KnownBrowser:
    """Whoever has just signed in, or chosen a new password with the link in a mail, will be known in this browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if username := getattr(request, "is_to_be_known", None):
            known.remember(response, username)
        return response


class SecondFactor:
    """Whoever has a second factor, or must have one, meets it before any other page of the admin."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return second_factor.gate(request) or self.get_response(request)
