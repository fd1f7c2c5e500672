from adminsortable2.admin import SortableAdminBase, SortableTabularInline
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db import models
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline
from modeltranslation.utils import get_translation_fields

import pages.history  # noqa: F401 - says what is kept
from events.reading import name_languages
from omep_site.lib.admin import HTTPS, RichTextAdmin, side_by_side
from omep_site.lib.history import CannotBringBack
from omep_site.lib.history.admin import HistoryAdmin
from omep_site.lib.links import languages
from omep_site.lib.logos import LogoField
from omep_site.lib.rows import SortableRows
from omep_site.lib.translated_forms import state_line
from omep_site.lib.translating import overall, states
from pages.defaults import TEXTS
from pages.forms import LinkForm, LogoWidget, PageForm, SiteTextsForm
from pages.models import Page, SiteTexts, SocialLink
from pages.reading import path_of, read


class LinkInline(SortableTabularInline, TranslationTabularInline):
    model = SocialLink
    form = LinkForm
    formset = SortableRows
    formfield_overrides = {models.URLField: HTTPS[models.URLField] | {"widget": forms.URLInput(attrs={"size": 26})}}
    extra = 0


@admin.register(SiteTexts)
class SiteTextsAdmin(HistoryAdmin, SortableAdminBase, TranslationAdmin):
    """One row: what would be the list leads to its form."""

    form = SiteTextsForm
    inlines = [LinkInline]
    formfield_overrides = {models.ImageField: {"form_class": LogoField, "widget": LogoWidget}}
    radio_fields = {"source_language": admin.HORIZONTAL}
    fieldsets = [
        (
            _("At the top of every page"),
            {"fields": ["source_language", *side_by_side("name", "tagline"), "logo"], "classes": ["languages"]},
        ),
        (_("Home page"), {"fields": side_by_side("home_title", "home_introduction"), "classes": ["languages"]}),
        (_("At the foot of every page"), {"fields": side_by_side("about", "contact"), "classes": ["languages"]}),
    ]

    class Media:
        js = ["editors.js"]

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not SiteTexts.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_changeform_initial_data(self, request):
        return TEXTS | super().get_changeform_initial_data(request)

    def changelist_view(self, request, extra_context=None):
        row = SiteTexts.objects.first()
        if row:
            return HttpResponseRedirect(reverse("admin:pages_sitetexts_change", args=[row.pk]))
        return HttpResponseRedirect(reverse("admin:pages_sitetexts_add"))

    def response_post_save_change(self, request, obj):
        return HttpResponseRedirect(reverse("admin:index"))

    response_post_save_add = response_post_save_change

    def get_view_on_site_url(self, obj=None):
        return reverse("events:home") if obj else None


def language_column(code: str, name):
    @admin.display(description=name)
    def column(page):
        found = overall(states(page, code, page.source_language, ("title", "body")).values())
        label = found.label if code in page.complete_languages() else _("incomplete")
        return state_line(found, label)

    column.__name__ = f"in_{code}"
    return column


class LanguageFilter(admin.SimpleListFilter):
    title = _("languages")
    parameter_name = "language"

    def lookups(self, request, model_admin):
        # Translators: {language} is “English”.
        return [
            (code, gettext("not in {language} yet").format(language=gettext(name))) for code, name in settings.LANGUAGES
        ]

    def queryset(self, request, queryset):
        if self.value() not in languages():
            return queryset
        return queryset.exclude(pk__in=Page.objects.complete_in(self.value()).values("pk"))


@admin.register(Page)
class PageAdmin(HistoryAdmin, RichTextAdmin, TranslationAdmin):
    form = PageForm
    list_display = ["name", "place", "status", *(language_column(*each) for each in settings.LANGUAGES)]
    list_filter = ["status", "place", "kind", LanguageFilter]
    search_fields = get_translation_fields("title") + get_translation_fields("body")
    search_help_text = _("Words of the title or the text, in any language")
    actions = ["publish", "withdraw"]
    save_on_top = True
    radio_fields = dict.fromkeys(("source_language", "kind", "place", "status"), admin.HORIZONTAL)
    fieldsets = [
        (None, {"fields": ["source_language", *side_by_side("title", "body")], "classes": ["languages"]}),
        (_("In the site"), {"fields": ["kind", "place", "position"]}),
        (_("Addresses of the page"), {"fields": side_by_side("slug"), "classes": ["languages", "collapse"]}),
        (_("Publishing"), {"fields": ["status"]}),
    ]

    class Media:
        js = ["editors.js"]

    def get_changeform_initial_data(self, request):
        return {"source_language": get_language()} | super().get_changeform_initial_data(request)

    def get_view_on_site_url(self, obj=None):
        return path_of(obj, get_language()) if obj and obj.is_published() else None

    def check_brought_back(self, request, obj, before):
        if before is None or obj.status != Page.Status.PUBLISHED:
            return
        # What is public, in whichever language, does not vanish by bringing old words back.
        complete = obj.complete_languages()
        gone = [language for language in before.complete_languages() if language not in complete]
        if gone:
            sentence = gettext(
                "This version is not complete in {languages}, and the page is published. Take the page back to draft "
                "first, then bring this version back."
            )
            raise CannotBringBack(sentence.format(languages=name_languages(gone)))
        for gap in obj.gaps():
            sentence = gettext(
                "In this version, “{gap}” is still to be filled in, and the page is published. Take the page back to "
                "draft first, then bring this version back."
            )
            raise CannotBringBack(sentence.format(gap=gap))

    def deleted_title(self):
        return _("Deleted pages")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        missing = [language for language in languages() if obj.missing_in(language)]
        if obj.is_published() and missing:
            sentence = gettext(
                "This page is not written in %(languages)s yet. Its readers see another language, and are told."
            )
            self.message_user(request, sentence % {"languages": name_languages(missing)}, messages.WARNING)

    @admin.display(description=_("page"), ordering="title")
    def name(self, page):
        return read(page, get_language()).title.text or str(page)

    # Actions

    @admin.action(description=_("Publish the selected pages"), permissions=["change"])
    def publish(self, request, pages):
        left = self._each(request, pages, Page.publish, _("published"), gettext_noop("Published."))
        for page in left:
            for gap in page.gaps()[:1] if page.status == Page.Status.DRAFT else []:
                sentence = gettext("“{page}” was not published: “{gap}” is still to be filled in.")
                self.message_user(request, sentence.format(page=page, gap=gap), messages.WARNING)

    @admin.action(description=_("Take the selected pages back to draft"), permissions=["change"])
    def withdraw(self, request, pages):
        self._each(request, pages, Page.withdraw, _("draft"), gettext_noop("Taken back to draft."))

    def _each(self, request, pages, verb, state, sentence) -> list[Page]:
        """Does it to each page and says how many; returns those that stayed as they were."""
        done, left = self.do_to_each(request, pages, verb, sentence)
        if done:
            text = ngettext("%(count)d page is now: %(state)s.", "%(count)d pages are now: %(state)s.", len(done))
            self.message_user(request, text % {"count": len(done), "state": state})
        if left:
            text = ngettext(
                "%(count)d page stayed as it was: it was so already, or it is not ready to be published.",
                "%(count)d pages stayed as they were: they were so already, or they are not ready to be published.",
                len(left),
            )
            self.message_user(request, text % {"count": len(left)}, messages.WARNING)
        return left
