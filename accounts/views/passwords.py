"""A forgotten password: Django's own four steps, with our mail and our limits."""

from django.contrib import admin
from django.contrib.auth import views
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lockout
from accounts.forms import ForgottenPasswordForm
from omep_site.lib.network import client_network
from omep_site.lib.throttle import Limit

# Requests for a new password from one network; a whole school may be one.
FROM_NETWORK = Limit("forgotten passwords from a network", 10, 3600)


class InTheAdmin:
    """The pages look like the admin's own."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**admin.site.each_context(self.request) | kwargs)


class Forgotten(InTheAdmin, views.PasswordResetView):
    form_class = ForgottenPasswordForm
    success_url = reverse_lazy("admin_password_reset_done")
    title = gettext_lazy("Forgotten password")

    def post(self, request, *args, **kwargs):
        if seconds := FROM_NETWORK.hit(client_network(request)):
            return lockout.too_often(request, seconds, _("Too many requests for a new password"))
        return super().post(request, *args, **kwargs)


class Sent(InTheAdmin, views.PasswordResetDoneView):
    title = gettext_lazy("Look into your e-mail")


class ChooseNew(InTheAdmin, views.PasswordResetConfirmView):
    """Opening the link shows a form; only sending that form changes something."""

    success_url = reverse_lazy("admin_password_reset_complete")
    title = gettext_lazy("Choose a new password")

    def form_valid(self, form):
        lockout.forgive(self.request, self.user.get_username())
        return super().form_valid(form)


class Chosen(InTheAdmin, views.PasswordResetCompleteView):
    title = gettext_lazy("Your password is changed")
