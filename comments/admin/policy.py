"""The rules of commenting: one row for the site, which is always there, and one for each event that has its own."""

from django.contrib import admin, messages
from django.db.models import F, Prefetch
from django.utils import timezone
from django.utils.html import format_html_join, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comments.admin.filters import event_title, titled_events
from comments.admin.policy_form import PolicyForm, in_words
from comments.models import Policy
from omep_site.lib.history.telling import date_and_hour


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin):
    form = PolicyForm
    list_display = ["whose", "says"]
    list_display_links = ["whose"]
    sortable_by = []
    show_full_result_count = False
    actions = None
    fieldsets = [
        (
            gettext_lazy("Who reads first"),
            {
                "fields": ["hold", "reports_to_hold"],
                "description": gettext_lazy(
                    "Which comments the page shows at once, and which only after your decision."
                ),
            },
        ),
        (
            gettext_lazy("When comments close"),
            {
                "fields": ["opening", "closes_after"],
                "description": gettext_lazy("When they are closed, the page shows them still, without the form."),
            },
        ),
        (
            gettext_lazy("How the page shows them"),
            {"fields": ["levels", "page_size", "newest_first"]},
        ),
        (
            gettext_lazy("What is noticed"),
            {
                "fields": [
                    "links_to_hold",
                    "links_to_spam",
                    "hold_words",
                    "spam_words",
                    "repeat_minutes",
                    "min_seconds",
                ],
                "description": gettext_lazy(
                    "The site notes what it noticed, and you see it beside the comment. At worst a comment is put "
                    "aside as spam: nothing that a visitor wrote is lost."
                ),
            },
        ),
        (
            gettext_lazy("How much at once"),
            {
                "fields": ["per_minute", "per_hour"],
                "description": gettext_lazy(
                    "A school writes from one network. Whoever writes more is asked to come back later, and keeps "
                    "every word."
                ),
            },
        ),
        (
            gettext_lazy("What is deleted by itself"),
            {
                "fields": ["spam_days", "trash_days"],
                "description": gettext_lazy("Counted from the day on which a comment was put there."),
            },
        ),
    ]

    class Media:
        css = {"all": ["admin-comments.css"]}

    def get_queryset(self, request):
        rows = super().get_queryset(request).prefetch_related(Prefetch("event", titled_events()))
        return rows.order_by(F("event").desc(nulls_first=True))

    def get_fieldsets(self, request, obj=None):
        """The event is asked for once: afterwards it is the row's name, and the row of the site has none."""
        return self.fieldsets if obj else [(None, {"fields": ["event"]}), *self.fieldsets]

    def changelist_view(self, request, extra_context=None):
        if self.has_change_permission(request):
            Policy.objects.get_or_create(event=None)
        return super().changelist_view(request, extra_context)

    def has_delete_permission(self, request, obj=None):
        """Without its row the site has rules still; to come back to them, empty its fields.

        The rules of one event go with the event: whoever may delete that needs no word about comments.
        """
        if obj is not None and obj.event_id is None:
            return False
        with_its_event = (request.resolver_match.url_name or "").startswith("events_event_")
        return super().has_delete_permission(request, obj) or (
            with_its_event and request.user.has_perm("events.delete_event")
        )

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        row = self.get_object(request, object_id) if object_id else None
        title = whose(row) if row else _("Rules for one event")
        return super().changeform_view(
            request, object_id, form_url, {"title": title, "subtitle": None} | (extra_context or {})
        )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if obj.event_id is None:
            return
        closes_at = Policy.objects.in_force(obj.event).closes_at(obj.event)
        if closes_at and closes_at <= timezone.now():  # it may be what is wanted, and it may be a surprise
            moment = date_and_hour(timezone.localtime(closes_at))
            said = _("By these rules, the comments of this event closed on {moment}.").format(moment=moment)
            self.message_user(request, said, messages.WARNING)

    @admin.display(description=pgettext_lazy("rules", "for"))
    def whose(self, row):
        return whose(row)

    @admin.display(description=gettext_lazy("what they say"))
    def says(self, row):
        said = [
            _("{what}: {value}").format(
                what=capfirst(Policy._meta.get_field(name).verbose_name), value=in_words(name, value)
            )
            for name, value in row.said().items()
        ]
        if said:
            return format_html_join(mark_safe("<br>"), "{}", ([each] for each in said))  # a tag of ours
        if row.event_id is None:
            return _("nothing of their own: the rules that the site came with hold")
        return _("nothing of their own")


def whose(row: Policy) -> str:
    if row.event_id is None:
        return _("Rules of the whole site")
    return event_title(row.event).text or str(row.event)
