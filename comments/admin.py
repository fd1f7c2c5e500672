from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.models import Comment

EXCERPT = 80  # characters of the text in the list

LABELS = {
    "approve": _("Approve"),
    "mark_spam": _("Mark as spam"),
    "trash": _("Move to the trash"),
    "restore": _("Let it wait again"),
}
LEADS_TO = {
    "approve": Comment.Status.APPROVED,
    "mark_spam": Comment.Status.SPAM,
    "trash": Comment.Status.TRASH,
    "restore": Comment.Status.PENDING,
}


def moved(verb: str, count: int) -> str:
    sentences = {
        "approve": ngettext("%(count)d comment is now approved.", "%(count)d comments are now approved.", count),
        "mark_spam": ngettext(
            "%(count)d comment is now marked as spam.", "%(count)d comments are now marked as spam.", count
        ),
        "trash": ngettext("%(count)d comment is now in the trash.", "%(count)d comments are now in the trash.", count),
        "restore": ngettext("%(count)d comment is waiting again.", "%(count)d comments are waiting again.", count),
    }
    return sentences[verb] % {"count": count}


def unmoved(verb: str, count: int) -> str:
    sentences = {
        "approve": ngettext(
            "%(count)d comment was approved already.", "%(count)d comments were approved already.", count
        ),
        "mark_spam": ngettext(
            "%(count)d comment was marked as spam already.", "%(count)d comments were marked as spam already.", count
        ),
        "trash": ngettext(
            "%(count)d comment was in the trash already.", "%(count)d comments were in the trash already.", count
        ),
        "restore": ngettext(
            "%(count)d comment was waiting already.", "%(count)d comments were waiting already.", count
        ),
    }
    return sentences[verb] % {"count": count}


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    """Comments are read and moved here; nobody changes a visitor's words or writes in a visitor's name."""

    list_display = ["name", "excerpt", "status", "event", "language", "created_at"]
    list_filter = ["status", "event", "language"]
    list_select_related = ["event"]
    search_fields = ["name", "email", "body"]
    actions = ["approve", "mark_spam", "trash", "restore"]
    fields = readonly_fields = [
        "status",
        "name",
        "email",
        "website",
        "body",
        "event",
        "parent",
        "language",
        "created_at",
        "updated_at",
    ]
    change_form_template = "admin/comments/comment/change_form.html"

    @admin.display(description=_("comment"))
    def excerpt(self, comment):
        return Truncator(" ".join(comment.body.split())).chars(EXCERPT)

    def has_add_permission(self, request):
        return False

    # Moving

    @admin.action(description=LABELS["approve"], permissions=["change"])
    def approve(self, request, queryset):
        self.move("approve", request, queryset)

    @admin.action(description=LABELS["mark_spam"], permissions=["change"])
    def mark_spam(self, request, queryset):
        self.move("mark_spam", request, queryset)

    @admin.action(description=LABELS["trash"], permissions=["change"])
    def trash(self, request, queryset):
        self.move("trash", request, queryset)

    @admin.action(description=LABELS["restore"], permissions=["change"])
    def restore(self, request, queryset):
        self.move("restore", request, queryset)

    def move(self, verb, request, comments):
        """Row by row, by the row's own verb, so that whatever belongs to a move happens here too."""
        counts = {True: 0, False: 0}
        for comment in comments:
            with transaction.atomic():
                happened = getattr(comment, verb)()
                if happened:
                    self.log_change(request, comment, str(LABELS[verb]))
            counts[happened] += 1
        if counts[True]:
            self.message_user(request, moved(verb, counts[True]), messages.SUCCESS)
        if counts[False]:
            self.message_user(request, unmoved(verb, counts[False]), messages.WARNING)

    # The page of one comment, with the whole text and a button for each move

    def change_view(self, request, object_id, form_url="", extra_context=None):
        comment = self.get_object(request, object_id) if request.method == "POST" else None
        if comment is None:
            return super().change_view(request, object_id, form_url, extra_context)
        if not self.has_change_permission(request, comment):
            raise PermissionDenied
        # There is nothing to save but a move: without a button's name, the page is simply shown again.
        for verb in LABELS:
            if f"_{verb}" in request.POST:
                self.move(verb, request, [comment])
        return HttpResponseRedirect(request.get_full_path())

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj and self.has_change_permission(request, obj):
            context["moves"] = [(verb, label) for verb, label in LABELS.items() if LEADS_TO[verb] != obj.status]
        return super().render_change_form(request, context, add, change, form_url, obj)
