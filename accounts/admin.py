from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.confirming import asks_again
from accounts.forms import AccountForm, NewAccountForm, NewPasswordForm
from accounts.models import Account
from accounts.roles import ROLES, named


class HasRole(admin.SimpleListFilter):
    title = _("Roles")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.key, role.name) for role in ROLES]

    def queryset(self, request, accounts):
        return accounts.filter(groups__name=self.value()) if self.value() else accounts


@admin.register(Account)
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    add_form_template = None
    change_password_form = NewPasswordForm
    change_user_password_template = "admin/accounts/account/change_password.html"  # noqa: S105
    list_display = ["username", "full_name", "email", "role_names", "is_active", "last_login"]
    list_filter = [HasRole, "is_active"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined", "own_second_factor"]
    actions = None  # an account is closed (inactive) rather than deleted: its work keeps its name
    person = (_("Person"), {"fields": [("first_name", "last_name"), "email", "language"]})
    add_fieldsets = [
        (None, {"fields": ["username", "password1", "password2"]}),
        person,
        (_("Roles"), {"fields": ["roles"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("groups")

    # Columns

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, account):
        return account.get_full_name()

    @admin.display(description=_("Roles"))
    def role_names(self, account):
        names = [str(role.name) for group in account.groups.all() if (role := named(group.name))]
        return ", ".join([*([str(_("Everything"))] if account.is_superuser else []), *names])

    # The form

    def get_fieldsets(self, request, obj=None):
        if obj is None:
            return self.add_fieldsets
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": ["username", "first_name", "last_name", "email", "is_active", "last_login"]})]
        rights = ["is_active", "roles"]
        if request.user.is_superuser:
            rights.append("is_superuser")
        factor = ["without_second_factor"] if obj.totpdevice_set.filter(confirmed=True).exists() else []
        own = ["own_second_factor"] if obj.pk == request.user.pk else []
        return [
            (None, {"fields": ["username", "password", *own]}),
            self.person,
            (_("Roles"), {"fields": rights}),
            *([(_("Two-step sign-in"), {"fields": factor})] if factor and not own else []),
            (_("Dates"), {"fields": [("last_login", "date_joined")]}),
        ]

    @admin.display(description=_("Two-step sign-in"))
    def own_second_factor(self, account):
        """To the page that asks for a code before it turns anything off."""
        name = gettext("Turn it on or off, make recovery codes")
        return format_html('<a href="{}">{}</a>', reverse("admin_second_factor"), name)

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.editor = request.user
        return form

    def response_add(self, request, obj, post_url_continue=None):
        if not (obj.is_superuser or obj.groups.exists()):
            missing = gettext("This account has no role yet: the person cannot sign in until you give one.")
            self.message_user(request, missing, messages.WARNING)
        if not obj.email:
            missing = gettext(
                "This account has no e-mail address: if the person forgets the password, you have to give a new one."
            )
            self.message_user(request, missing, messages.WARNING)
        # Django's would lead to the form of the account again, because its first form is not the whole one.
        return admin.ModelAdmin.response_add(self, request, obj, post_url_continue)

    def response_change(self, request, obj):
        if obj.is_active and not (obj.is_superuser or obj.groups.exists()):
            missing = gettext("This account has no role now: the person cannot sign in until you give one.")
            self.message_user(request, missing, messages.WARNING)
        return super().response_change(request, obj)

    # Whoever may change accounts could let somebody in for good: the password is asked for once more.

    add_view = asks_again(UserAdmin.add_view)
    change_view = asks_again(UserAdmin.change_view)
    delete_view = asks_again(UserAdmin.delete_view)

    @asks_again
    def user_change_password(self, request, id, form_url=""):
        account = self.get_object(request, unquote(id))
        if account is not None and account.pk == request.user.pk:  # one's own page asks for the old one
            return redirect("admin:password_change")
        return super().user_change_password(request, id, form_url)

    # Who may touch whom: above the administrators stand those who run the site

    def has_change_permission(self, request, obj=None):
        beyond = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not beyond and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        if obj is not None:
            beyond = obj.is_superuser and not request.user.is_superuser
            if beyond or obj.pk == request.user.pk:
                return False
        return super().has_delete_permission(request, obj)
