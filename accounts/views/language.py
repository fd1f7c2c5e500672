from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from accounts.models import Preferences
from omep_site.lib.links import languages


@require_POST
@csrf_protect
def choose(request):
    """The switch in the header of each page. Kept with the account; before signing in, with the session."""
    language = request.POST.get("language")
    if language in languages():
        if request.user.is_authenticated:
            Preferences.set_language(request.user, language)
        else:
            request.session["language"] = language
    return HttpResponseRedirect(back(request))


def back(request) -> str:
    """The page of the admin that a form names in `next`, else the first."""
    path = request.POST.get("next") or request.GET.get("next") or ""
    inside = url_has_allowed_host_and_scheme(path, allowed_hosts=None) and path.startswith("/admin/")
    return path if inside else reverse("admin:index")
