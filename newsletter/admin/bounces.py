"""Letters that came back: as a list, and on the page of a subscriber with what follows from them (newsletter.standing)."""

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsletter.admin.read_only import ReadOnly
from newsletter.models import Bounce
from newsletter.standing import letter, link, meaning
from omep_site.lib.history.telling import date_and_hour


class BounceInline(ReadOnly, admin.TabularInline):
    """On a subscriber's page: the points, and each letter that came back."""

    model = Bounce
    fields = ["at", "kind"]  # the template shows more
    extra = 0
    template = "admin/newsletter/subscriber/_bounces.html"

    def has_view_permission(self, request, obj=None):
        return True  # whoever sees the subscriber; the inline stands nowhere else

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("delivery__issue")


@admin.register(Bounce)
class BounceAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reader", "which", "when"]
    list_display_links = None  # the line says all; what it is about is a click away
    list_filter = ["kind", ("at", admin.DateFieldListFilter), "subscriber__status"]
    list_select_related = ["subscriber", "delivery__issue"]
    search_fields = ["subscriber__email", "code"]
    show_full_result_count = False
    list_per_page = 50
    sortable_by = []
    fields = readonly_fields = ["reader", "which", "when"]

    @admin.display(description=gettext_lazy("when"))
    def when(self, bounce):
        return date_and_hour(timezone.localtime(bounce.at))

    @admin.display(description=gettext_lazy("subscriber"))
    def reader(self, bounce):
        """With what happened below: on a phone one column is in sight."""
        address = link("subscriber", bounce.subscriber, bounce.subscriber.email)
        meant = meaning(bounce)
        words = format_html("{}<br>{}", bounce.get_kind_display(), meant) if meant else bounce.get_kind_display()
        return format_html('<strong>{}</strong><br><span class="quiet">{}</span>', address, words)

    @admin.display(description=gettext_lazy("letter"), empty_value="–")
    def which(self, bounce):
        return letter(bounce)

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return super().change_view(request, object_id, form_url, {"title": _("One letter")} | (extra_context or {}))
