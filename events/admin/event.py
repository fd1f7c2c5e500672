from adminsortable2.admin import SortableAdminBase
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.db import models
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import get_translation_fields

from events.admin.duplicates import DuplicateMixin
from events.admin.history import EventHistory
from events.admin.lists import (
    LANGUAGE_COLUMNS,
    DateFilter,
    LanguageFilter,
    PublicFilter,
    SubjectFilter,
    states_in_short,
)
from events.admin.media_rows import DocumentInline, PictureInline, SpeakerInline
from events.admin.previews import PreviewMixin
from events.admin.rows import ObjectiveInline, PartnerInline, StrategyInline
from events.choices import FIRST_CITIES, ZONES
from events.completeness import keep_overview, lacking, reports
from events.date_forms import NOON, MomentField
from events.dates import read_back
from events.forms import EventForm, what_is_missing
from events.models import Event
from events.reading import path_of, read
from events.row_forms import insert_after
from events.when import hour, one_date
from omep_site.lib.admin import HTTPS, RichTextAdmin, side_by_side
from omep_site.lib.numbers import is_number


@admin.register(Event)
class EventAdmin(EventHistory, PreviewMixin, DuplicateMixin, RichTextAdmin, SortableAdminBase, TranslationAdmin):
    form = EventForm
    formfield_overrides = HTTPS | {
        models.DateTimeField: {"form_class": MomentField, "widget": AdminSplitDateTime},
    }
    list_display = ["name", "when", "state", *LANGUAGE_COLUMNS]
    list_filter = [PublicFilter, DateFilter, LanguageFilter, SubjectFilter]
    search_fields = (
        get_translation_fields("title") + get_translation_fields("summary") + get_translation_fields("place")
    )
    search_help_text = _("Words of the title, the announcement or the place, in any language")
    date_hierarchy = "starts_at"
    actions = ["publish", "withdraw", "duplicate_one"]
    inlines = [PartnerInline, SpeakerInline, StrategyInline, ObjectiveInline, PictureInline, DocumentInline]
    save_on_top = True
    readonly_fields = ["read_back"]
    radio_fields = {
        "status": admin.HORIZONTAL,
        "source_language": admin.HORIZONTAL,
        "attendance_mode": admin.HORIZONTAL,
        "event_status": admin.VERTICAL,
    }
    fieldsets = [
        (None, {"fields": ["source_language", *side_by_side("title", "summary", "body")], "classes": ["languages"]}),
        (
            _("When"),
            {
                "fields": [
                    ("starts_at", "ends_at"),
                    ("timezone", "all_day"),
                    "read_back",
                    "event_status",
                    "previous_starts_at",
                    "cities",
                ]
            },
        ),
        (
            _("Where"),
            {"fields": ["attendance_mode", *side_by_side("place"), "conference_url"], "classes": ["languages"]},
        ),
        (_("Interpretation"), {"fields": ["interpretation_languages"]}),
        (_("Subjects"), {"fields": ["topics"]}),
        (
            _("Registration"),
            {
                "fields": ["registration_url", "registration_closes_at", *side_by_side("registration_label")],
                "classes": ["languages"],
                "description": _("The hour is one of the event’s zone."),
            },
        ),
        (
            _("After the event"),
            {"fields": side_by_side("recording_url", "transcript"), "classes": ["languages", "collapse"]},
        ),
        (
            _("More words of the page"),
            {
                "fields": side_by_side("strategies_title", "objectives_title", "credit"),
                "classes": ["languages", "collapse"],
            },
        ),
        (_("Addresses of the page"), {"fields": side_by_side("slug"), "classes": ["languages", "collapse"]}),
        (
            _("Publishing"),
            {
                "fields": ["status", "publish_at", "publish_incomplete"],
                "classes": ["last"],  # stands under the rows (change_form.html)
                "description": _("The hour is one of the event’s zone."),
            },
        ),
    ]

    class Media:
        js = ["editors.js"]

    # Hours are entered and shown in the event's own zone.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        zone = request.POST.get("timezone")
        if zone not in ZONES:
            known = Event.objects.filter(pk=object_id) if is_number(object_id) else Event.objects.none()
            zone = known.values_list("timezone", flat=True).first() or Event._meta.get_field("timezone").default
        with timezone.override(zone):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_urls(self):
        view = self.admin_site.admin_view(self.read_back_view)
        return [path("read-back/", view, name="events_event_read_back"), *super().get_urls()]

    @admin.display(description=_("in words"))
    def read_back(self, event):
        words = read_back(event.starts_at, event.ends_at, event.timezone, event.all_day) if event.pk else None
        return render_to_string("admin/events/event/_read_back.html", {"read_back": words, "stands": True})

    def read_back_view(self, request):
        """What the form's hours mean, while they are typed: a piece of HTML for editors.js."""
        zone = request.GET.get("timezone")
        typed = [[request.GET.get(f"{name}_{part}", "") for part in (0, 1)] for name in ("starts_at", "ends_at")]
        context = {}
        with timezone.override(zone if zone in ZONES else "UTC"):
            if request.GET.get("all_day"):
                typed = [[day, NOON] for day, _hour in typed]
            try:
                start, end = (MomentField().clean(each) for each in typed)
                if end < start:
                    context["fault"] = gettext("The event ends before it starts.")
                elif zone in ZONES:
                    context["read_back"] = read_back(start, end, zone, bool(request.GET.get("all_day")))
            except ValidationError as error:
                if all(part for pair in typed for part in pair):  # what is still being typed has no fault yet
                    context["fault"] = error.messages[0]
            return TemplateResponse(request, "admin/events/event/_read_back.html", context).render()

    # Forms

    def get_fieldsets(self, request, obj=None):
        """Nothing has become yet of an event that is being announced."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is not None:
            return fieldsets
        later = ("event_status", "previous_starts_at")
        return [
            (title, options | {"fields": [field for field in options["fields"] if field not in later]})
            for title, options in fieldsets
        ]

    def get_changeform_initial_data(self, request):
        return {"source_language": get_language(), "cities": FIRST_CITIES} | super().get_changeform_initial_data(
            request
        )

    def save_formset(self, request, form, formset, change):
        for row_form in formset.forms:
            row_form.instance.event = form.instance  # whose source language may have changed in this very form
        super().save_formset(request, form, formset, change)
        for row_form in formset.forms:
            further = getattr(row_form, "further", None)
            if further and row_form.instance.pk and row_form not in formset.deleted_forms:
                insert_after(row_form.instance, further)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        form.instance.subjects.set(form.cleaned_data["topics"])
        keep_overview(form.instance)
        self.say_what_follows(request, form.instance)

    def say_what_follows(self, request, event):
        """What was saved and cannot be read yet: nobody finds that out from a page that is not there."""
        incomplete = lacking(event)
        if event.status == Event.Status.DRAFT:
            self.message_user(request, gettext("It is a draft: visitors do not see it."), messages.INFO)
        if incomplete:
            text = format_html(gettext("Still missing: {missing}"), missing=what_is_missing(incomplete))
            self.message_user(request, text, messages.INFO)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["reports"] = reports(obj)
            obj.was_refused = bool(context.get("errors"))  # it then holds what was typed, not what is on the site
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_view_on_site_url(self, obj=None):
        if obj is None or getattr(obj, "was_refused", False) or not obj.is_published():
            return None
        return path_of(obj, get_language())

    # Columns

    @admin.display(description=_("event"), ordering="title")
    def name(self, event):
        title = read(event, get_language()).title.text or str(event)
        # On a phone the columns of the languages are out of sight; their states stand under the title.
        return format_html('{}<span class="on-a-phone">{}</span>', title, states_in_short(event))

    @admin.display(description=_("When"), ordering="starts_at")
    def when(self, event):
        reading = read(event, get_language())
        became = format_html("<strong>{}</strong><br>", reading.became) if reading.became else ""
        return format_html("{}{} {}", became, reading.when.days, reading.when.hours)

    @admin.display(description=_("on the site"), ordering="status")
    def state(self, event):
        if event.status == Event.Status.PUBLISHED and event.publish_at > timezone.now():
            moment = timezone.localtime(event.publish_at)
            return format_html(_("goes out on {day}, {hour}"), day=one_date(moment), hour=hour(moment))
        return event.get_status_display()

    # Actions

    @admin.action(description=_("Publish the selected events"), permissions=["change"])
    def publish(self, request, events):
        left = self._each(request, events, Event.publish, _("published"), gettext_noop("Published."))
        for event in left:
            incomplete = lacking(event)
            if event.status == Event.Status.DRAFT and incomplete:
                sentence = _("“{event}” was not published. {missing}")
                text = format_html(sentence, event=event, missing=what_is_missing(incomplete))
                self.message_user(request, text, messages.WARNING)

    @admin.action(description=_("Take the selected events back to draft"), permissions=["change"])
    def withdraw(self, request, events):
        self._each(request, events, Event.withdraw, _("draft"), gettext_noop("Taken back to draft."))

    def _each(self, request, events, verb, state, sentence) -> list[Event]:
        """Does it to each event and says how many; returns those that stayed as they were."""
        done, left = self.do_to_each(request, events, verb, sentence)
        if done:
            text = ngettext("%(count)d event is now: %(state)s.", "%(count)d events are now: %(state)s.", len(done))
            self.message_user(request, text % {"count": len(done), "state": state})
        if left:
            text = ngettext(
                "%(count)d event stayed as it was: it was so already, or a language of it is not complete.",
                "%(count)d events stayed as they were: they were so already, or a language of them is not complete.",
                len(left),
            )
            self.message_user(request, text % {"count": len(left)}, messages.WARNING)
        return left
