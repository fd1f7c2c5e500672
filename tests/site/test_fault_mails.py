"""A fault of ours is told by mail: in plain words, without anything of the person whom it met, and not too often."""

import logging

import pytest
from django.db import OperationalError
from django.urls import path
from post_office.models import Email

from omep_site import fault_mails, watching
from omep_site.lib import incidents, work
from omep_site.models import Kind
from omep_site.urls import urlpatterns as site

SECRET = "zoe.confidentiel@example.org"
ID = "0123456789abcdef"
logger = logging.getLogger("omep_site.tests")


def broken(request, token="x"):
    secret = request.POST.get("email", SECRET)
    raise ValueError(f"{secret} {token}")


urlpatterns = [path("en/broken/<token>/", broken, name="broken"), *site]
handler500 = "omep_site.views.server_error"
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ERROR_MAIL = ["dev@example.org", "ops@example.org"]


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_800_000_000.0

        def time(self):
            return self.now

    monkeypatch.setattr(fault_mails, "time", Clock())
    return fault_mails.time


def fail(kind=ValueError) -> None:
    try:
        raise kind(SECRET)
    except kind:
        logger.exception("it failed for %s", SECRET)


KINDS = [type(f"Fault{number}", (Exception,), {}) for number in range(20)]


def mails() -> list[Email]:
    watching.store()
    return list(Email.objects.filter(to="dev@example.org").order_by("pk"))


def test_a_fault_of_the_web_is_told_to_each_address_with_its_route_and_nothing_of_the_visitor(client):
    client.raise_request_exception = False
    with work.at(ID, method="POST"):
        assert client.post("/en/broken/s3cret/?q=confidentiel", {"email": SECRET}).status_code == 500
    watching.store()
    dev, ops = Email.objects.order_by("pk")
    assert (dev.to, ops.to, dev.message) == (["dev@example.org"], ["ops@example.org"], ops.message)
    assert dev.subject.endswith("une demande a échoué")
    lines = dev.message.splitlines()
    assert lines[0].startswith("Ce que quelqu’un a envoyé n’a sans doute pas été enregistré")
    assert "Où\xa0: POST broken" in lines
    assert f"Référence\xa0: {ID}" in lines
    assert '    raise ValueError(f"{secret} {token}")' in lines
    assert [word for word in (SECRET, "confidentiel", "s3cret", "127.0.0.1") if word in dev.message] == []


@pytest.mark.parametrize(
    ("method", "name", "opening"),
    [
        ("GET", "events:home", "Quelqu’un voulait lire une page"),
        ("POST", "comments:write", "Ce que quelqu’un a envoyé n’a sans doute pas été enregistré"),
        ("", "mail", "Quelque chose que le site fait de lui-même n’a pas abouti."),
    ],
)
def test_it_begins_with_what_it_meant(method, name, opening):
    with work.at(ID, name, method):
        fail()
    [mail] = mails()
    assert mail.message.startswith(opening)
    assert f"Où\xa0: {method} {name}".replace("\xa0:  ", "\xa0: ") in mail.message.replace("\xa0:  ", "\xa0: ")


def test_the_same_fault_is_told_once_an_hour_and_the_next_mail_says_how_many_there_were(clock):
    found = []
    for minutes in (0, 1, 59, 61):
        clock.now = 1_800_000_000 + 60 * minutes
        fail()
        fail()
        found.append(len(mails()))
    assert found == [1, 1, 1, 2]
    first, second = mails()
    assert "C’est arrivé 2 fois." in first.message
    assert "4 autres erreurs se sont produites" in second.message


def test_ten_are_told_in_an_hour_whatever_they_are(clock):
    for kind in KINDS:
        fail(kind)
    assert len(mails()) == fault_mails.AN_HOUR
    clock.now += fault_mails.HOUR + 1
    fail(KINDS[0])
    assert "10 autres erreurs se sont produites" in mails()[-1].message


def test_where_nobody_is_to_be_told_nothing_is_kept(settings):
    settings.ERROR_MAIL = []
    fail()
    assert (fault_mails._kept, mails()) == ({}, [])


def test_what_is_logged_without_a_traceback_is_no_fault():
    logger.error("a public page is not kept")
    assert mails() == []


def test_while_the_database_is_away_it_waits_and_that_is_noted(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError

    fail()
    with monkeypatch.context() as broken:
        broken.setattr(fault_mails, "_send", away)
        watching.store()
    assert (Email.objects.count(), incidents.noted()) == (0, [Kind.DATABASE_AWAY])
    assert len(mails()) == 1


def test_memory_has_a_bound():
    for number in range(2 * fault_mails.MOST):
        fault_mails.keep(fault_mails.Fault(f"trace {number}", "", "", "", 0.0))
    assert len(fault_mails._kept) == fault_mails.MOST


def test_what_anybody_can_send_and_is_answered_with_a_400_is_no_fault_of_ours(client, settings):
    too_many = {f"field{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert client.post("/fr/lettre/", too_many).status_code == 400
    assert client.get("/fr/", headers={"host": "evil.example"}).status_code == 400
    assert mails() == []
