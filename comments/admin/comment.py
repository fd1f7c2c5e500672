"""Moderating: comments are read and moved here; nobody changes a visitor's words or writes in a visitor's name."""

from django.contrib import admin, messages
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, prefetch_related_objects
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltranslation.utils import get_translation_fields

from comments import decisions, reporting
from comments.admin import filters, undo
from comments.admin.choice import LIST, ChoiceForm, choice_view, who_is_told
from comments.admin.moving import keep, move
from comments.admin.words import KEEP, LABELS, moves, not_undone, undone
from comments.models import By, Comment, ModeratorChoice, Move
from events.reading import path_of
from omep_site.lib import public
from omep_site.lib.admin import LanguageFilter

OPENING = 500  # characters of a comment that the list shows at once; the rest unfolds


def pressed(data) -> tuple[str, str]:
    """The verb of the button that was pressed, and the button's value; empty where it was none of ours."""
    verbs = [*LABELS, KEEP[0]]
    return next(((verb, data[f"_{verb}"]) for verb in verbs if f"_{verb}" in data), ("", ""))


def in_two(text: str, at: int = OPENING) -> tuple[str, str]:
    """A long text, cut between two words; a rest that is hardly longer than the words that hide it is not cut off."""
    if len(text) <= at * 1.5:
        return text, ""
    cut = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
    cut = cut if cut > at // 2 else at
    return text[:cut].rstrip(), text[cut:].lstrip()


