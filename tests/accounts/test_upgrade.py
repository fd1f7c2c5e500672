"""Accounts from before there were roles: what they might do, they may do."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User

from omep_site.management.commands import run
from tests.accounts.factories import PASSWORD, make_account, signed_in
from tests.accounts.test_manage_accounts import as_it_is, page_of
from tests.admin_forms import form_data
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

WITHOUT = {
    "en": "This account has no role now: the person cannot sign in until you give one.",
    "fr": "Ce compte n’a plus de rôle : la personne ne peut pas se connecter tant que vous ne lui en donnez pas.",
}


def upgrade() -> None:
    import_module("accounts.migrations.0004_roles_for_permissions").forwards(apps, None)


def make_with(*permissions, **fields) -> User:
    """An account as Django's own admin made them: with single permissions, as “app” or “app.codename”."""
    user = make_account(is_staff=True, **fields)
    give(user.user_permissions, *permissions)
    return user


def give(permissions, *names) -> None:
    for name in names:
        app, _dot, codename = name.partition(".")
        found = Permission.objects.filter(content_type__app_label=app)
        permissions.add(*(found.filter(codename=codename) if codename else found))


def roles_of(user) -> list[str]:
    return sorted(user.groups.values_list("name", flat=True))


def permissions_of(user) -> list[str]:
    return sorted(user.user_permissions.values_list("codename", flat=True))


@pytest.mark.parametrize(
    ("permissions", "roles", "left"),
    [
        (["events", "comments", "newsletter"], ["editor", "moderator", "newsletter"], []),
        (["events.change_event"], ["editor"], []),
        (["comments"], ["moderator"], []),
        (["newsletter.view_subscriber", "newsletter.change_subscriber"], ["newsletter"], []),
        (["events.add_event", "comments.view_comment"], ["editor"], ["view_comment"]),
        (["events.view_event"], [], ["view_event"]),
        (["auth.change_user"], [], ["change_user"]),
        ([], [], []),
    ],
)
def test_single_permissions_to_write_become_roles(permissions, roles, left):
    user = make_with(*permissions)

    for _again in range(2):
        upgrade()
        assert (roles_of(user), permissions_of(user)) == (roles, left)


def test_a_group_that_somebody_made_counts_like_permissions():
    user = make_with()
    group = Group.objects.create(name="Rédactrices")
    give(group.permissions, "events.change_event")
    user.groups.add(group)

    upgrade()
    assert roles_of(user) == ["Rédactrices", "editor"]


def test_a_role_gives_no_other_role():
    administrator = make_account("administrator")

    upgrade()
    assert roles_of(administrator) == ["administrator"]


def test_who_could_not_sign_in_to_the_admin_gets_no_role():
    user = make_account()
    give(user.user_permissions, "events")

    upgrade()
    assert (roles_of(user), user.is_staff) == ([], False)


# --- The account's form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_correction_of_the_name_leaves_an_upgraded_account_its_roles(language):
    user = make_with("events")
    upgrade()
    client = signed_in(make_account("administrator", username="alma"), language)

    client.post(page_of(user), form_data(client.get(page_of(user))) | {"first_name": "Zoé"})
    user.refresh_from_db()
    assert (user.first_name, user.is_staff, roles_of(user)) == ("Zoé", True, ["editor"])
    assert soup(client.get("/admin/")).select(".messagelist .warning") == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_whoever_leaves_an_account_without_a_role_is_told(language):
    user = make_with("events.view_event")
    client = signed_in(make_account("administrator", username="alma"), language)

    client.post(page_of(user), as_it_is(user, first_name="Zoé"))
    [warning] = soup(client.get("/admin/")).select(".messagelist .warning")
    user.refresh_from_db()
    assert (words(warning), user.is_staff, permissions_of(user)) == (WITHOUT[language], False, [])
    client.post(page_of(user), as_it_is(user, is_active=None))
    assert soup(client.get("/admin/")).select(".messagelist .warning") == []


# --- The demo editor ------------------------------------------------------------------------------------------------


@pytest.fixture
def demo(tmp_path, monkeypatch):
    """As `make run` made it before there were roles."""
    file = tmp_path / "demo-editor.txt"
    file.write_text(f"{PASSWORD}\n")
    monkeypatch.setattr(run, "password_file", lambda: file)
    user = make_with("events", "comments", "newsletter", username="demo")
    upgrade()
    return user


def test_an_old_demo_editor_is_given_the_missing_role_once_and_it_is_said(demo, capsys):
    given = [run.make_demo_editor(), run.make_demo_editor()]

    assert (given, roles_of(demo)) == ([True, False], ["administrator", "editor", "moderator", "newsletter"])
    run.Command().say(roles_given=True)
    assert "It was made before there were roles, and now has all of them.\n" in capsys.readouterr().out


def test_a_demo_editor_with_a_password_of_somebodys_own_is_left_as_it_is(demo):
    demo.set_password("the editor's own choice")
    demo.save()

    assert (run.make_demo_editor(), roles_of(demo)) == (False, ["editor", "moderator", "newsletter"])


def test_a_demo_editor_whose_roles_somebody_chose_keeps_them(demo):
    client = signed_in(make_account("administrator", username="alma"))
    group = Group.objects.get(name="moderator")
    client.post(page_of(demo), as_it_is(demo, roles=[group.pk]))

    assert (run.make_demo_editor(), roles_of(demo)) == (False, ["moderator"])
