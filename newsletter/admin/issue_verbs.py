"""The buttons on the page of a letter that is no draft any more, and those that make a new draft."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from events.models import Event
from newsletter.admin.issue_previews import issue_url
from newsletter.announcing import announce
from newsletter.checking import check
from newsletter.copying import copy_of
from newsletter.models import Issue
from omep_site.lib.history import in_turn

# Of each button: the verb, what the history says, and what the editor reads.
VERBS = {
    "change-again": (
        Issue.change_again,
        gettext_noop("Taken back to draft."),
        gettext_lazy("It is a draft again: change it, and send it when it is right."),
    ),
    "pause": (Issue.pause, gettext_noop("Paused."), gettext_lazy("It is paused: nobody gets it until you go on.")),
    "go-on": (Issue.go_on, gettext_noop("Gone on with."), gettext_lazy("It goes on.")),
    "cancel": (Issue.cancel, gettext_noop("Cancelled."), gettext_lazy("It is cancelled: nobody gets it any more.")),
    "into-archive": (
        lambda issue: issue.keep_in_archive(True),
        gettext_noop("Put into the archive."),
        gettext_lazy("Everybody can read it in the archive now."),
    ),
    "out-of-archive": (
        lambda issue: issue.keep_in_archive(False),
        gettext_noop("Taken out of the archive."),
        gettext_lazy("It is out of the archive: nobody finds it on the site any more."),
    ),
}
ASKS_FIRST = ("cancel",)


class VerbsMixin:
    """For IssueAdmin. Stands before ModelAdmin among the bases."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("announce/<int:event>/", wrap(self.announce_view), name="newsletter_issue_announce"),
            path("<path:object_id>/copy/", wrap(self.copy_view), name="newsletter_issue_copy"),
            path("<path:object_id>/verb/<slug:verb>/", wrap(self.verb_view), name="newsletter_issue_verb"),
            *super().get_urls(),
        ]

    def verb_view(self, request, object_id, verb):
        issue = self.get_object(request, unquote(object_id))
        if issue is None or verb not in VERBS:
            raise Http404(verb)
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return self._ask(request, issue) if verb in ASKS_FIRST else HttpResponseNotAllowed(["POST"])
        if verb == "go-on" and self._has_errors(request, issue):
            return HttpResponseRedirect(issue_url(issue, "change"))
        act, note, said = VERBS[verb]
        if act(issue):
            self.log_change(request, issue, note)
            self.message_user(request, said, messages.SUCCESS)
        else:
            sentence = _("Nothing was done: the letter is in another state by now. Look below.")
            self.message_user(request, sentence, messages.WARNING)
        return HttpResponseRedirect(issue_url(issue, "change"))

    def _has_errors(self, request, issue) -> bool:
        """Of a letter that comes late, or from a backup, and whose words may not be true any more; others were checked when
        they began, and nobody can change what has gone out to some already."""
        if not issue.waits_whole:
            return False
        errors = [each for each in check(issue) if each.is_error]
        for each in errors:
            self.message_user(request, each.sentence, messages.ERROR)
        if errors:
            sentence = _("It was not sent. Press “Change it again” and put this right.")
            self.message_user(request, sentence, messages.ERROR)
        return bool(errors)

    def _ask(self, request, issue):
        context = self.admin_site.each_context(request) | {
            "title": _("Cancel: {letter}").format(letter=issue),
            "opts": self.opts,
            "object": issue,
            "media": self.media,
            "was_begun": issue.queued_at is not None,
            "list_url": reverse("admin:newsletter_issue_changelist"),
            "change_url": issue_url(issue, "change"),
        }
        return TemplateResponse(request, "admin/newsletter/issue/cancel.html", context)

    def copy_view(self, request, object_id):
        issue = self.seen(request, object_id)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with in_turn():
            copy = copy_of(issue)
            self.log_addition(request, copy, _("Made from “{title}”.").format(title=issue))
        sentence = _("This is the copy, a draft. Read it through: its words may still speak of what is over.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(issue_url(copy, "change"))

    def announce_view(self, request, event):
        """“Announce this event”: the draft, made now or there already."""
        found = Event.objects.filter(pk=event).first()
        if found is None:
            raise Http404(event)
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        with transaction.atomic():
            issue, is_new = announce(found)
            if is_new:
                self.log_addition(request, issue, _("Made from “{title}”.").format(title=found))
        if is_new:
            sentence = _("This letter announces the event. It is a draft: read it, complete it, and send it.")
        else:
            sentence = _("This draft announces the event already.")
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(issue_url(issue, "change"))
