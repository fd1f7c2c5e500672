"""/admin/personal-data/: what the site stores about one e-mail address, to read, to hand out and to erase.

Everything is sent by POST, so that no address stands in a page's address, in a browser's history or in a server's log.
"""

from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from comments.models import By, Comment, Correspondent
from newsletter.models import Subscriber, Suppression
from omep_site import privacy, traces
from omep_site.lib.history.telling import date_and_hour

TITLE = gettext_lazy("Personal data")
STAYS = {"accounts", "blocked_address"}  # what erasing leaves
PERMISSIONS = ["comments.delete_comment", "newsletter.delete_subscriber"]
MAIL_STATES = {
    "queued": gettext_lazy("goes out within moments"),
    "requeued": gettext_lazy("waits for its next try"),
    "sent": pgettext_lazy("mail", "sent"),
    "failed": gettext_lazy("failed for good"),
}


class AddressForm(forms.Form):
    """Odd addresses too: old rows may have what no form lets pass today."""

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "autofocus": True, "size": 40}),
        error_messages={"required": gettext_lazy("Write the address.")},
    )

    def clean_address(self):
        address = self.cleaned_data["address"]
        if "@" not in address or not address.isprintable():
            raise forms.ValidationError(_("Write an e-mail address such as name@example.org."))
        return address


def may_enter(user) -> bool:
    return user.has_perms(PERMISSIONS)


def show(request):
    if not may_enter(request.user):
        raise PermissionDenied
    form = AddressForm(request.POST or None)
    if not form.is_valid():
        return page(request, {"form": form}, 422 if form.is_bound else 200)
    address = form.cleaned_data["address"]
    if "download" in request.POST:
        return download(request, address)
    if "erase" in request.POST:
        return erase(request, address)
    found = privacy.rows(privacy.export(address))
    erasable = {subject: rows for subject, rows in found.items() if subject not in STAYS}
    context = {"form": form, "address": address, "parts": parts(found), "erasable": parts(erasable)}
    return page(request, context | {"asks": "ask" in request.POST and erasable})


def page(request, context, status=200):
    name = "erase" if context.get("asks") else "show"
    context = admin.site.each_context(request) | {"title": TITLE} | context
    return render(request, f"admin/personal_data/{name}.html", context, status=status)


def download(request, address):
    note(request, CHANGE, _("Handed out as a file."))
    response = JsonResponse(privacy.export(address), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="personal-data.json"'
    return response


def erase(request, address):
    names = privacy.names_at(address)
    with transaction.atomic():
        summary = privacy.erase(address, By.account(request.user))
        if not summary.is_empty:
            note(request, DELETION, " ".join(summary.sentences))
    # This browser's own session was read before, and would be written back as it was.
    traces.clean_session(request.session, address, names)
    for sentence in summary.sentences:
        messages.success(request, sentence)
    for sentence in summary.left:
        messages.warning(request, sentence)
    return redirect("admin_personal_data")


def note(request, flag, words) -> None:
    """In the admin's log: who did it, when, and no word about whom."""
    LogEntry.objects.create(
        user_id=request.user.pk,
        action_time=timezone.now(),
        object_repr=_("Personal data of one person"),
        action_flag=flag,
        change_message=words,
    )


# --- In words -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    title: str
    facts: list[tuple[str, str]]
    url: str = ""
    words: str = ""
    language: str = ""


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row] = field(default_factory=list)


def parts(found: dict[str, list[dict]]) -> list[Part]:
    """An export as a page shows it: each subject with its rows, in the reader's language."""
    return [Part(title, [row(each) for each in found[key]]) for key, (title, row) in kinds().items() if key in found]


def kinds() -> dict:
    return {
        "comments": (_("Comments"), comment_row),
        "mails_about_comments": (_("Mails about comments"), correspondent_row),
        "followed_comments": (_("Comments that the address follows"), follow_row),
        "newsletter": (_("Newsletter"), subscriber_row),
        "blocked_address": (_("Blocked addresses of the newsletter"), blocked_row),
        "mails": (_("E-mails to this address"), mail_row),
        "accounts": (_("Accounts"), account_row),
    }


def moment(iso: str | None) -> str:
    return date_and_hour(timezone.localtime(parse_datetime(iso))) if iso else ""


def told(*facts) -> list[tuple[str, str]]:
    """Without those of which nothing is known."""
    return [(label, value) for label, value in facts if value]


def link(name: str, pk) -> str:
    try:
        return reverse(f"admin:{name}_change", args=[pk])
    except NoReverseMatch:
        return ""


def comment_row(row: dict) -> Row:
    facts = told(
        (_("Name"), row["name"]),
        (_("Website"), row["website"]),
        (_("Event"), row["event"]),
        (_("Received"), moment(row["received"])),
        (_("Status"), Comment.Status(row["status"]).label),
    )
    title = _("Comment %(number)s") % {"number": row["number"]}
    return Row(title, facts, link("comments_comment", row["number"]), row["text"], row["language"])


def correspondent_row(row: dict) -> Row:
    return Row(row["email_address"], told((_("Status"), Correspondent.Status(row["status"]).label)))


def follow_row(row: dict) -> Row:
    wants = [
        label
        for label, is_so in (
            (_("when it is published"), row["when_published"]),
            (_("when somebody answers"), row["when_answered"]),
        )
        if is_so
    ]
    title = _("Comment %(number)s") % {"number": row["comment"]}
    return Row(title, told((_("Tell me"), ", ".join(wants) or _("never"))))


def subscriber_row(row: dict) -> Row:
    count = len(row["consents"])
    facts = told(
        (_("Status"), Subscriber.Status(row["status"]).label),
        (_("Created"), moment(row["created"])),
        (_("Confirmed"), moment(row["confirmed"])),
        (_("Consent"), ngettext("%(count)d record", "%(count)d records", count) % {"count": count} if count else ""),
    )
    return Row(row["email_address"], facts)


def blocked_row(row: dict) -> Row:
    facts = told((_("Since"), moment(row["since"])), (_("Detail"), row["detail"]))
    return Row(capfirst(Suppression.Reason(row["reason"]).label), facts)


def mail_row(row: dict) -> Row:
    return Row(row["subject"], told((_("Written"), moment(row["written"])), (_("Status"), MAIL_STATES[row["state"]])))


def account_row(row: dict) -> Row:
    facts = told(
        (_("Name"), f"{row['first_name']} {row['last_name']}".strip()),
        (_("Roles"), ", ".join(row["roles"])),
        (_("Last sign-in"), moment(row["last_sign_in"])),
    )
    return Row(row["user_name"], facts)
