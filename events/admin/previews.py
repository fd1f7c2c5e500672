"""An event before it is public: the real page for editors, and links for people without an account."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from events.models import PreviewLink
from events.page import preview_page
from omep_site.lib.history.telling import moment_in_words, who
from omep_site.lib.links import languages
from omep_site.lib.numbers import is_number

GOOD_FOR = {"1": gettext_lazy("one day"), "14": gettext_lazy("two weeks"), "60": gettext_lazy("two months")}  # days
USUAL = "14"


def language_in_itself(code: str) -> str:
    """“Français”, “English”."""
    return get_language_info(code)["name_local"].capitalize()


class PreviewMixin:
    """For EventAdmin. Stands before ModelAdmin among the bases."""

    def get_urls(self):
        views = [
            ("<path:object_id>/preview/<str:language>/", self.preview_view, "preview"),
            ("<path:object_id>/preview-links/", self.preview_links_view, "preview_links"),
        ]
        wrap = self.admin_site.admin_view
        ours = [path(route, wrap(view), name=f"events_event_{name}") for route, view, name in views]
        return [*ours, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj:
            context["previews"] = [(language_in_itself(code), code, url) for code, url in preview_paths(obj).items()]
        return super().render_change_form(request, context, add, change, form_url, obj)

    # “Save and preview”

    def response_add(self, request, obj, post_url_continue=None):
        return self._to_preview(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._to_preview(request, obj) or super().response_change(request, obj)

    def _to_preview(self, request, obj):
        return HttpResponseRedirect(preview_paths(obj)[get_language()]) if "_preview" in request.POST else None

    # Pages

    def preview_view(self, request, object_id, language):
        event = self._seen(request, object_id)
        if isinstance(event, HttpResponseRedirect):
            return event
        if language not in languages():
            raise Http404
        back = {"form_url": event_url(event, "change"), "links_url": event_url(event, "preview_links")}
        return preview_page(request, event, language, preview_paths(event), **back)

    def preview_links_view(self, request, object_id):
        event = self._seen(request, object_id)
        if isinstance(event, HttpResponseRedirect):
            return event
        if request.method == "POST":
            if not self.has_change_permission(request, event):
                raise PermissionDenied
            self._make_or_revoke(request, event)
            return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Preview links: %s") % event,
            "opts": self.opts,
            "object": event,
            "is_public": event.is_published(),
            "list_url": reverse("admin:events_event_changelist"),
            "change_url": event_url(event, "change"),
            "links": [shown(link) for link in event.preview_links.select_related("made_by")],
            "periods": GOOD_FOR.items(),
            "usual": USUAL,
            "can_change": self.has_change_permission(request, event),
        }
        return TemplateResponse(request, "admin/events/event/preview_links.html", context)

    def _make_or_revoke(self, request, event):
        revoked, days = request.POST.get("revoke"), request.POST.get("days")
        if revoked is not None:
            link = event.preview_links.filter(pk=revoked).first() if is_number(revoked) else None
            if link and link.revoke():
                note(request, event, _("Withdrew a preview link."))
                self.message_user(request, _("The link is withdrawn: nobody can open it any more."), messages.SUCCESS)
        elif days in GOOD_FOR:
            until = timezone.now() + timedelta(days=int(days))
            PreviewLink.objects.create(event=event, made_by=request.user, expires_at=until)
            note(request, event, _("Made a preview link."))
            self.message_user(request, _("The link is made: copy it below and send it."), messages.SUCCESS)

    def _seen(self, request, object_id):
        """The event, or the way back to the list with Django's sentence where there is none."""
        event = self.get_object(request, unquote(object_id))
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, event):
            raise PermissionDenied
        return event


def note(request, event, sentence: str) -> None:
    """In Django's own log; the event's words have not changed, so there is no version of it."""
    LogEntry.objects.log_actions(request.user.pk, [event], CHANGE, sentence, single_object=True)


def event_url(event, name: str, *args) -> str:
    return reverse(f"admin:events_event_{name}", args=[quote(event.pk), *args])


def preview_paths(event) -> dict[str, str]:
    """By language, the editors' own preview."""
    return {code: event_url(event, "preview", code) for code in languages()}


def shown(link: PreviewLink) -> dict:
    """A link as the page lists it."""
    good = link.is_good()
    return {
        "pk": link.pk,
        "is_good": good,
        "who": who(link.made_by),
        "made": moment_in_words(link.created_at),
        "until": moment_in_words(link.expires_at),
        "revoked": moment_in_words(link.revoked_at) if link.revoked_at else "",
        "addresses": [(language_in_itself(code), code, link.url_in(code)) for code in languages()] if good else [],
    }
