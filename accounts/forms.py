from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.admin.forms import AdminPasswordChangeForm as AdminsOwnPasswordForm
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    PasswordResetForm,
    ReadOnlyPasswordHashField,
    ReadOnlyPasswordHashWidget,
    UserChangeForm,
    UserCreationForm,
)
from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import mails, second_factor
from accounts.models import Account, Preferences
from accounts.roles import ADMINISTRATOR, ROLES, named
from omep_site.lib.throttle import Limit

# New passwords for one address; more would fill somebody's mailbox.
TO_ADDRESS = Limit("forgotten passwords of an address", 3, 3600)


class SignInForm(AdminAuthenticationForm):
    """Whoever gave the right password learns what is missing: calling the password wrong would send them to ask for a
    new one, which opens nothing either."""

    def confirm_login_allowed(self, user):
        if user.is_active and not user.is_staff:
            raise ValidationError(_("Your account has no role yet. Ask an administrator for one."), code="no_role")
        super().confirm_login_allowed(user)


class ForgottenPasswordForm(PasswordResetForm):
    """The answer is the same whether the address is known, unknown or has had its mails already, and takes as long."""

    def save(self, **_options):
        email = self.cleaned_data["email"]
        if TO_ADDRESS.hit(email.lower()):
            return
        users = list(self.get_users(email))
        for user in users:
            mails.new_password(user, get_language())
        if not users:
            mails.new_password_for_nobody(get_language())


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class OwnPasswordForm(AdminsOwnPasswordForm):
    """The old password is asked as that of signing in is, and wrong ones count as those do (accounts/lockout.py): whoever
    sits down at somebody's open session cannot go on guessing here."""

    def __init__(self, request, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        old_password = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old_password) != self.user:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old_password


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


# --- Accounts, as administrators write them -------------------------------------------------------------------------


HELP = {
    "username": _("The name to sign in with: letters, digits and @ . + - _, without spaces."),
    "email": _("A forgotten password is replaced through this address."),
    "is_active": _(
        "Without this tick the person cannot sign in. Rather than deleting an account, take the tick away: what the "
        "person did here then keeps its author."
    ),
    "is_superuser": _("For the person who runs the site: may do everything, whatever the roles say."),
}


class RolesField(forms.ModelMultipleChoiceField):
    """Checkboxes; each says in a sentence what the role may do."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(queryset=Group.objects.filter(name__in=[role.key for role in ROLES]), **kwargs)

    def label_from_instance(self, group):
        role = named(group.name)
        return format_html('<strong>{}</strong> <span class="help">{}</span>', role.name, role.may)


class RolesAndLanguage(forms.ModelForm):
    roles = RolesField(label=_("Roles"), required=False, help_text=_("Without a role an account cannot sign in."))
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("the browser’s")), *settings.LANGUAGES],
        help_text=_("The language of the admin and of e-mails to this person. Each person can change it at any time."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # In the order in which they are declared, and not in that of the database.
        keys = [role.key for role in ROLES]
        choices = sorted(self.fields["roles"].queryset, key=lambda group: keys.index(group.name))
        self.fields["roles"].choices = [
            (group.pk, self.fields["roles"].label_from_instance(group)) for group in choices
        ]
        for name, help_text in HELP.items():
            if name in self.fields:
                self.fields[name].help_text = help_text
        if self.instance.pk:
            self.initial["roles"] = list(self.instance.groups.values_list("pk", flat=True))
            preferences = Preferences.objects.filter(user_id=self.instance.pk).first()
            self.initial["language"] = preferences.language if preferences else ""

    def save(self, commit=True):
        account = super().save(commit=False)
        account.is_staff = account.is_superuser or bool(self.cleaned_data["roles"])
        if commit:
            account.save()
            self.save_m2m()
        return account

    def _save_m2m(self):
        super()._save_m2m()
        self.instance.groups.set(self.cleaned_data["roles"])
        self.instance.user_permissions.clear()  # what the roles say is all: nobody would see others
        Preferences.set_language(self.instance, self.cleaned_data["language"])
        if self.cleaned_data.get("without_second_factor"):
            second_factor.turn_off(self.instance)


class NewAccountForm(RolesAndLanguage, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        model = Account
        fields = ("username", "first_name", "last_name", "email")


class PasswordButton(ReadOnlyPasswordHashWidget):
    """Leads to the form for a new password; nobody needs to see what is left of the old one."""

    template_name = "admin/accounts/_password_button.html"
    password_url = ""  # that of the account, unless another is given

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"password_url": self.password_url}


class AccountForm(RolesAndLanguage, UserChangeForm):
    """The admin gives it `editor`: who is at work."""

    password = ReadOnlyPasswordHashField(
        label=_("Password"), widget=PasswordButton, help_text=_("Nobody can see it, but you can give a new one.")
    )
    without_second_factor = forms.BooleanField(
        label=_("Turn two-step sign-in off"),
        required=False,
        help_text=_("For somebody who has lost the phone and the recovery codes. Make sure who asks you for it."),
    )

    class Meta(UserChangeForm.Meta):
        model = Account
        fields = ("username", "password", "first_name", "last_name", "email", "is_active", "is_superuser")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk == self.editor.pk:  # one's own password and second step have pages that ask for the old
            self.fields.pop("without_second_factor", None)
            if "password" in self.fields:
                self.fields["password"].widget.password_url = reverse("admin:password_change")

    def clean(self):
        """Nobody locks themselves out, and somebody can always give accounts."""
        cleaned = super().clean()
        if "roles" not in cleaned:
            return cleaned
        active = cleaned.get("is_active", self.instance.is_active)
        above = cleaned.get("is_superuser", self.instance.is_superuser)
        administers = active and (above or any(group.name == ADMINISTRATOR.key for group in cleaned["roles"]))
        if administers:
            return cleaned
        if self.instance.pk == self.editor.pk:
            message = _("This is your own account: without it you would be locked out. Ask another administrator.")
            raise ValidationError(message)
        if not other_administrators(self.instance).exists():
            message = _("This is the last administrator: nobody could give accounts any more. Name another one first.")
            raise ValidationError(message)
        return cleaned


def other_administrators(account):
    """Who could still give accounts without this one. In a transaction, and one at a time, so that two
    administrators who leave at once do not both find the other still there."""
    list(Group.objects.select_for_update().filter(name=ADMINISTRATOR.key))
    administers = Q(is_superuser=True) | Q(groups__name=ADMINISTRATOR.key)
    return User.objects.filter(administers, is_active=True).exclude(pk=account.pk)


class NewPasswordForm(AdminPasswordChangeForm):
    """Without Django's choice of an account that has no password: here all have one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        for field in self.fields.values():
            field.required = True
