"""The roles, declared once. In the database they are Django's groups, and the keys are their names.

`write_roles` makes the groups what is said here. A migration calls it; when apps have grown, a later one calls it
again, after `create_permissions`.
"""

from dataclasses import dataclass
from fnmatch import fnmatch

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Role:
    key: str
    name: str
    may: str  # one sentence for the person who gives the role
    permissions: tuple[str, ...]  # “app.codename”, where * stands for anything


EDITOR = Role(
    "editor",
    _("Editor"),
    _("Writes, publishes and changes events, with their partners, speakers, pictures and documents."),
    ("events.*",),
)
MODERATOR = Role(
    "moderator",
    _("Moderator"),
    _("Reads what visitors write under the events, decides what is shown, and sets the rules of commenting."),
    ("comments.view_*", "comments.change_*", "comments.delete_comment", "comments.*_policy"),
)
NEWSLETTER = Role(
    "newsletter",
    _("Newsletter manager"),
    _("Looks after the newsletter and the people who receive it."),
    ("newsletter.*",),
)
ADMINISTRATOR = Role(
    "administrator",
    _("Administrator"),
    _("Does all of the above, edits the site’s own texts, gives accounts to people and sees the outgoing e-mails."),
    ("events.*", "comments.*", "newsletter.*", "pages.*", "accounts.*", "omep_site.*queuedmail"),
)
ROLES = (EDITOR, MODERATOR, NEWSLETTER, ADMINISTRATOR)


def named(key: str) -> Role | None:
    return next((role for role in ROLES if role.key == key), None)


def write_roles(apps=installed) -> None:
    """Makes the groups and gives each what it should have and nothing else. What does not exist yet is left out.

    Doing it twice changes nothing. In a migration, give its `apps`.
    """
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    existing = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    for role in ROLES:
        group, _made = Group.objects.get_or_create(name=role.key)
        group.permissions.set(
            pk for name, pk in existing.items() if any(fnmatch(name, pattern) for pattern in role.permissions)
        )


def write_permissions(apps) -> None:
    """For a migration: Django makes permissions only after the last one, and roles are made of them."""
    for config in apps.get_app_configs():
        config.models_module = True  # a migration's apps have none, and would be skipped
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
