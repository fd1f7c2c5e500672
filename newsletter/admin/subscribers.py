from django.contrib import admin
from django.contrib.admin import DateFieldListFilter, SimpleListFilter
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletter.admin.bounces import BounceInline
from newsletter.models import CONFIRM_WITHIN, Consent, Subscriber


class ReadOnly:
    """To look up. What changes a subscriber is a verb."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ConsentInline(ReadOnly, admin.TabularInline):
    model = Consent
    fields = ["at", "kind", "text", "page"]
    extra = 0

    def has_view_permission(self, request, obj=None):
        return True  # whoever sees the subscriber; the inline stands nowhere else

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("text")


class StandingFilter(SimpleListFilter):
    """The statuses, and those who asked and never pressed the button: the link that they got has ended."""

    title = _("standing")
    parameter_name = "status__exact"
    LATE = "late"

    def lookups(self, request, model_admin):
        status = Subscriber.Status
        return [
            (status.CONFIRMED.value, _("subscribed")),
            (status.PENDING.value, _("waiting for confirmation")),
            (self.LATE, _("waiting for more than a week")),
            (status.UNSUBSCRIBED.value, _("unsubscribed")),
            (status.SUPPRESSED.value, _("blocked")),
        ]

    def queryset(self, request, queryset):
        if self.value() == self.LATE:
            asked = timezone.now() - CONFIRM_WITHIN
            late = Q(confirmation_sent_at__lt=asked) | Q(confirmation_sent_at=None, created_at__lt=asked)
            return queryset.filter(late, status=Subscriber.Status.PENDING)
        return queryset.filter(status=self.value()) if self.value() else queryset


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["email", "language", "status", "created_at", "confirmed_at"]
    list_filter = [StandingFilter, "language", ("confirmed_at", DateFieldListFilter)]
    search_fields = ["email"]
    show_full_result_count = False
    list_per_page = 50
    fields = ["email", "language", "status", "created_at", "confirmation_sent_at", "confirmed_at", "updated_at"]
    inlines = [ConsentInline, BounceInline]
    actions = ["unsubscribe"]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(
            request, {"title": capfirst(self.opts.verbose_name_plural)} | (extra_context or {})
        )

    def has_unsubscribe_permission(self, request):
        return request.user.has_perm("newsletter.change_subscriber")

    @admin.action(description=_("Unsubscribe"), permissions=["unsubscribe"])
    def unsubscribe(self, request, queryset):
        """For people who ask by letter or telephone."""
        count = sum(subscriber.unsubscribe() for subscriber in queryset)
        self.message_user(
            request,
            ngettext("%(count)d address unsubscribed.", "%(count)d addresses unsubscribed.", count) % {"count": count},
        )
