"""“Check and send”: what is amiss, who gets it, and the two ways out: now, or at a moment."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from events.when import zone_name
from newsletter import audience
from newsletter.admin.issue_previews import issue_url
from newsletter.admin.issue_words import moment, readers_in_words
from newsletter.checking import check
from newsletter.issue_forms import MomentForm
from newsletter.models import Issue

SENT_OFF = gettext_noop("Sent off.")
SCHEDULED = gettext_noop("Scheduled.")


def seen_as(issue: Issue) -> str:
    """Which version of the letter the page shows."""
    return issue.updated_at.isoformat()


class GoingOutMixin:
    """For IssueAdmin. Stands before ModelAdmin among the bases."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.go_out_view)
        return [path("<path:object_id>/go-out/", view, name="newsletter_issue_go_out"), *super().get_urls()]

    def go_out_view(self, request, object_id):
        issue = self.seen(request, object_id)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if not (issue.is_draft or issue.status == Issue.Status.SCHEDULED):
            return HttpResponseRedirect(issue_url(issue, "change"))
        if request.method == "POST" and request.POST.get("seen", seen_as(issue)) != seen_as(issue):
            sentence = _("Somebody has saved this letter since you read it: look at it again before you send it.")
            self.message_user(request, sentence, messages.WARNING)
            return HttpResponseRedirect(issue_url(issue, "go_out"))
        form = MomentForm(request.POST if "schedule" in request.POST else None)
        at = form.cleaned_data["at"] if form.is_valid() else issue.send_at
        findings = check(issue, at)
        errors = [each for each in findings if each.is_error]
        if request.method == "POST" and not errors and ("now" in request.POST or form.is_valid()):
            return self._go(request, issue, form.cleaned_data["at"] if "schedule" in request.POST else None)
        counts = audience.counts(issue)
        context = self.admin_site.each_context(request) | {
            "title": _("Check and send: {letter}").format(letter=issue),
            "opts": self.opts,
            "object": issue,
            "media": self.media,
            "findings": findings,
            "error_count": len(errors),
            "errors_in_words": ngettext(
                "%(count)d thing is to be put right before this letter can go out.",
                "%(count)d things are to be put right before this letter can go out.",
                len(errors),
            )
            % {"count": len(errors)},
            "readers": readers_in_words(counts),
            "form": form,
            "seen": seen_as(issue),
            "zone": zone_name(settings.TIME_ZONE),
            "list_url": reverse("admin:newsletter_issue_changelist"),
            "change_url": issue_url(issue, "change"),
            "preview_url": issue_url(issue, "preview"),
        }
        status = 422 if request.method == "POST" else 200
        return TemplateResponse(request, "admin/newsletter/issue/go_out.html", context, status=status)

    def _go(self, request, issue, at):
        if at is None and issue.send_now():
            self.log_change(request, issue, SENT_OFF)
            self.message_user(request, _("The letter is on its way."), messages.SUCCESS)
        elif at is not None and issue.schedule(at):
            self.log_change(request, issue, SCHEDULED)
            sentence = _("The letter goes out on {moment}.").format(moment=moment(at))
            self.message_user(request, sentence, messages.SUCCESS)
        else:
            sentence = _("Nothing was done: somebody else has sent or changed this letter meanwhile.")
            self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(issue_url(issue, "change"))
