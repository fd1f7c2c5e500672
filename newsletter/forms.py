from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsletter.models import LONGEST_PATH, Subscriber, tidy_address
from omep_site.lib import text
from omep_site.lib.forms import AddressField
from omep_site.lib.links import Translation, languages


class HiddenField(forms.Field):
    """What the page says by itself. No visitor can mend it, so a bad value is replaced and never an error."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False)

    def bound_data(self, data, initial):
        return self.to_python(data)


class LanguageField(HiddenField):
    def to_python(self, value):
        return value if value in dict(settings.LANGUAGES) else get_language()


class PathField(HiddenField):
    """A path of this site; "" for anything else."""

    def to_python(self, value):
        path = value or ""
        odd = text.has_control(path) or text.BIDI_CONTROLS & set(path)
        return path if path.startswith("/") and len(path) <= LONGEST_PATH and not odd else ""


class SubscribeForm(forms.Form):
    email = AddressField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    language = LanguageField()
    page = PathField()

    def __init__(self, data=None, **kwargs):
        # The page may hold a comment form, with an e-mail field of its own.
        super().__init__(data, auto_id="newsletter_%s", **kwargs)

    def clean_email(self):
        return tidy_address(self.cleaned_data["email"])


class ReadInForm(forms.Form):
    """The language of the letters, each by its own name."""

    language = forms.ChoiceField(label=_("Language of the letters"), widget=forms.RadioSelect)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, auto_id="preferences_%s", **kwargs)
        self.fields["language"].choices = [(code, Translation(code, "").name) for code in languages()]


class MoveForm(forms.Form):
    email = AddressField(label=_("New e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))

    def __init__(self, data=None, *, subscriber: Subscriber):
        self.subscriber = subscriber
        super().__init__(data, auto_id="move_%s")

    def clean_email(self):
        email = tidy_address(self.cleaned_data["email"])
        if email.lower() == self.subscriber.email.lower():
            raise forms.ValidationError(_("Your letters go to this address already."), code="same")
        return email
