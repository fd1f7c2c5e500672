"""A forgotten password, in Django's own four steps, and a new one for the old: with our mail and our limits."""

from django.contrib import admin
from django.contrib.auth import views
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lockout, log
from accounts.forms import ForgottenPasswordForm, OwnPasswordForm
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
        self.request.is_to_be_known = self.user.get_username()
        log.note(self.request, f"chose a new password for account {self.user.pk}, by mail")
        return super().form_valid(form)


class Chosen(InTheAdmin, views.PasswordResetCompleteView):
    title = gettext_lazy("Your password is changed")


class Change(views.PasswordChangeView):
    """For who is signed in, and knows the old one. The house gives it its looks and says where it leads."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        response = super().form_valid(form)
        log.note(self.request, "changed its password")
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
