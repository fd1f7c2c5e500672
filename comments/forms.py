import re

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from comments import stamps
from comments.checks import Submission
from comments.models import Comment, Rules
from omep_site.lib.forms import AddressField, NameField, PublicURLField, validate_prose
from omep_site.lib.numbers import is_number

LONGEST_BODY = 5000  # characters, about two pages


class ProseField(forms.CharField):
    """Several lines of text. Browsers send CR LF for each line that ends; kept, and counted, is LF."""

    widget = forms.Textarea
    default_validators = [validate_prose]

    def to_python(self, value):
        return re.sub(r"\r\n?", "\n", super().to_python(value))


class CommentForm(forms.Form):
    name = NameField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
        error_messages={
            "required": _("Write your name."),
            "max_length": _("Shorten your name to %(limit_value)d characters."),
        },
    )
    email = AddressField(
        label=_("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Write your e-mail address. It will not be published."),
            "max_length": _("An e-mail address has at most %(limit_value)d characters."),
        },
    )
    website = PublicURLField(
        label=_("Website"),
        max_length=200,
        required=False,
        # Not type="url": what was typed stays in the form, and an address of that type has to be one (HTML, 4.10.5.1.4).
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "url", "autocapitalize": "none", "spellcheck": "false"}
        ),
        error_messages={
            "max_length": _("Shorten the web address to %(limit_value)d characters."),
        },
    )
    body = ProseField(
        label=_("Comment"),
        max_length=LONGEST_BODY,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
        error_messages={
            "required": _("Write your comment."),
            "max_length": _("Shorten your comment to %(limit_value)d characters; it has %(show_value)d."),
        },
    )
    # Plain Fields: nobody sees them. What is wrong with the parent is said above the form; whatever is in the others is
    # right, and a matter for comments.checks.
    parent = forms.Field(required=False, widget=forms.HiddenInput)
    subject = forms.Field(  # the decoy: a name that programs know and that no browser fills in by itself
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    stamp = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, event_id: int, rules: Rules | None = None, answered: Comment | None = None):
        """`rules` say whether replies are taken; `answered` is what an empty form is to reply to."""
        super().__init__(data, auto_id="comment_%s", initial={"parent": answered.pk} if answered else None)
        self.event_id, self.takes_replies = event_id, rules is None or rules.levels > 1
        for field in self.fields.values():
            # A browser cuts what is pasted at maxlength and says nothing; we say what is too long and keep it whole.
            field.widget.attrs.pop("maxlength", None)

    @cached_property
    def answered(self) -> Comment | None:
        """The comment that the form as it was sent answers: one that visitors can see, on the same event."""
        given = str(self.data.get("parent") or "")
        if not self.takes_replies or not is_number(given):
            return None
        return Comment.objects.visible().filter(event=self.event_id, pk=given).first()

    def clean_parent(self) -> Comment | None:
        if self.data.get("parent") and not self.answered:
            self.let_go_of_parent()
        return self.answered

    def let_go_of_parent(self) -> None:
        self.answered = None
        self.data = self.data.copy()
        self.data["parent"] = ""  # or the same form could never be sent
        if self.takes_replies:
            sentence = _(
                "The comment that you reply to is not on this page. Send yours again: it will stand on its own."
            )
        else:
            sentence = _("Replies are not taken here any more. Send your comment again: it will stand on its own.")
        self.add_error(None, sentence)

    def submission(self, *, says_where_from: bool) -> Submission:
        """What the checks look at. Call where the form is valid."""
        given = self.cleaned_data
        return Submission(
            name=given["name"],
            body=given["body"],
            website=given["website"],
            decoy=str(given["subject"] or ""),
            stamp=stamps.read(str(given["stamp"] or ""), self.event_id),
            says_where_from=says_where_from,
        )
