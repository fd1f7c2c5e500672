"""Sessions, CSRF tokens, accounts and messages exist under /admin/ only.

A visitor's request meets none of them: no cookie is read or set, whatever an old browser sends, and every public
page is the same bytes for everybody. Public forms are guarded by `omep_site.lib.forms.comes_from_elsewhere`.
"""

from axes.middleware import AxesMiddleware
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django_otp.middleware import OTPMiddleware

from accounts.middleware import AccountLanguage, KnownBrowser, SecondFactor
from omep_site.lib.headers import protect
from omep_site.views import not_allowed, unreadable

# A file is the same in every language, and in none.
WITHOUT_LANGUAGE = (settings.MEDIA_URL, "/sitemap.xml", "/robots.txt", "/favicon.ico", "/.well-known/")


def is_admin(request) -> bool:
    return request.path_info.startswith("/admin/")


class Protection:
    """Every answer says what browsers may do with it (omep_site.lib.headers). Second, so that it meets whatever the others
    answer, and so that a page is kept with all of it; and what stands in the house is kept by nobody."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = protect(request, self.get_response(request))
        if is_admin(request):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class UnderAdmin:
    """Lets a middleware act on addresses under /admin/ and be absent elsewhere."""

    def __call__(self, request):
        return super().__call__(request) if is_admin(request) else self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        inherited = getattr(super(), "process_view", None)
        return inherited(request, view, args, kwargs) if inherited and is_admin(request) else None


class AdminSession(UnderAdmin, SessionMiddleware):
    def process_response(self, request, response):
        request.session.renew()
        return super().process_response(request, response)


class AdminCsrf(UnderAdmin, CsrfViewMiddleware):
    pass


class AdminAuthentication(UnderAdmin, AuthenticationMiddleware):
    pass


class AdminOtp(UnderAdmin, OTPMiddleware):
    pass


class AdminLanguage(UnderAdmin, AccountLanguage):
    pass


class AdminMessages(UnderAdmin, MessageMiddleware):
    pass


class AdminKnownBrowser(UnderAdmin, KnownBrowser):
    pass


class AdminSecondFactor(UnderAdmin, SecondFactor):
    pass


class AdminAxes(UnderAdmin, AxesMiddleware):
    pass


class Common(CommonMiddleware):
    """Asks for one of the site's names; not of the machine that looks after a process, which has an address for it. What that
    one is told repeats nothing of the question."""

    def process_request(self, request):
        return None if request.path_info in settings.HEALTH else super().process_request(request)


class Readable:
    """What is sent is of a size and form that can be read whole; anything else gets a clear answer (RFC 9110).

    Files count too: Django's own limit does not see them, and it writes them to the disk before anybody is known. A
    body that is too large is read and thrown away, up to a point, because a client that is still sending would not
    see the answer.
    """

    MOST_OF_EDITORS = settings.EDITORS_MOST  # bytes, for who has signed in
    THROWN_AWAY = 16 * 2**20
    THROWN_AWAY_OF_EDITORS = 4 * MOST_OF_EDITORS

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", ""):
            return unreadable(request, 400)  # no database stores it, and no address of ours has it
        if not request.META.get("CONTENT_LENGTH") and request.headers.get("Transfer-Encoding"):
            return unreadable(request, 411)
        length = self.length(request)
        if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            response = self.get_response(request)
            bare = response.status_code == 405 and not is_admin(request)  # Django's own has no body
            return not_allowed(request, response["Allow"]) if bare else response
        if is_admin(request) and SESSION_KEY in request.session:  # a cookie alone would prove nothing
            if length <= self.MOST_OF_EDITORS:
                return self.get_response(request)
            self.throw_away(request, min(length, self.THROWN_AWAY_OF_EDITORS))
            return unreadable(request, 413, megabytes=self.MOST_OF_EDITORS // 2**20)
        self.throw_away(request, min(length, self.THROWN_AWAY))
        return unreadable(request, 413, signed_out=is_admin(request), too_large=True)

    def length(self, request) -> int:
        try:
            return int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return 0

    def throw_away(self, request, left: int) -> None:
        while left > 0 and (piece := request.META["wsgi.input"].read(min(left, 2**16))):
            left -= len(piece)


class Language(LocaleMiddleware):
    """The language is in a page's address, else in Accept-Language. No cookie has a say, so that no answer varies on one."""

    def process_request(self, request):
        request.COOKIES.pop(settings.LANGUAGE_COOKIE_NAME, None)
        super().process_request(request)

    def process_response(self, request, response):
        if request.path_info.startswith(WITHOUT_LANGUAGE) and response.status_code < 400:
            return response
        response = super().process_response(request, response)
        if isinstance(response, self.response_redirect_class) and response.get("Vary") == "Accept-Language, Cookie":
            response["Vary"] = "Accept-Language"  # its redirect to the address with a language
        return response
