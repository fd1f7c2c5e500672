"""“Duplicate”: a small page asks for the new date, and a draft opens."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from events.admin.previews import event_url
from events.choices import ZONES
from events.date_forms import DatesMixin, MomentField
from events.duplicate import duplicate
from events.models import Event
from omep_site.lib.history import in_turn, record

MADE_FROM = gettext_noop("Made from “{title}”.")


class DuplicateForm(DatesMixin, forms.ModelForm):
    """The dates of the copy, checked as in the form of an event."""

    starts_at = MomentField(label=Event._meta.get_field("starts_at").verbose_name, widget=AdminSplitDateTime)
    ends_at = MomentField(label=Event._meta.get_field("ends_at").verbose_name, widget=AdminSplitDateTime)

    class Meta:
        model = Event
        fields = ["starts_at", "ends_at", "timezone", "all_day"]

    def clean(self):
        data = super().clean()
        self.clean_dates(data)
        return data

    def _post_clean(self):
        """The row that the form makes is `duplicate`'s to make and to check."""


class DuplicateMixin:
    """For EventAdmin. Stands before ModelAdmin among the bases."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.duplicate_view)
        return [path("<path:object_id>/duplicate/", view, name="events_event_duplicate"), *super().get_urls()]

    def duplicate_view(self, request, object_id):
        event = self.get_object(request, unquote(object_id))
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not (self.has_view_or_change_permission(request, event) and self.has_add_permission(request)):
            raise PermissionDenied
        zone = request.POST.get("timezone", event.timezone)
        with timezone.override(zone if zone in ZONES else "UTC"):  # hours are typed in the event's own zone
            hours = {name: [None, timezone.localtime(getattr(event, name)).time()] for name in ("starts_at", "ends_at")}
            initial = {"timezone": event.timezone, "all_day": event.all_day} | hours
            form = DuplicateForm(request.POST or None, initial=initial)
            if form.is_valid():
                return self._duplicate(request, event, form.cleaned_data)
            context = {
                **self.admin_site.each_context(request),
                "title": _("Duplicate: %s") % event,
                "opts": self.opts,
                "object": event,
                "form": form,
                "media": self.media + form.media,
                "list_url": reverse("admin:events_event_changelist"),
                "change_url": event_url(event, "change"),
            }
            # Rendered here, where its hours are those of the zone.
            return TemplateResponse(request, "admin/events/event/duplicate.html", context).render()

    def _duplicate(self, request, event, dates):
        dates["zone"] = dates.pop("timezone")
        with in_turn():
            copy = duplicate(event, **dates)
            record(copy, request.user, MADE_FROM, title=str(event))
            self.log_addition(request, copy, _("Made from “{title}”.").format(title=event))
        text = _(
            "This is the copy, a draft that nobody else sees. Read it through before you publish it: its words may "
            "still speak of the earlier date."
        )
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(event_url(copy, "change"))

    # In the list

    @admin.action(description=gettext_lazy("Duplicate the selected event"), permissions=["add"])
    def duplicate_one(self, request, events):
        if len(events) != 1:
            self.message_user(request, _("Choose one event to duplicate."), messages.WARNING)
            return None
        return HttpResponseRedirect(event_url(events[0], "duplicate"))
