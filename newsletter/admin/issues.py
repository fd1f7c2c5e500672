"""Letters in the admin: written in the languages side by side while they are drafts, looked at afterwards."""

from adminsortable2.admin import SortableAdminBase, SortableTabularInline
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import get_translation_fields

import newsletter.history  # noqa: F401 - says what is kept
from events.models import Event
from events.reading import phrase, read
from newsletter import audience
from newsletter.admin.going_out import GoingOutMixin
from newsletter.admin.issue_previews import IssuePreviewMixin, issue_url
from newsletter.admin.issue_verbs import VerbsMixin
from newsletter.admin.issue_words import in_words, readers_in_words
from newsletter.admin.progress import progress_context, progress_view
from newsletter.issue_forms import CardRows, IssueForm
from newsletter.models import Issue, IssueEvent, Tag
from newsletter.reading import path_of
from omep_site.lib.admin import RichTextAdmin, side_by_side
from omep_site.lib.history import CannotBringBack
from omep_site.lib.history.admin import HistoryAdmin


class CardInline(SortableTabularInline):
    model = IssueEvent
    formset = CardRows
    extra = 0
    fields = ["event", "position"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event")  # whose title names the row

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "event":
            field.queryset = Event.objects.coming_first()
            field.widget = forms.Select(attrs={"aria-label": db_field.verbose_name})
            field.choices = choices_of_events()  # asked once for all rows
        return field

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        choice = formset.form.base_fields["event"].widget
        # A cross beside the name would delete the event everywhere, not this row.
        choice.can_add_related = choice.can_change_related = False
        choice.can_delete_related = choice.can_view_related = False
        return formset


def choices_of_events() -> list:
    """Those to come first; what is a draft says so, because a letter cannot present it yet."""
    now, language = timezone.now(), get_language()
    to_come, over = [], []
    for event in Event.objects.coming_first(now):
        title = phrase(event, "title", language).text or str(event)
        tile = read(event, language, now).tile
        words = f"{title} ({tile.day} {tile.month} {tile.year})"
        if event.status == Event.Status.DRAFT:
            words = gettext("{event} – draft").format(event=words)
        (over if event.has_ended(now) else to_come).append((event.pk, words))
    return [("", "---------"), (gettext("Coming events"), to_come), (gettext("Past events"), over)]


@admin.register(Issue)
class IssueAdmin(
    VerbsMixin, GoingOutMixin, IssuePreviewMixin, HistoryAdmin, RichTextAdmin, SortableAdminBase, TranslationAdmin
):
    form = IssueForm
    list_display = ["name", "state", "when", "readers"]
    list_filter = ["status", "kind"]
    list_per_page = 25
    show_full_result_count = False
    search_fields = get_translation_fields("subject") + get_translation_fields("body")
    search_help_text = _("Words of the subject or the text, in any language")
    inlines = [CardInline]
    save_on_top = True
    radio_fields = {"source_language": admin.HORIZONTAL}
    readonly_fields = ["readers_now"]
    fieldsets = [
        (
            None,
            {"fields": ["source_language", *side_by_side("subject", "summary", "body")], "classes": ["languages"]},
        ),
        (
            _("Who gets it"),
            # Under the cards (change_form.html): what is written comes before whom it is for.
            {"fields": ["only_language", "tags", "readers_now", "incomplete", "in_archive"], "classes": ["last"]},
        ),
    ]

    class Media:
        css = {"all": ["admin-newsletter.css"]}
        js = ["editors.js"]

    def get_urls(self):
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:issue_id>/progress/", view, name="newsletter_issue_progress"), *super().get_urls()]

    def progress_view(self, request, issue_id):
        return progress_view(self, request, issue_id)

    # The form

    def get_changeform_initial_data(self, request):
        return {"source_language": get_language()} | super().get_changeform_initial_data(request)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "tags":
            kwargs["widget"] = forms.CheckboxSelectMultiple
            kwargs["queryset"] = Tag.objects.all()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description=_("how many readers that is now"))
    def readers_now(self, issue):
        if issue.pk is None:
            return gettext("It is counted once the letter is saved.")
        return readers_in_words(audience.counts(issue))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["may_change"] = self.has_change_permission(request)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What is no draft any more has no form: a page says where it stands, at a small and constant cost."""
        if object_id and request.method == "GET":
            issue = self.get_object(request, unquote(object_id))
            if issue and not issue.is_draft and self.has_view_or_change_permission(request, issue):
                return self.letter_page(request, issue)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def letter_page(self, request, issue):
        context = self.admin_site.each_context(request) | {
            "title": phrase(issue, "subject", get_language()).text or str(issue),
            "opts": self.opts,
            "original": issue,
            "object": issue,
            "media": self.media,
            "words": in_words(issue),
            "may_change": self.has_change_permission(request),
            "has_add_permission": self.has_add_permission(request),
            "list_url": reverse("admin:newsletter_issue_changelist"),
            "change_url": issue_url(issue, "change"),
            "history_url": issue_url(issue, "history"),
            "public_url": self.get_view_on_site_url(issue),
            "progress_url": reverse("admin:newsletter_issue_progress", args=[issue.pk]),
            **progress_context(issue),
        }
        return TemplateResponse(request, "admin/newsletter/issue/letter.html", context)

    def has_delete_permission(self, request, obj=None):
        """What went out, or was about to, is a record."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    def check_brought_back(self, request, obj, before):
        if before is not None and not before.is_draft:
            raise CannotBringBack(gettext("Words are changed in a draft only, and this letter is none any more."))

    def get_view_on_site_url(self, obj=None):
        return path_of(obj, get_language()) if obj and obj.is_public() else None

    def say_what_follows(self, request, issue):
        self.message_user(request, gettext("It is a draft: nobody gets it until you send it."), messages.INFO)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        self.say_what_follows(request, form.instance)

    # Columns

    @admin.display(description=pgettext_lazy("mail", "subject"), ordering="subject")
    def name(self, issue):
        title = phrase(issue, "subject", get_language()).text or str(issue)
        if issue.kind == Issue.Kind.LETTER:
            return title
        return format_html('{}<br><span class="quiet">{}</span>', title, issue.get_kind_display())

    @admin.display(description=_("status"), ordering="status")
    def state(self, issue):
        return format_html('<span class="state {}">{}</span>', issue.status, issue.get_status_display())

    @admin.display(description=_("goes out, or went out"), ordering="send_at")
    def when(self, issue):
        return in_words(issue).moment

    @admin.display(description=_("readers"))
    def readers(self, issue):
        return issue.readers
