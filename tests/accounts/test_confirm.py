"""The password once more, before accounts and the second factor are changed at a computer that was left open."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Account
from accounts.sessions import LONGEST
from tests.accounts.factories import PASSWORD, make_account, sign_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

ASK = "/admin/confirm/"
ACCOUNTS = "/admin/accounts/account/"
GUARDED = [f"{ACCOUNTS}add/", f"{ACCOUNTS}{{pk}}/change/", f"{ACCOUNTS}{{pk}}/delete/", f"{ACCOUNTS}{{pk}}/password/"]
GUARDED += ["/admin/roles/", "/admin/second_factor/"]


@pytest.fixture
def clock(monkeypatch):
    moment = {"now": time.time()}
    monkeypatch.setattr(time, "time", lambda: moment["now"])

    def forward(**kwargs):
        moment["now"] += timedelta(**kwargs).total_seconds()

    return forward


@pytest.fixture
def admin(clock):
    make_account("administrator", username="ada")
    client = Client(headers={"accept-language": "en"})
    sign_in(client, "ada")
    return client


@pytest.fixture
def other():
    return make_account("editor", username="éloïse")


@pytest.mark.parametrize("path", GUARDED)
def test_an_hour_after_signing_in_it_is_asked_for_and_then_not_for_an_hour(admin, other, clock, path):
    path = path.format(pk=other.pk)
    clock(minutes=59)
    assert admin.get(path).status_code == 200
    clock(minutes=1)
    asked = admin.get(f"{path}?x=1")
    assert (asked.status_code, asked["Location"]) == (302, f"{ASK}?next={path.replace('/', '%2F')}%3Fx%3D1")
    page = soup(admin.get(asked["Location"]))
    assert (words(page.h1), page.select_one("[name=password]")["autocomplete"]) == (
        "Your password, once more",
        "current-password",
    )
    session = admin.cookies["sessionid"].value
    answer = admin.post(ASK, {"password": PASSWORD, "next": path})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert admin.cookies["sessionid"].value != session
    clock(minutes=59)
    assert admin.get(path).status_code == 200


def test_a_form_that_was_opened_in_time_may_be_sent_an_hour_later(admin, other, clock):
    clock(minutes=119)
    assert admin.post(f"{ACCOUNTS}{other.pk}/delete/", {"post": "yes"})["Location"] == ACCOUNTS
    late = make_account("editor", username="léa")
    clock(minutes=1)
    assert admin.post(f"{ACCOUNTS}{late.pk}/delete/", {"post": "yes"})["Location"].startswith(ASK)
    assert [account.username for account in Account.objects.all()] == ["ada", "léa"]


def test_a_wrong_one_is_refused_and_five_lock(admin, clock):
    clock(hours=1)
    answers = [admin.post(ASK, {"password": "faux"}) for _each in range(5)]
    assert [answer.status_code for answer in answers] == [422] * 4 + [429]
    assert words(soup(answers[0]).select_one(".errornote")) == "This password is not right."
    assert admin.post(ASK, {"password": PASSWORD}).status_code == 429
    assert admin.get("/admin/roles/").status_code == 302


def test_nobody_is_asked_who_is_not_signed_in_or_leads_elsewhere(admin):
    assert Client().get(ASK)["Location"] == "/admin/"
    assert admin.post(ASK, {"password": PASSWORD, "next": "https://evil.example/"})["Location"] == "/admin/"


def test_who_has_to_set_the_second_step_up_is_not_sent_in_a_circle(admin, clock):
    admin.post("/admin/roles/", {"second_factor_administrator": "on"})
    clock(hours=1)
    final = admin.get("/admin/", follow=True)
    assert (final.status_code, final.request["PATH_INFO"]) == (200, ASK)
    assert admin.post(ASK, {"password": PASSWORD, "next": "/admin/second_factor/"}).status_code == 302
    assert admin.get("/admin/", follow=True).request["PATH_INFO"] == "/admin/second_factor/"


def test_no_session_lasts_longer_than_a_week_by_whatever_use(admin, clock):
    for _use in range(LONGEST // timedelta(hours=8)):
        assert admin.get("/admin/").status_code == 200
        clock(hours=8)
    clock(seconds=1)
    assert admin.get("/admin/").status_code == 302
    assert Session.objects.count() == 0
