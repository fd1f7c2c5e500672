from django.contrib import admin, messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import log, second_factor
from accounts.confirming import asks_again
from accounts.forms import CodeForm
from accounts.lockout import too_often
from accounts.views.language import back


@never_cache
@csrf_protect
def ask(request):
    """The second step of signing in."""
    if not request.user.is_authenticated or not request.user.second_factor_on or request.user.is_verified():
        return redirect("admin:index")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if seconds := second_factor.wait_for(request.user):
            return too_often(request, seconds, _("Too many wrong codes"))
        if device := second_factor.device_that_accepts(request.user, form.cleaned_data["code"]):
            second_factor.enter(request, device)
            log.note(request, "gave the second factor")
            if device.model_label() == "otp_static.staticdevice":
                warn_of_the_last_codes(request)
            return redirect(back(request))
        log.note(request, "gave a wrong code")
        form.add_error("code", _("This code is not right. A new one is made every thirty seconds."))
    context = {"title": _("Two-step sign-in"), "form": form, "next": back(request)}
    return page(request, "admin/accounts/code.html", context)


@asks_again
def manage(request):
    """An account's own page: turn the second factor on or off, and make new recovery codes."""
    user = request.user
    form, codes = CodeForm(), []
    if request.method == "POST" and not user.second_factor_on:
        if "begin" in request.POST:
            second_factor.begin(user)
            return redirect("admin_second_factor")
        form = CodeForm(request.POST)
        if form.is_valid() and not (codes := second_factor.confirm(request, form.cleaned_data["code"])):
            form.add_error("code", _("This code is not right. Is the phone’s clock right?"))
        user.second_factor_on = bool(codes)
        if codes:
            log.note(request, "turned the second factor on")
    elif request.method == "POST":
        form = CodeForm(request.POST)
        if form.is_valid():
            if seconds := second_factor.wait_for(user):
                return too_often(request, seconds, _("Too many wrong codes"))
            if not second_factor.device_that_accepts(user, form.cleaned_data["code"]):
                form.add_error("code", _("This code is not right. A new one is made every thirty seconds."))
            elif "codes" in request.POST:
                codes, form = second_factor.new_recovery_codes(user), CodeForm()
                log.note(request, "made new recovery codes")
            else:
                second_factor.turn_off(user)
                log.note(request, "turned the second factor off")
                messages.success(request, _("Signing in asks for your password alone again."))
                return redirect("admin_second_factor")
    begun = None if user.second_factor_on else second_factor.begun(user)
    context = {
        "title": _("Two-step sign-in"),
        "form": form,
        "codes": codes,
        "is_on": user.second_factor_on,
        "is_demanded": user.second_factor_demanded,
        "secret": second_factor.secret_of(begun) if begun else None,
        "left": second_factor.recovery_codes_left(user) if user.second_factor_on else 0,
    }
    return page(request, "admin/accounts/second_factor.html", context)


def page(request, template, context):
    status = 422 if context["form"].errors else 200
    return render(request, template, admin.site.each_context(request) | context, status=status)


def warn_of_the_last_codes(request):
    left = second_factor.recovery_codes_left(request.user)
    text = ngettext(
        "You have %(count)d recovery code left. Make new ones on the page “Two-step sign-in”.",
        "You have %(count)d recovery codes left. Make new ones on the page “Two-step sign-in”.",
        left,
    )
    messages.warning(request, text % {"count": left})
