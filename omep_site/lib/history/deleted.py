"""What was deleted, in the admin: a list, and each last version, from where it is brought back."""

from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from reversion.models import Version

from omep_site.lib.history.keeping import entries
from omep_site.lib.history.snapshots import contents
from omep_site.lib.history.telling import Teller, moment_in_words, who

PER_PAGE = 30


class DeletedPages:
    """The part of HistoryAdmin that is about rows which are gone."""

    def lost_words(self) -> str:
        """A sentence about what does not come back with a deleted row."""
        return ""

    def deleted_view(self, request):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        gone = Version.objects.get_deleted(self.model).select_related("revision__user").order_by("-pk")
        page = Paginator(gone, PER_PAGE).get_page(request.GET.get("p"))
        found = entries(page.object_list, self.model)
        teller = Teller(self.model, [each.snapshot for each in found])
        kind = ContentType.objects.get_for_model(self.model)
        logged = LogEntry.objects.filter(
            content_type=kind, action_flag=DELETION, object_id__in=[each.version.object_id for each in found]
        )
        deletions = {each.object_id: each for each in logged.select_related("user").order_by("pk")}
        lines = []
        for each in found:
            words = teller.row_words(each.snapshot.row, each.snapshot.row) if each.snapshot else ""
            deletion = deletions.get(each.version.object_id)
            url = self._url("deleted_version", None, each.version.pk)
            line = self._line(each) | {"words": words or str(each.version), "url": url}
            if deletion:
                line |= {"deleted": moment_in_words(deletion.action_time), "deleted_by": who(deletion.user)}
            lines.append(line)
        return self._page(request, "deleted", None, {"title": self.deleted_title(), "lines": lines, "page": page})

    def deleted_title(self) -> str:
        return _("Deleted: %s") % capfirst(str(self.opts.verbose_name_plural))

    def deleted_version_view(self, request, version):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        gone = Version.objects.get_deleted(self.model).filter(pk=version).first()
        if gone is None:
            kind = ContentType.objects.get_for_model(self.model)
            known = Version.objects.filter(pk=version, content_type=kind).values_list("object_id", flat=True).first()
            back = known and self.model._default_manager.filter(pk=known).first()
            return self._back_already(request, back) if back else HttpResponseRedirect(self._url("deleted"))
        entry = self._entry(version, gone.object_id)
        if request.method == "POST":
            if not (self.has_add_permission(request) and self.has_change_permission(request)):
                raise PermissionDenied
            return self._bring_back(request, entry, None)
        teller = Teller(self.model, [entry.snapshot])
        words = teller.row_words(entry.snapshot.row, entry.snapshot.row) if entry.snapshot else ""
        context = {
            "title": _("Deleted: %s") % (words or gone),
            "line": self._line(entry),
            "unreadable": entry.snapshot is None,
            "groups": self._told(contents, entry),
            "is_deleted": True,
            "can_bring_back": self.has_add_permission(request) and self.has_change_permission(request),
        }
        return self._page(request, "version", None, context)
