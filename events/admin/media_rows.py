"""The speakers, pictures and documents in an event's form."""

from adminsortable2.admin import SortableStackedInline
from django.db import models
from modeltranslation.admin import TranslationStackedInline

from events.media_forms import DocumentForm, DocumentInput, PictureForm, SpeakerForm
from events.models import Document, Picture, Speaker
from omep_site.lib.admin import HTTPS, side_by_side
from omep_site.lib.rows import SortableRows


class MediaInline(SortableStackedInline, TranslationStackedInline):
    formset = SortableRows
    extra = 0
    formfield_overrides = HTTPS | {models.FileField: {"widget": DocumentInput}}

    class Media:
        css = {"all": ["admin-media.css"]}

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")  # each row asks it for the source language


class SpeakerInline(MediaInline):
    model = Speaker
    form = SpeakerForm
    fieldsets = [
        (None, {"fields": ["name", *side_by_side("role"), "picture", "url", "position"], "classes": ["languages"]})
    ]


class PictureInline(MediaInline):
    model = Picture
    form = PictureForm
    fieldsets = [
        (
            None,
            {
                "fields": ["file", *side_by_side("alt"), "decorative", *side_by_side("caption"), "position"],
                "classes": ["languages"],
            },
        )
    ]


class DocumentInline(MediaInline):
    model = Document
    form = DocumentForm
    fieldsets = [(None, {"fields": [*side_by_side("title", "file", "url"), "position"], "classes": ["languages"]})]
