"""The rows in a form of the admin, when somebody else has deleted one of them since it was opened."""

from adminsortable2.admin import CustomInlineFormSet
from django import forms
from django.core.files.storage import Storage
from django.db import models
from django.forms.formsets import DELETION_FIELD_NAME

from omep_site.lib.history import Unreadable, read_row, versions_of


class SortableRows(CustomInlineFormSet):
    """The formset of every sortable inline.

    A row that is no longer there when the form comes back is a new one, with what the editor sent: nothing typed is
    lost. What it takes to its file is remembered by the history. One in which nothing is written stays deleted.
    """

    def _existing_object(self, pk):
        return super()._existing_object(pk) or self._with_its_files(pk)

    def _construct_form(self, i, **kwargs):
        form = super()._construct_form(i, **kwargs)
        form.is_gone = self.is_bound and i < self.initial_form_count() and form.instance.pk is None
        if form.is_gone:
            # Its old key is no choice any more; it comes along so that its files are found again.
            form.fields[self.model._meta.pk.name] = forms.CharField(required=False, widget=forms.HiddenInput)
        return form

    @property
    def initial_forms(self):
        return [form for form in super().initial_forms if not form.is_gone]

    @property
    def extra_forms(self):
        return [form for form in self.forms if form.is_gone] + super().extra_forms

    def _should_delete_form(self, form):
        return super()._should_delete_form(form) or (form.is_gone and not _is_filled(form))

    def _with_its_files(self, pk) -> models.Model | None:
        """A new row with the files of one that is gone, as its last version names them."""
        files = [each for each in self.model._meta.fields if isinstance(each, models.FileField)]
        last = versions_of(self.model, pk).first() if files else None
        try:
            values = read_row(last.serialized_data, self.model, last.object_id).values if last else {}
        except Unreadable:
            return None
        if not values or values.get(self.fk.name) != self.instance.pk:
            return None
        names = {each.name: values.get(each.name) for each in files if _is_there(each.storage, values.get(each.name))}
        return self.model(**names)


def _is_there(storage: Storage, name: str | None) -> bool:
    return bool(name) and storage.exists(name)


def _is_filled(form: forms.ModelForm) -> bool:
    shown = (field for field in form if not field.is_hidden and field.name != DELETION_FIELD_NAME)
    return any(field.data not in (None, "", False, []) for field in shown)
