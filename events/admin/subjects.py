"""Subjects in the admin: in each language side by side, with how many events are about each."""

from django.conf import settings
from django.contrib import admin
from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import build_localized_fieldname as in_language
from modeltranslation.utils import get_translation_fields

import events.history  # noqa: F401 - says what is kept
from events.models import Subject
from events.reading import phrase
from events.subject_forms import SubjectForm
from events.subjects import Topic
from omep_site.lib.admin import side_by_side
from omep_site.lib.folding import fold
from omep_site.lib.history.admin import HistoryAdmin
from omep_site.lib.translated_forms import state_line
from omep_site.lib.translating import State


def language_column(code: str, name):
    @admin.display(description=name)
    def column(subject):
        return state_line(State.FILLED if getattr(subject, in_language("name", code)) else State.MISSING)

    column.__name__ = f"in_{code}"
    return column


@admin.register(Subject)
class SubjectAdmin(HistoryAdmin, TranslationAdmin):
    form = SubjectForm
    list_display = ["title", "events", *(language_column(*each) for each in settings.LANGUAGES)]
    search_fields = get_translation_fields("name")
    fieldsets = [(None, {"fields": side_by_side("name", "slug"), "classes": ["languages"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(number_of_events=Count("eventsubject"))

    def get_search_results(self, request, queryset, search_term):
        """Accents and capitals do not count, of which SQLite knows those of ASCII only."""
        wanted = fold(search_term)
        if not search_term:
            return queryset, False
        names = queryset.values_list("pk", *self.search_fields)
        found = [key for key, *texts in names if any(wanted in fold(text or "") for text in texts)]
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("name"), ordering="name")
    def title(self, subject):
        return phrase(subject, "name", get_language()).text or str(subject)

    @admin.display(description=_("events"), ordering="number_of_events")
    def events(self, subject):
        return subject.number_of_events

    def delete_queryset(self, request, queryset):
        """Through `Subject.delete`, which events are told of."""
        for subject in queryset:
            subject.delete()

    def get_view_on_site_url(self, obj=None):
        if obj is None or not Subject.objects.of_public_events().filter(pk=obj.pk).exists():
            return None
        return Topic(obj, get_language()).path

    def lost_words(self):
        return _("A deleted subject comes back by itself: tick it again in the events that are about it.")
