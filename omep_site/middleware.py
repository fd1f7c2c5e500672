"""Sessions, CSRF tokens, accounts and messages exist under /admin/ only.

A visitor's request meets none of them: no cookie is read or set, whatever an old browser sends, and every public
page is the same bytes for everybody. Public forms are guarded by `omep_site.lib.forms.comes_from_elsewhere`.
"""

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.middleware.csrf import CsrfViewMiddleware


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
