"""Two people who edit the same row: whoever saves second is told, once, and nothing typed is lost."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from omep_site.lib.history import last_entry
from omep_site.lib.history.telling import moment_in_words, who


class OpenedMixin(forms.Form):
    """For a ModelForm of a kept row with `updated_at`. Stands before ModelForm among the bases.

    The page shows both fields (admin/history/_opened.html): `opened` is hidden and holds when the row was last changed
    as the form was opened; `save_over` is a tick that is shown once somebody else has saved since.
    """

    opened = forms.CharField(widget=forms.HiddenInput, required=False)
    save_over = forms.BooleanField(
        required=False, label=gettext_lazy("Save my version nevertheless; theirs is in the history")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.overtaken = ""  # the sentence, once it was said
        if self.instance.pk:
            self.fields["opened"].initial = self.initial["opened"] = self.instance.updated_at.isoformat()

    @cached_property
    def changed_data(self):
        """Neither field is one of the row: Django's log has nothing to say about them."""
        return [name for name in super().changed_data if name not in ("opened", "save_over")]

    def clean(self):
        data = super().clean()
        self.overtaken = self._who_was_quicker() if self.instance.pk else ""
        if self.overtaken and not data.get("save_over"):
            self.add_error("save_over", self.overtaken)
        return data

    def _who_was_quicker(self) -> str:
        """Who has saved since the form was opened, as a sentence; "" for nobody."""
        try:
            opened = parse_datetime(self.data.get(self.add_prefix("opened")) or "")
        except ValueError:
            opened = None
        if opened and timezone.is_naive(opened):  # no moment without its offset
            opened = None
        model = type(self.instance)
        with transaction.atomic():  # the lock lasts as long as the request's own transaction
            rows = model._default_manager.select_for_update().filter(pk=self.instance.pk)
            changed = rows.values_list("updated_at", flat=True).first()
        # A form that does not say when it was opened was not ours: there is nothing to compare with.
        if opened is None or changed is None or changed == opened:
            return ""
        last = last_entry(model, self.instance.pk)
        name = who(last.user) if last and last.at >= opened else ""
        with timezone.override(None):  # as the history says it, and not in the hours of the event
            when = moment_in_words(changed)
        if name:
            sentence = _("{name} has saved this page since you opened it ({when}). Your words below are not saved yet.")
        else:
            sentence = _("This page was changed since you opened it ({when}). Your words below are not saved yet.")
        return format_html(sentence, name=name, when=when)
