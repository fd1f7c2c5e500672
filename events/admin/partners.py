from django.contrib import admin
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import get_translation_fields

from events.models import Partner
from omep_site.lib.admin import HTTPS
from omep_site.lib.history.admin import HistoryAdmin


@admin.register(Partner)
class PartnerAdmin(HistoryAdmin, TranslationAdmin):
    formfield_overrides = HTTPS
    list_display = ["name", "full_name", "url"]
    search_fields = ["name", *get_translation_fields("full_name")]
