"""What became of each letter: to look up, and to send again what may have been lost."""

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from events.choices import LANGUAGE_NAMES
from newsletter.admin.read_only import ReadOnly
from newsletter.models import Delivery, Issue
from omep_site.lib.admin import LanguageFilter
from omep_site.lib.history.telling import date_and_hour
from omep_site.lib.numbers import is_number


class IssueFilter(SimpleListFilter):
    title = gettext_lazy("issue")
    parameter_name = "issue__id__exact"

    def lookups(self, request, model_admin):
        return [(str(issue.pk), str(issue)) for issue in Issue.objects.exclude(queued_at=None)[:50]]

    def queryset(self, request, queryset):
        return queryset.filter(issue=self.value()) if is_number(self.value()) else queryset


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ["reader", "issue_subject", "language_name", "became", "done_at"]
    list_display_links = None
    list_filter = [IssueFilter, "status", LanguageFilter]
    search_fields = ["subscriber__email"]
    search_help_text = gettext_lazy("A part of the address")
    show_full_result_count = False
    sortable_by = []
    list_per_page = 50
    actions = ["send_again"]

    class Media:
        css = {"all": ["admin-newsletter.css"]}

    def has_send_again_permission(self, request):
        return request.user.has_perm("newsletter.change_issue")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("subscriber", "issue")

    @admin.display(description=gettext_lazy("reader"))
    def reader(self, row):
        if row.subscriber is None:
            return _("erased")
        url = reverse("admin:newsletter_subscriber_change", args=[row.subscriber.pk])
        return format_html('<a href="{}">{}</a>', url, row.subscriber.email)

    @admin.display(description=gettext_lazy("issue"))
    def issue_subject(self, row):
        return str(row.issue)

    @admin.display(description=gettext_lazy("language"))
    def language_name(self, row):
        return LANGUAGE_NAMES.get(row.language, row.language)

    @admin.display(description=gettext_lazy("status"))
    def became(self, row):
        said = [row.detail] if row.detail else []
        if row.attempts:
            said.append(ngettext("%(count)d try", "%(count)d tries", row.attempts) % {"count": row.attempts})
        if row.status == Delivery.Status.DEFERRED and row.next_try:
            moment = date_and_hour(timezone.localtime(row.next_try))
            said.append(_("again from {moment} on").format(moment=moment))
        lines = format_html_join("", '<br><span class="quiet">{}</span>', ([each] for each in said))
        return format_html("{}{}", row.get_status_display(), lines)

    @admin.action(description=gettext_lazy("Send again"), permissions=["send_again"])
    def send_again(self, request, queryset):
        """What is uncertain or was refused, because somebody decided so. Who has the letter already may get it twice."""
        done, issues = 0, {}
        for row in queryset:
            if row.send_again():
                done += 1
                issues[row.issue_id] = row.issue
        for issue in issues.values():
            issue.reopen()
        if done:
            said = ngettext("%(count)d letter is sent again.", "%(count)d letters are sent again.", done)
            self.message_user(request, said % {"count": done}, messages.SUCCESS)
        if left := len(queryset) - done:
            said = ngettext(
                "%(count)d letter stays as it is: only what is uncertain or was refused can be sent again.",
                "%(count)d letters stay as they are: only what is uncertain or was refused can be sent again.",
                left,
            )
            self.message_user(request, said % {"count": left}, messages.WARNING)
