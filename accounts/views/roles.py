from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import log
from accounts.confirming import asks_again
from accounts.models import RoleRule
from accounts.roles import ROLES


@asks_again
def show(request):
    """The roles, who has them, and which of them demand a second factor."""
    if not request.user.has_perm("accounts.change_account"):
        raise PermissionDenied
    groups = {
        group.name: group
        for group in Group.objects.filter(name__in=[role.key for role in ROLES])
        .select_related("rule")
        .prefetch_related("user_set")
    }
    if request.method == "POST":
        for group in groups.values():
            demands = {"demands_second_factor": f"second_factor_{group.name}" in request.POST}
            RoleRule.objects.update_or_create(group=group, defaults=demands)
        log.note(request, "said which roles demand a second factor")
        messages.success(request, _("Saved. It holds from the next click of everybody who has such a role."))
        return redirect("admin_roles")
    rows = [
        {
            "role": role,
            "people": sorted(groups[role.key].user_set.all(), key=lambda user: user.get_username()),
            "demands": getattr(getattr(groups[role.key], "rule", None), "demands_second_factor", False),
        }
        for role in ROLES
        if role.key in groups
    ]
    context = {"title": _("Roles"), "rows": rows}
    return render(request, "admin/accounts/roles.html", admin.site.each_context(request) | context)
