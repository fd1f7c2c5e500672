from django.contrib import admin
from django.contrib.auth import authenticate
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import confirming, log
from accounts.forms import PasswordForm
from accounts.views.language import back


@never_cache
@csrf_protect
def ask(request):
    """The password once more. Wrong ones count as those of signing in do (accounts/lockout.py)."""
    if not request.user.is_authenticated:
        return redirect("admin:index")
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        username = request.user.get_username()
        if authenticate(request, username=username, password=form.cleaned_data["password"]) == request.user:
            request.session.cycle_key()
            confirming.note(request.session)
            log.note(request, "gave the password again")
            return redirect(back(request))
        form.add_error("password", _("This password is not right."))
    context = {"title": _("Your password, once more"), "form": form, "next": back(request)}
    status = 422 if form.errors else 200
    return render(request, "admin/accounts/confirm.html", admin.site.each_context(request) | context, status=status)
