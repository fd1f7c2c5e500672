from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletter.models import Consent, Subscriber


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


@admin.register(Subscriber)
class SubscriberAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["email", "language", "status", "created_at", "confirmed_at"]
    list_filter = ["status", "language"]
    search_fields = ["email"]
    fields = ["email", "language", "status", "created_at", "confirmation_sent_at", "confirmed_at", "updated_at"]
    inlines = [ConsentInline]
    actions = ["unsubscribe"]

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
