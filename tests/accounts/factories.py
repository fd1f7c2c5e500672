"""People with roles, and browsers in which they have signed in."""

from django.contrib.auth.models import Group, User
from django.test import Client

from accounts.models import Preferences
from accounts.roles import write_roles

PASSWORD = "trois oies dans la cour"


def make_account(*roles: str, username: str = "zoé", language: str = "", **fields) -> User:
    """An account with roles by their keys; the roles are there whatever a test before this one has emptied."""
    write_roles()
    fields = {"password": PASSWORD, "email": "zoe@example.org", "is_staff": bool(roles)} | fields
    user = User.objects.create_user(username, **fields)
    user.groups.set(Group.objects.filter(name__in=roles))
    if language:
        Preferences.set_language(user, language)
    return user


def signed_in(user: User, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def sign_in(client: Client, username: str = "zoé", password: str = PASSWORD, **extra):
    """Through the form, as a person does."""
    return client.post("/admin/login/?next=/admin/", {"username": username, "password": password}, **extra)
