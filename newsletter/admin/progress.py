"""How far an issue is: a piece of its page, which a script asks for anew while letters go out."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsletter.models import Delivery, Issue
from newsletter.progress import Progress, progress_of

# In the order in which an editor wants to know.
SHOWN = ["sent", "pending", "sending", "deferred", "uncertain", "failed", "bounced", "skipped", "cancelled"]
EXPLAINED = {
    "sent": _("The mail server has taken it."),
    "pending": _("Its turn comes."),
    "sending": _("A worker has it in its hands."),
    "deferred": _("The reader’s mail server asked for patience; it is tried again by itself."),
    "uncertain": _(
        "The connection ended just when the letter had been handed over: the reader may have it, or not. It is not sent "
        "again by itself, so that nobody gets it twice."
    ),
    "failed": _("The mail server refused it for good."),
    "bounced": _("It came back later."),
    "skipped": _("Unsubscribed, blocked or erased before its turn."),
    "cancelled": _("Somebody cancelled the sending."),
}


def progress_view(model_admin, request, object_id):
    """The piece alone, for the script."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    issue = Issue.objects.filter(pk=object_id).first()
    if issue is None:
        raise Http404
    response = render(request, "admin/newsletter/issue/_progress.html", progress_context(issue))
    response["Cache-Control"] = "no-store"
    return response


def progress_context(issue: Issue) -> dict:
    """For templates/admin/newsletter/issue/_progress.html. Nothing before the readers are written down."""
    found = progress_of(issue) if issue.queued_at else None
    labels = dict(Delivery.Status.choices)
    listed = reverse("admin:newsletter_delivery_changelist")
    return {
        "issue": issue,
        "progress": found,
        "progress_words": in_words(found) if found else "",
        "moves": issue.status == Issue.Status.SENDING,
        "states": [
            {
                "status": status,
                "label": labels[status],
                "count": found.counts[status],
                "explained": EXPLAINED[status],
                "list": f"{listed}?issue__id__exact={issue.pk}&status__exact={status}",
            }
            for status in SHOWN
            if found and found.counts[status]
        ],
    }


def in_words(found: Progress) -> str:
    """“1,200 of 5,000 letters, 24 %”"""
    return ngettext("%(done)d of %(total)d letter", "%(done)d of %(total)d letters", found.total) % {
        "done": found.done,
        "total": found.total,
    }
