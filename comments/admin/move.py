"""The record of decisions, to be read: nobody adds to it here, changes or deletes anything, whoever they are."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from comments import decisions
from comments.models import Move
from omep_site.lib.history.telling import date_and_hour
from omep_site.lib.numbers import is_number


@admin.register(Move)
class MoveAdmin(admin.ModelAdmin):
    list_display = ["decision", "comment", "why"]
    list_display_links = None
    list_filter = ["via"]
    search_fields = ["actor"]
    search_help_text = _("The number of a comment, or the name of an account")
    sortable_by = []
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = ["moment", "comment", "decision", "how", "why"]

    class Media:
        css = {"all": ["admin-comments.css"]}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        term = search_term.strip()
        if is_number(term):
            return queryset.filter(comment_number=term), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("when"))
    def moment(self, move):
        return date_and_hour(timezone.localtime(move.at))

    @admin.display(description=_("comment"))
    def comment(self, move):
        """Its page; where it was deleted, that leads back to the first page, which says so."""
        page = reverse("admin:comments_comment_change", args=[move.comment_number])
        return format_html('<a href="{}">{}</a>', page, move.comment_number)

    @admin.display(description=_("decision"))
    def decision(self, move):
        return decisions.decided(move)

    @admin.display(description=_("how"))
    def how(self, move):
        return capfirst(move.get_via_display())

    @admin.display(description=_("why"))
    def why(self, move):
        return format_html_join(" ", "{}", ([each] for each in decisions.why(move))) or "–"
