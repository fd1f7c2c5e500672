from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import get_translation_fields

from events.models import Partner
from omep_site.lib.admin import HTTPS
from omep_site.lib.history.admin import HistoryAdmin
from omep_site.lib.logos import LogoField, LogoInput


class PartnerLogoInput(LogoInput):
    without = _("Take this logo off the pages")


@admin.register(Partner)
class PartnerAdmin(HistoryAdmin, TranslationAdmin):
    formfield_overrides = HTTPS | {models.ImageField: {"form_class": LogoField, "widget": PartnerLogoInput}}
    list_display = ["name", "full_name", "url"]
    search_fields = ["name", *get_translation_fields("full_name")]
