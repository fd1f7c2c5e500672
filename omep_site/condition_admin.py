"""/admin/condition/: how the site is, for administrators. What is wrong now, and what happened in the last month."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from omep_site import condition, gathering
from omep_site.happened import in_words
from omep_site.models import Incident
from omep_site.moments import moment

TITLE = _("How the site is")
LOOKS_BACK = timedelta(days=30)
MOST = 200  # of what happened


def may_enter(user) -> bool:
    """As who may look after the outgoing e-mails: administrators."""
    return user.has_perm("omep_site.view_queuedmail")


@require_safe
def show(request):
    if not may_enter(request.user):
        raise PermissionDenied
    facts = gathering.facts()
    happened = Incident.objects.filter(ended__gte=timezone.now() - LOOKS_BACK).order_by("-ended", "-pk")[:MOST]
    context = {
        "title": TITLE,
        "lines": condition.wrong(facts),
        "past": [in_words(each) for each in happened],
        "looked_at": moment(facts.now),
    }
    return render(request, "admin/condition.html", admin.site.each_context(request) | context)
