"""Groups of subscribers: their names, and how many belong to each."""

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from newsletter.models import Tag


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "members"]
    search_fields = ["name"]
    fields = ["name"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("subscribers"))

    def has_delete_permission(self, request, obj=None):
        """Not while a letter that has not gone out yet is for this group."""
        awaited = obj is not None and obj.issue_set.filter(queued_at=None).exists()
        return super().has_delete_permission(request, obj) and not awaited

    @admin.display(description=_("Subscribers"), ordering="count")
    def members(self, tag):
        url = reverse("admin:newsletter_subscriber_changelist")
        return format_html('<a href="{}?tags__id__exact={}">{}</a>', url, tag.pk, tag.count)