@admin.register(Comment)
class CommentAdmin(admin.ModelAdmin):
    list_filter = [
        filters.EventFilter,
        LanguageFilter,
        filters.ReasonsFilter,
        filters.SameAddressFilter,
        filters.StatusFilter,  # last: what it shows by itself depends on the others
    ]
    list_per_page = 25
    show_full_result_count = False
    sortable_by = []
    search_fields = ["name", "email", "body", *(f"event__{title}" for title in get_translation_fields("title"))]
    actions = ["approve", "mark_spam", "trash", "restore"]
    fields = readonly_fields = [field.name for field in Comment._meta.fields]

    class Media:
        css = {"all": ["admin-comments.css"]}

    def has_add_permission(self, request):
        return False

    def get_urls(self):
        undo_view, choice = self.admin_site.admin_view(self.undo_view), self.admin_site.admin_view(self.choice_view)
        return [
            path("undo/", undo_view, name="comments_comment_undo"),
            path("told/", choice, name="comments_comment_choice"),
            *super().get_urls(),
        ]

    def choice_view(self, request):
        return choice_view(self, request)

    def history_view(self, request, object_id, extra_context=None):
        """What became of a comment stands on its page."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        comment = self.get_object(request, object_id)
        if comment is None:
            return super().history_view(request, object_id, extra_context)
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[comment.pk]) + "#decisions")

    def get_actions(self, request):
        """Django's own comes last: it is the only one that cannot be undone, and its name says so."""
        actions = super().get_actions(request)
        if delete := actions.pop("delete_selected", None):
            actions["delete_selected"] = (*delete[:2], _("Delete for good…"))
        return actions

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
        return keep(self, request, comments) if verb == KEEP[0] else move(self, request, verb, comments)

    def undo_view(self, request):
        """Takes one decision back, row by row, where nobody has moved the row since."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(LIST)
        decision = undo.recall(request.session, request.POST.get("decision", ""))
        if decision is None:
            self.message_user(request, _("There is nothing left to undo."), messages.INFO)
            return redirect(LIST)
        comments = Comment.objects.in_bulk([pk for pk, _old, _at in decision["rows"]])
        count = 0
        for pk, old, at in decision["rows"]:
            if pk in comments and comments[pk].take_back(old, parse_datetime(at), By.account(request.user)):
                count += 1
        if count:
            self.message_user(request, undone(count), messages.SUCCESS)
        if left := len(decision["rows"]) - count:
            self.message_user(request, not_undone(left), messages.WARNING)
        return HttpResponseRedirect(decision["back"])

    # The list, in which most can be decided without opening anything

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("parent")

    def changelist_view(self, request, extra_context=None):
        response = self.list_or_move(request, extra_context)
        return public.of_readers(response) if request.method == "POST" else response

    def list_or_move(self, request, extra_context):
        if request.method == "POST":
            verb, pk = pressed(request.POST)
            if (verb or request.POST.get("action") in LABELS) and not self.has_change_permission(request):
                raise PermissionDenied
            if verb:
                self.move(verb, request, filter(None, [self.get_object(request, pk)]))
                return HttpResponseRedirect(request.get_full_path())
        response = super().changelist_view(request, extra_context)
        if cl := getattr(response, "context_data", {}).get("cl"):
            response.context_data |= self.list_context(request, cl)
        return response

    def list_context(self, request, cl) -> dict:
        status = next(spec for spec in cl.filter_specs if isinstance(spec, filters.StatusFilter))
        others = [spec for spec in cl.filter_specs if spec is not status]
        everywhere = cl.root_queryset
        for spec in others:
            everywhere = spec.queryset(request, everywhere)
        everywhere, _may_repeat = self.get_search_results(request, everywhere, cl.query)
        counts = filters.counts_of_tabs(everywhere, status.shown, cl.result_count, is_search=bool(cl.query))
        is_chosen = any(spec.value() for spec in others)
        return {
            "shown": status.shown,
            "tabs": [
                (value, label, counts[value], cl.get_query_string({status.parameter_name: value}, ["p"]))
                for value, label in status.lookup_choices
            ],
            "status_given": status.value() or "",
            "selects": [(spec, spec.value() or "") for spec in others],
            "is_chosen": is_chosen,
            "is_narrowed": is_chosen or bool(cl.query),
            **self.foot(request),
            "rows": self.rows(request, list(cl.result_list)),
        }

    def foot(self, request) -> dict:
        """Who is told of waiting comments, for those who decide about them."""
        if not self.has_change_permission(request):
            return {}
        form = ChoiceForm(initial={"when": ModeratorChoice.of(request.user)})
        return {"who_is_told": who_is_told(), "form": form, "has_address": bool(request.user.email)}

    def rows(self, request, comments) -> list[dict]:
        prefetch_related_objects(comments, Prefetch("event", filters.titled_events()))
        may_move = self.has_change_permission(request)
        reports = reporting.told(comments)
        rows = []
        for index, comment in enumerate(comments):
            opening, rest = in_two(comment.body)
            neighbour = comments[index + 1] if index + 1 < len(comments) else comments[index - 1]
            rows.append(
                {
                    "comment": comment,
                    "event": filters.event_title(comment.event),
                    "opening": opening,
                    "rest": rest,
                    "reports": reports.get(comment.pk),
                    "checkbox": self.action_checkbox(comment),
                    "moves": moves(comment, reports.get(comment.pk)) if may_move else [],
                    "neighbour": neighbour,  # where the keyboard goes on after a move
                }
            )
        return rows

    # The page of one comment

    def change_view(self, request, object_id, form_url="", extra_context=None):
        comment = self.get_object(request, object_id) if request.method == "POST" else None
        if comment is None:
            return super().change_view(request, object_id, form_url, {"title": _("Comment")} | (extra_context or {}))
        if not self.has_change_permission(request, comment):
            raise PermissionDenied
        verb, _value = pressed(request.POST)
        if not verb:  # there is nothing to save but a move
            return HttpResponseRedirect(request.get_full_path())
        if self.move(verb, request, [comment]):  # somebody was quicker: one may decide otherwise, knowing it
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(self.after(request, comment))

    def after(self, request, comment) -> str:
        """Where one goes on: to the next comment that waits, else back to the list as it was."""
        following = Comment.objects.next_waiting(comment)
        name, args = ("admin:comments_comment_change", [following.pk]) if following else (LIST, [])
        kept = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return add_preserved_filters(kept, reverse(name, args=args))

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        may_move = self.has_change_permission(request, obj)
        labels = dict(Comment.Status.choices)
        same = Comment.objects.from_address(obj.email).exclude(pk=obj.pk).order_by()
        counts = dict(same.values_list("status").annotate(Count("pk"))) if obj.email else {}
        reports = reporting.told([obj]).get(obj.pk)
        context |= {
            "moves": moves(obj, reports) if may_move else [],
            "event": filters.event_title(obj.event),
            "reports": reports,
            "event_path": path_of(obj.event, get_language()) if obj.event.is_published() else "",
            "same_author": [(status, labels[status], counts[status]) for status in labels if status in counts],
            "decisions": [(decisions.decided(each), decisions.why(each)) for each in Move.objects.of(obj)],
            "following": Comment.objects.next_waiting(obj) if may_move else None,
        }
        return super().render_change_form(request, context, add, change, form_url, obj)

    # Erasing: what Django calls deleting, once a comment may have answers that stay

    def get_deleted_objects(self, objs, request):
        """Nothing is in the way, and nobody else's words go with them."""
        refused = set() if self.has_delete_permission(request) else {self.opts.verbose_name}
        return [str(each) for each in objs], {self.opts.verbose_name_plural: len(objs)}, refused, []

    def delete_model(self, request, obj):
        obj.erase(By.account(request.user))

    def delete_queryset(self, request, queryset):
        for comment in queryset:
            comment.erase(By.account(request.user))
