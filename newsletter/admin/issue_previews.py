"""A letter as mail programmes show it, in each language: as HTML and as text, on a phone and wide; and a test by mail."""

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import get_language_info, gettext_noop
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from newsletter.composing import compose
from newsletter.trying import test_letters
from omep_site.lib.links import languages

# A letter has its styles on its elements and loads nothing; it is shown in a frame of ours, where nothing runs.
OF_A_LETTER = {
    "default-src": [NONE],
    **{kind: [NONE] for kind in ("script-src", "img-src", "font-src", "connect-src")},
    "style-src": ["'unsafe-inline'"],
    "frame-ancestors": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox"],
}
PHONE, WIDE = 360, 680  # pixels


class IssuePreviewMixin:
    """For IssueAdmin. Stands before ModelAdmin among the bases."""

    def get_urls(self):
        views = [
            ("<path:object_id>/preview/<str:language>/", self.letter_view, "letter"),
            ("<path:object_id>/preview/", self.preview_view, "preview"),
            ("<path:object_id>/test/", self.test_view, "test"),
        ]
        wrap = self.admin_site.admin_view
        return [
            *(path(route, wrap(view), name=f"newsletter_issue_{name}") for route, view, name in views),
            *super().get_urls(),
        ]

    def response_add(self, request, obj, post_url_continue=None):
        return self._onward(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self._onward(request, obj) or super().response_change(request, obj)

    def _onward(self, request, obj):
        """“Save and preview”, “Save, check and send”."""
        for button in ("preview", "go_out"):
            if f"_{button}" in request.POST:
                return HttpResponseRedirect(issue_url(obj, button))
        return None

    def seen(self, request, object_id):
        """The issue, for whoever may see it. Raises Http404 and PermissionDenied."""
        issue = self.get_object(request, unquote(object_id))
        if issue is None:
            raise Http404(object_id)
        if not self.has_view_or_change_permission(request, issue):
            raise PermissionDenied
        return issue

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request, object_id):
        issue = self.seen(request, object_id)
        letters = [
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "url": issue_url(issue, "letter", code),
                "letter": compose(issue, code).sample(),
            }
            for code in languages()
        ]
        context = self.admin_site.each_context(request) | {
            "title": _("Preview: {letter}").format(letter=issue),
            "opts": self.opts,
            "object": issue,
            "media": self.media,
            "letters": letters,
            "widths": [(PHONE, _("On a phone")), (WIDE, _("On a wide screen"))],
            "list_url": reverse("admin:newsletter_issue_changelist"),
            "change_url": issue_url(issue, "change"),
            "may_change": self.has_change_permission(request),
            "address": request.user.email,
            "is_nav_sidebar_enabled": False,  # a phone and a wide screen side by side
        }
        return TemplateResponse(request, "admin/newsletter/issue/preview.html", context).render()

    @method_decorator([xframe_options_sameorigin, csp_replace(OF_A_LETTER)])
    def letter_view(self, request, object_id, language):
        """The letter alone, for a frame: links open beside it."""
        issue = self.seen(request, object_id)
        if language not in languages():
            raise Http404(language)
        html = compose(issue, language).sample().html.replace("<head>", '<head><base target="_blank">', 1)
        response = HttpResponse(html)
        response["Cache-Control"] = "private, no-store"
        return response

    @method_decorator(require_POST)
    def test_view(self, request, object_id):
        issue = self.seen(request, object_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if not request.user.email:
            sentence = _("Your account has no e-mail address yet: an administrator can add it.")
            self.message_user(request, sentence, messages.ERROR)
        else:
            count = test_letters(issue, request.user.email)
            if count:
                self.log_change(request, issue, TESTED)
                sentence = _(
                    "The test is on its way to {address}, in each language that is written. Its links to unsubscribe and "
                    "to the reader’s own page lead to a page that says it is a test."
                )
                self.message_user(request, sentence.format(address=request.user.email), messages.SUCCESS)
            else:
                sentence = _("No language has both a subject and a text yet, so there is nothing to send.")
                self.message_user(request, sentence, messages.ERROR)
        return HttpResponseRedirect(issue_url(issue, "preview"))


TESTED = gettext_noop("Sent as a test.")


def issue_url(issue, name: str, *args) -> str:
    return reverse(f"admin:newsletter_issue_{name}", args=[quote(issue.pk), *args])
