"""The ordered rows in an event's form."""

from adminsortable2.admin import SortableTabularInline
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from modeltranslation.admin import TranslationTabularInline

from events.models import EventPartner, Objective, Strategy
from events.row_forms import RowForm
from omep_site.lib.rows import SortableRows


class RowInline(SortableTabularInline, TranslationTabularInline):
    form = RowForm
    formset = SortableRows
    extra = 0
    formfield_overrides = {models.CharField: {"widget": AdminTextareaWidget(attrs={"rows": 2})}}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")  # each row asks it for the source language


class StrategyInline(RowInline):
    model = Strategy


class ObjectiveInline(RowInline):
    model = Objective


class PartnerInline(SortableTabularInline):
    model = EventPartner
    formset = SortableRows
    extra = 0

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "partner":
            field.widget.attrs["aria-label"] = db_field.verbose_name
        return field

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form.base_fields["role"].widget.attrs["aria-label"] = EventPartner._meta.get_field("role").verbose_name
        choice = formset.form.base_fields["partner"].widget
        # A cross beside the name would delete the partner everywhere, not this row.
        choice.can_delete_related = choice.can_change_related = choice.can_view_related = False
        return formset
