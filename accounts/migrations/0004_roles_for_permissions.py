"""Before there were roles, accounts had single permissions: whoever may write in a part of the site gets its role.

The role takes the place of the account's own permissions in that part. Nobody may do less than before, and nobody more
in a part that they could only look at: permissions to look stay as they are, until an administrator saves the account.
"""

from django.db import migrations
from django.db.models import Q

ROLE_OF = {"events": "editor", "comments": "moderator", "newsletter": "newsletter"}
ROLES = [*ROLE_OF.values(), "administrator"]


def forwards(apps, schema_editor):
    User, Group, Permission = (apps.get_model("auth", name) for name in ("User", "Group", "Permission"))
    for user in User.objects.filter(is_staff=True):
        given = Permission.objects.filter(Q(user=user) | Q(group__in=user.groups.exclude(name__in=ROLES)))
        writes_in = set(given.exclude(codename__startswith="view_").values_list("content_type__app_label", flat=True))
        for app, role in ROLE_OF.items():
            if app in writes_in:
                user.groups.add(Group.objects.get(name=role))
                user.user_permissions.remove(*user.user_permissions.filter(content_type__app_label=app))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles_again")]

    # Backwards the roles stay: they stand for what the permissions stood for.
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
