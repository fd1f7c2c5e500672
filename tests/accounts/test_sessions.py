"""Sessions end: with the browser, twelve hours after the last use, and when somebody signs out."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from omep_site.worker import Worker
from tests.accounts.factories import make_account, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    make_account("editor")
    client = Client()
    sign_in(client)
    return client


def age(**used) -> None:
    """As if the session had been used that long ago for the last time."""
    Session.objects.update(expire_date=timezone.now() + timedelta(hours=12) - timedelta(**used))


def is_open(client) -> bool:
    return client.get("/admin/").status_code == 200


def test_the_cookie_ends_with_the_browser(client):
    cookie = client.cookies["sessionid"]

    assert (cookie["max-age"], cookie["expires"], cookie["path"]) == ("", "", "/admin/")


def test_a_session_ends_twelve_hours_after_its_last_use(client):
    age(hours=11, minutes=59)
    assert is_open(client)
    age(hours=12, seconds=1)
    assert not is_open(client)


def test_use_renews_a_session_and_not_at_every_click(client):
    age(minutes=9)
    before = Session.objects.get().expire_date
    is_open(client)
    assert Session.objects.get().expire_date == before
    age(minutes=11)
    is_open(client)
    left = Session.objects.get().expire_date - timezone.now()
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)


def test_signing_out_ends_it_for_good(client):
    stolen = Client()
    stolen.cookies["sessionid"] = client.cookies["sessionid"].value
    assert is_open(stolen)

    assert client.post("/admin/logout/").status_code == 200
    assert (is_open(client), is_open(stolen), Session.objects.count()) == (False, False, 0)


def test_a_new_password_ends_the_sessions_elsewhere(client):
    elsewhere = Client()
    sign_in(elsewhere)
    new = {"old_password": "trois oies dans la cour", "new_password1": "un cheval sur le toit"}
    client.post("/admin/password_change/", new | {"new_password2": new["new_password1"]})

    assert (is_open(client), is_open(elsewhere)) == (True, False)


def test_an_account_that_is_closed_is_out_at_the_next_click(client):
    assert is_open(client)
    User.objects.update(is_active=False)
    assert not is_open(client)


@pytest.mark.django_db(transaction=True)
def test_the_worker_tidies_ended_sessions_away(client):
    age(hours=13)
    sign_in(Client())
    Worker().round()

    assert Session.objects.count() == 1
