"""Sessions, CSRF tokens, accounts and messages exist under /admin/ only.

A visitor's request meets none of them: no cookie is read or set, whatever an old browser sends, and every public
page is the same bytes for everybody. Public forms are guarded by `omep_site.lib.forms.comes_from_elsewhere`.
"""

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware


def is_admin(request) -> bool:
    return request.path_info.startswith("/admin/")


class UnderAdmin:
    """Lets a middleware act on addresses under /admin/ and be absent elsewhere."""

    def __call__(self, request):
        return super().__call__(request) if is_admin(request) else self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        inherited = getattr(super(), "process_view", None)
        return inherited(request, view, args, kwargs) if inherited and is_admin(request) else None


class AdminSession(UnderAdmin, SessionMiddleware):
    pass


class AdminCsrf(UnderAdmin, CsrfViewMiddleware):
    pass


class AdminAuthentication(UnderAdmin, AuthenticationMiddleware):
    pass


class AdminMessages(UnderAdmin, MessageMiddleware):
    pass


class Language(LocaleMiddleware):
    """The language is in a page's address, else in Accept-Language. No cookie has a say, so that no answer varies on one."""

    def process_request(self, request):
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        super().process_request(request)

    def process_response(self, request, response):
        response = super().process_response(request, response)
        if isinstance(response, self.response_redirect_class) and response.get("Vary") == "Accept-Language, Cookie":
            response["Vary"] = "Accept-Language"  # its redirect to the address with a language
        return response
