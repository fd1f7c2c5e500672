"""Each role sees its part of the admin, and meets a wall everywhere else."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import resolve, reverse

from accounts.roles import ROLES, write_permissions, write_roles
from tests.accounts.factories import make_account, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PARTS = {
    "editor": {"events"},
    "moderator": {"comments"},
    "newsletter": {"newsletter"},
    "administrator": {"events", "comments", "newsletter", "pages", "accounts", "omep_site"},
}


def registered():
    return [model._meta for model in admin.site._registry]


def pages_of(opts) -> list[str]:
    name = f"admin:{opts.app_label}_{opts.model_name}"
    return [
        reverse(f"{name}_changelist"),
        reverse(f"{name}_add"),
        *(reverse(f"{name}_{page}", args=[1]) for page in ("change", "delete", "history")),
    ]


@pytest.mark.parametrize("role", PARTS)
def test_the_first_page_and_the_menu_show_the_roles_own_part_and_nothing_else(rf, role):
    request = rf.get("/admin/")
    request.user, request.resolver_match = make_account(role), resolve("/admin/")
    client = signed_in(request.user)

    page = soup(client.get("/admin/"))
    names = {link["href"].split("/")[2] for link in page.select(".house-parts h2 a")}
    beside = {"roles", "personal-data", "condition"}  # pages of no app
    assert names - beside == PARTS[role] & {opts.app_label for opts in registered()}
    assert names & beside == (beside if role == "administrator" else set())
    assert {app["app_label"] for app in admin.site.each_context(request)["available_apps"]} == names - beside


def test_the_first_page_of_an_editor_and_of_a_moderator_word_by_word():
    editor = soup(signed_in(make_account("editor", username="éva")).get("/admin/"))
    assert [words(each) for each in editor.select(".house-parts h2")] == ["Events", "Partners", "Subjects"]
    moderator = soup(signed_in(make_account("moderator", username="max")).get("/admin/"))
    assert [words(each) for each in moderator.select(".house-parts h2")] == [
        "Comments",
        "Rules of commenting",
        "Decisions",
    ]


@pytest.mark.parametrize("role", PARTS)
def test_each_address_of_the_other_parts_is_a_wall(role):
    client = signed_in(make_account(role))
    others = [opts for opts in registered() if opts.app_label not in PARTS[role]]

    paths = [path for opts in others for path in pages_of(opts)]
    paths += [f"/admin/{app}/" for app in {opts.app_label for opts in others}]
    asked = [ask(path, follow=True) for path in paths for ask in (client.get, client.post)]
    # A row that does not exist leads back to the first page, which says so; an app that is closed is not there.
    opened = [
        answer.request["PATH_INFO"]
        for answer in asked
        if answer.status_code not in (403, 404, 405) and answer.request["PATH_INFO"] != "/admin/"
    ]
    assert opened == []
    lists = [path for opts in others for path in pages_of(opts)[:2]]
    assert {client.get(path, follow=True).status_code for path in lists} <= {403}


@pytest.mark.parametrize("role", PARTS)
def test_each_list_of_the_own_part_opens(role):
    client = signed_in(make_account(role))
    paths = [pages_of(opts)[0] for opts in registered() if opts.app_label in PARTS[role]]

    assert {path: client.get(path, follow=True).status_code for path in paths} == dict.fromkeys(paths, 200)


def test_roles_add_up():
    page = soup(signed_in(make_account("moderator", "newsletter")).get("/admin/"))

    names = {link["href"].split("/")[2] for link in page.select(".house-parts h2 a")}
    assert names == {"comments", "newsletter", "personal-data"}  # who may erase both may erase a person


def test_an_account_without_a_role_meets_the_door_and_with_none_left_a_friendly_sentence():
    nobody = make_account(username="nadia")
    assert signed_in(nobody).get("/admin/").status_code == 302
    left = make_account(username="léo", is_staff=True)
    assert "Your account has no role yet." in words(soup(signed_in(left).get("/admin/")))


@pytest.mark.parametrize("model", ["auth/user", "auth/group", "axes/accessattempt", "otp_totp/totpdevice"])
def test_what_other_apps_bring_has_no_page(model):
    superuser = make_account("administrator", is_superuser=True)

    assert signed_in(superuser).get(f"/admin/{model}/").status_code == 404


def test_a_moderator_changes_comments_and_sees_of_an_event_its_name_alone():
    assert {each for each in make_account("moderator").get_all_permissions() if "event" in each} == set()


def test_writing_the_roles_twice_changes_nothing_and_takes_back_what_was_added():
    write_roles()
    before = {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}
    Group.objects.get(name="moderator").permissions.add(Permission.objects.get(codename="delete_event"))
    write_roles()

    after = {group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()}
    assert after == before
    assert set(after) >= {role.key for role in ROLES}
    assert min(len(permissions) for permissions in after.values()) >= 3


def test_a_migration_makes_the_permissions_that_it_gives():
    Permission.objects.all().delete()
    graph = MigrationExecutor(connection).loader
    apps = graph.project_state(graph.graph.leaf_nodes()).apps
    write_permissions(apps)
    write_roles(apps)

    given = Permission.objects.filter(group__name="editor").values_list("codename", flat=True)
    assert {"add_event", "change_event", "delete_event", "view_event", "change_partner"} <= set(given)
