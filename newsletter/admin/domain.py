"""/admin/newsletter/domain/: “Is our mail believed?” GET shows a button; only its POST asks DNS."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from newsletter import dns_records, domain
from newsletter.dns_records import Grade

TITLE = _("Is our mail believed?")
GRADES = {
    Grade.GOOD: _("in order"),
    Grade.MEND: _("to be mended"),
    Grade.MISSING: _("missing"),
    Grade.UNKNOWN: _("not known"),
}


def may_enter(user) -> bool:
    return user.has_perm("newsletter.view_subscriber")


@require_http_methods(["GET", "HEAD", "POST"])
def show(request):
    if not may_enter(request.user):
        raise PermissionDenied
    sender, returns = domain.domains()
    context = {"title": TITLE, "sender": sender, "returns": returns}
    if request.method == "POST":
        answer = domain.look_up()
        purposes = dns_records.purposes()
        findings = [(each, GRADES[each.grade], purposes[each.title]) for each in answer.findings]
        context |= {"answer": answer, "findings": findings}
    return render(request, "admin/newsletter/domain.html", admin.site.each_context(request) | context)
