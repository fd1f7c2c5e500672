"""The forms on the author's own page."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.forms import CommentForm
from comments.models import Comment

WORDS = ("name", "website", "body")


class EditForm(forms.Form):
    """The words of a comment, under the rules of the form that it was written in; the address stays as it was."""

    name = CommentForm.base_fields["name"]
    website = CommentForm.base_fields["website"]
    body = CommentForm.base_fields["body"]
    # Which version the author had before their eyes. A plain Field: whatever is wrong with it is another version.
    revision = forms.Field(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, **kwargs):
        super().__init__(data, auto_id="edit_%s", **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)  # as in CommentForm

    @classmethod
    def of(cls, comment: Comment) -> "EditForm":
        return cls(initial={name: getattr(comment, name) for name in (*WORDS, "revision")})

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in WORDS}

    def clean_revision(self) -> int:
        """0, which no comment has, for what is no number."""
        given = str(self.cleaned_data["revision"] or "")
        return int(given) if re.fullmatch("[0-9]{1,9}", given) else 0

    def show_revision(self, revision: int) -> None:
        """The same words, to be sent over this version."""
        self.data = self.data.copy()
        self.data["revision"] = str(revision)


class FollowForm(forms.Form):
    """What its author wants to be told. Empty, whatever was chosen before: it tells nothing of an address."""

    publication = forms.BooleanField(label=_("Tell me when my comment is published"), required=False)
    replies = forms.BooleanField(label=_("Tell me when somebody answers"), required=False)

    def __init__(self, data=None, *, offered: list[str]):
        super().__init__(data, auto_id="follow_%s")
        for name in set(self.fields) - set(offered):
            del self.fields[name]
