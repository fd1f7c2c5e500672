"""The history in the admin: every save is kept; versions are listed, compared, looked at and brought back."""

from itertools import zip_longest

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from omep_site.lib import public
from omep_site.lib.history.bringing_back import CannotBringBack, bring_back
from omep_site.lib.history.deleted import DeletedPages
from omep_site.lib.history.keeping import ADDED, SAVED, as_it_was, entries, record, versions_of
from omep_site.lib.history.snapshots import contents, differences
from omep_site.lib.history.telling import Teller, date_and_hour, moment_in_words, sentence_of, who
from omep_site.lib.history.turns import in_turn
from omep_site.lib.numbers import is_number

BROUGHT_BACK = gettext_noop("Brought back the version of {moment}.")
BACK_FROM_DELETED = gettext_noop("Brought back after it was deleted.")
PER_PAGE = 30


class HistoryAdmin(DeletedPages):
    """For the ModelAdmin of a model that `keep` was called for. Stands before ModelAdmin among the bases."""

    # One after the other

    def changeform_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().changeform_view(request, *args, **kwargs)
        with in_turn():
            return super().changeform_view(request, *args, **kwargs)

    def delete_view(self, request, *args, **kwargs):
        if request.method != "POST":
            return super().delete_view(request, *args, **kwargs)
        with in_turn():
            return super().delete_view(request, *args, **kwargs)

    # Keeping

    def save_model(self, request, obj, form, change):
        if change:
            as_it_was(obj)
        super().save_model(request, obj, form, change)

    def delete_model(self, request, obj):
        as_it_was(obj)
        super().delete_model(request, obj)

    def response_action(self, request, queryset):
        """An action may change or delete every row that is ticked."""
        ticked = [each for each in request.POST.getlist("_selected_action") if is_number(each)]
        with in_turn():
            for obj in queryset if request.POST.get("select_across") == "1" else queryset.filter(pk__in=ticked):
                as_it_was(obj)
            return super().response_action(request, queryset)

    def do_to_each(self, request, rows, verb, sentence) -> tuple[list, list]:
        """For an action: the rows that the verb moved, each with the sentence in its history, and those that stayed."""
        done, left = [], []
        for row in rows:
            if verb(row):
                self.log_change(request, row, sentence)
                done.append(row)
            else:
                left.append(row)
        return done, left

    def log_addition(self, request, obj, message):
        record(obj, request.user, ADDED)
        return super().log_addition(request, obj, message)

    def log_change(self, request, obj, message):
        """Whatever is logged is kept; a message that is a sentence (gettext_noop) stands in the history."""
        record(obj, request.user, message if isinstance(message, str) and message else SAVED)
        return super().log_change(request, obj, message)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["history_url"] = self._url("history", obj.pk)
        return super().render_change_form(request, context, add, change, form_url, obj)

    # What a model may add

    def check_brought_back(self, request, obj, before) -> None:
        """Called in the transaction when all words and rows are back; `before` is the row as it was until then, None
        for one that was deleted. Raises CannotBringBack where it must not be."""

    # Pages

    def get_urls(self):
        info = f"{self.opts.app_label}_{self.opts.model_name}"
        views = [
            ("deleted/", self.deleted_view, "deleted"),
            ("deleted/<int:version>/", self.deleted_version_view, "deleted_version"),
            ("<path:object_id>/history/compare/", self.compare_view, "compare"),
            ("<path:object_id>/history/<int:version>/", self.version_view, "version"),
        ]
        wrapped = [path(route, self.admin_site.admin_view(view), name=f"{info}_{name}") for route, view, name in views]
        return [*wrapped, *super().get_urls()]

    def history_view(self, request, object_id, extra_context=None):
        obj = self._shown(request, object_id)
        if isinstance(obj, HttpResponseRedirect):
            return obj
        versions = versions_of(self.model, obj.pk)
        page = Paginator(versions, PER_PAGE).get_page(request.GET.get("p"))
        # One more than the page shows: its last version is told by what differs from the one before it.
        start = page.start_index() - 1 if page.paginator.count else 0
        found = entries(versions[start : start + PER_PAGE + 1], self.model)
        teller = Teller(self.model, [each.snapshot for each in found])
        lines = [self._line(entry, before, teller) for entry, before in zip_longest(found, found[1:])]
        context = {
            "title": _("History: %s") % obj,
            "lines": lines[:PER_PAGE],
            "page": page,
            "latest": found[0].version.pk if found and start == 0 else None,
            "can_bring_back": self.has_change_permission(request, obj),
        }
        return self._page(request, "list", obj, context | (extra_context or {}))

    def compare_view(self, request, object_id):
        obj = self._shown(request, object_id)
        if isinstance(obj, HttpResponseRedirect):
            return obj
        asked = [request.GET.get(name, "") for name in ("old", "new")]
        chosen = {int(each) for each in asked if is_number(each)}
        newest_last = versions_of(self.model, obj.pk).filter(pk__in=chosen).order_by("pk")
        found = entries(newest_last, self.model)
        if len(found) != 2:
            self.message_user(request, _("Choose two different versions to compare."), messages.WARNING)
            return HttpResponseRedirect(self._url("history", obj.pk))
        old, new = found
        context = {
            "title": _("What has changed: %s") % obj,
            "old": self._line(old),
            "new": self._line(new),
            "unreadable": not (old.snapshot and new.snapshot),
            "groups": self._told(differences, old, new),
            "can_bring_back": self.has_change_permission(request, obj),
        }
        return self._page(request, "compare", obj, context)

    def version_view(self, request, object_id, version):
        obj = self._shown(request, object_id)
        if isinstance(obj, HttpResponseRedirect):
            return obj
        entry = self._entry(version, obj.pk)
        if request.method == "POST":
            if not self.has_change_permission(request, obj):
                raise PermissionDenied
            return self._bring_back(request, entry, obj.pk)
        latest = versions_of(self.model, obj.pk).values_list("pk", flat=True).first()
        context = {
            "title": _("One version: %s") % obj,
            "line": self._line(entry),
            "unreadable": entry.snapshot is None,
            "groups": self._told(contents, entry),
            "is_latest": entry.version.pk == latest,
            "latest": latest,
            "can_bring_back": self.has_change_permission(request, obj),
        }
        return self._page(request, "version", obj, context)

    # Bringing back

    def _bring_back(self, request, entry, pk):
        """`pk` is None where the row was deleted."""
        target = self._url("history", pk) if pk else self._url("deleted")
        if entry.snapshot is None:
            self.message_user(request, _("This version cannot be read any more."), messages.ERROR)
            return HttpResponseRedirect(target)
        try:
            with in_turn():
                rows = self.model._default_manager.filter(pk=entry.snapshot.row.pk)
                # `before` is another object than the one that is changed, so that the two can be compared.
                before, now = rows.first(), rows.first()
                if pk is None and now:
                    return self._back_already(request, now)
                if pk and now is None:
                    target = self._url("deleted")
                    raise CannotBringBack(_("It was deleted meanwhile. It can be brought back from here."))
                if before:
                    as_it_was(before)
                obj, lost = bring_back(entry.snapshot, now)
                self.check_brought_back(request, obj, before)
                moment = {"moment": entry.at.isoformat()} if pk else {}
                record(obj, request.user, BROUGHT_BACK if pk else BACK_FROM_DELETED, **moment)
                # Django's own log, which the first page of the admin shows, and not ours: the version is recorded.
                super().log_change(request, obj, _("Brought back an earlier version."))
                public.bump()
        except CannotBringBack as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(target)
        if pk:
            done = _("The version of {moment} is back. What stood there until now is in the history too.")
        else:
            done = _("“{what}” is back. Look through it before it is published again.")
        self.message_user(
            request, done.format(moment=date_and_hour(timezone.localtime(entry.at)), what=obj), messages.SUCCESS
        )
        for sentence in lost:
            self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(self._url("change", obj.pk))

    def _back_already(self, request, obj):
        """For whoever was a moment later than somebody else, or has clicked twice."""
        self.message_user(request, _("“{what}” has been brought back already.").format(what=obj), messages.WARNING)
        return HttpResponseRedirect(self._url("change", obj.pk))

    # Helpers

    def _shown(self, request, object_id):
        """The row, or the way back to the list with Django's sentence where there is none."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, obj):
            raise PermissionDenied
        return obj

    def _entry(self, version, pk):
        found = entries(versions_of(self.model, pk).filter(pk=version), self.model)
        if not found:
            raise Http404
        return found[0]

    def _line(self, entry, before=None, teller=None) -> dict:
        """A version as a template shows it; with what differs from the one before, where both are given."""
        key = entry.version.pk
        line = {
            "pk": key,
            "url": self._url("version", entry.version.object_id, key),
            "at": entry.at,
            "when": moment_in_words(entry.at),
            "who": who(entry.user),
            "done": sentence_of(entry),
            "unreadable": entry.snapshot is None,
        }
        if before and entry.snapshot and before.snapshot:
            found = differences(before.snapshot, entry.snapshot)
            line["changes"] = teller.in_brief(teller.tell_all(found, before.snapshot, entry.snapshot))
        return line

    def _told(self, tell, *found) -> list:
        snapshots = [each.snapshot for each in found]
        if not all(snapshots):
            return []
        return Teller(self.model, snapshots).tell_all(tell(*snapshots), snapshots[0], snapshots[-1])

    def _url(self, name, pk=None, version=None) -> str:
        name = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}"
        return reverse(name, args=[quote(each) for each in (pk, version) if each is not None])

    def _page(self, request, template, obj, context):
        request.current_app = self.admin_site.name
        urls = {"list_url": self._url("changelist"), "deleted_url": self._url("deleted")}
        urls["lost_words"] = self.lost_words()
        if obj is not None:
            history, compare = self._url("history", obj.pk), self._url("compare", obj.pk)
            urls |= {"change_url": self._url("change", obj.pk), "history_url": history, "compare_url": compare}
        return TemplateResponse(
            request,
            f"admin/history/{template}.html",
            self.admin_site.each_context(request) | urls | {"opts": self.opts, "object": obj} | context,
        )
