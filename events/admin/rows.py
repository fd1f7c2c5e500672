"""The ordered rows in an event's form."""

from adminsortable2.admin import SortableTabularInline
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db import models
from modeltranslation.admin import TranslationTabularInline

from events.models import EventPartner, Objective, Strategy
from events.row_forms import RowForm


class RowInline(SortableTabularInline, TranslationTabularInline):
    form = RowForm
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
    extra = 0
