import re

from adminsortable2.admin import SortableAdminBase
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from modeltranslation.utils import get_translation_fields

from events.admin.rows import ObjectiveInline, PartnerInline, StrategyInline
from events.choices import LANGUAGE_NAMES, ZONES
from events.forms import EventForm
from events.models import Event
from events.reading import path_of, read
from omep_site.lib.admin import HTTPS, RichTextAdmin, side_by_side
from omep_site.lib.links import languages


@admin.register(Event)
class EventAdmin(RichTextAdmin, SortableAdminBase, TranslationAdmin):
    form = EventForm
    formfield_overrides = HTTPS
    list_display = ["name", "when", "state", "in_languages"]
    list_filter = ["status"]
    search_fields = get_translation_fields("title") + get_translation_fields("summary")
    date_hierarchy = "starts_at"
    actions = ["publish", "withdraw"]
    inlines = [PartnerInline, StrategyInline, ObjectiveInline]
    save_on_top = True
    fieldsets = [
        (None, {"fields": side_by_side("title", "summary", "body"), "classes": ["languages"]}),
        (_("When"), {"fields": [("starts_at", "ends_at"), ("timezone", "all_day")]}),
        (_("Where"), {"fields": side_by_side("place"), "classes": ["languages"]}),
        (_("Interpretation"), {"fields": ["interpretation_languages"]}),
        (
            _("Registration"),
            {"fields": ["registration_url", *side_by_side("registration_label")], "classes": ["languages"]},
        ),
        (
            _("More words of the page"),
            {"fields": side_by_side("strategies_title", "objectives_title", "credit"), "classes": ["languages"]},
        ),
        (_("Addresses of the page"), {"fields": side_by_side("slug"), "classes": ["languages"]}),
        (_("Publishing"), {"fields": [("status", "publish_at"), "publish_incomplete"]}),
    ]
    radio_fields = {"status": admin.HORIZONTAL}

    # Hours are entered and shown in the event's own zone.

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        zone = request.POST.get("timezone")
        if zone not in ZONES:
            is_number = re.fullmatch("[0-9]{1,18}", str(object_id))
            known = Event.objects.filter(pk=object_id) if is_number else Event.objects.none()
            zone = known.values_list("timezone", flat=True).first() or Event._meta.get_field("timezone").default
        with timezone.override(zone):
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_view_on_site_url(self, obj=None):
        return path_of(obj, get_language()) if obj and obj.is_published() else None

    # Columns

    @admin.display(description=_("event"), ordering="title")
    def name(self, event):
        return read(event, get_language()).title.text or str(event)

    @admin.display(description=_("When"), ordering="starts_at")
    def when(self, event):
        when = read(event, get_language()).when
        return format_html("{} {}", when.days, when.hours)

    @admin.display(description=_("status"), ordering="status")
    def state(self, event):
        if event.status == Event.Status.PUBLISHED and event.publish_at > timezone.now():
            return _("goes out on %(moment)s") % {
                "moment": timezone.localtime(event.publish_at).strftime("%d/%m/%Y %H:%M")
            }
        return event.get_status_display()

    @admin.display(description=_("languages"))
    def in_languages(self, event):
        complete = event.complete_languages()
        signs = {True: ("✓", _("complete")), False: ("–", _("incomplete"))}
        return format_html_join(" ", '<span title="{}: {}">{}\xa0{}</span>', (
            (LANGUAGE_NAMES[code], signs[code in complete][1], code, signs[code in complete][0]) for code in languages()
        ))  # fmt: skip

    # Actions

    @admin.action(description=_("Publish the selected events"), permissions=["change"])
    def publish(self, request, events):
        self._each(request, events, Event.publish, _("published"))

    @admin.action(description=_("Take the selected events back to draft"), permissions=["change"])
    def withdraw(self, request, events):
        self._each(request, events, Event.withdraw, _("draft"))

    def _each(self, request, events, verb, state):
        done = []
        for event in events:
            if verb(event):
                self.log_change(request, event, [{"changed": {"fields": [str(_("status"))]}}])
                done.append(event)
        left = len(events) - len(done)
        if done:
            text = ngettext("%(count)d event is now: %(state)s.", "%(count)d events are now: %(state)s.", len(done))
            self.message_user(request, text % {"count": len(done), "state": state})
        if left:
            text = ngettext(
                "%(count)d event stayed as it was: it was so already, or a language of it is not complete.",
                "%(count)d events stayed as they were: they were so already, or a language of them is not complete.",
                left,
            )
            self.message_user(request, text % {"count": left}, messages.WARNING)
