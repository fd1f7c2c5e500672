"""Returned letters, fetched from a mailbox."""

import logging
import socket

import pytest
from django.db import OperationalError

from newsletter import mailbox, returning
from newsletter.mailbox import Mailbox
from newsletter.models import Bounce
from omep_site.lib import intervals
from omep_site.worker import Worker
from tests.newsletter.imap import HANG_UP, imap_server
from tests.newsletter.returned import away, dsn, letter_of_a_person, make_sent, return_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"
    with imap_server() as server:
        place = {"host": "127.0.0.1", "port": server.port, "secure": False}
        settings.BOUNCE_MAILBOX = place | {"user": 'ret"ours', "password": "se cret", "folder": "Retours\\été"[:-3]}
        yield server


@pytest.fixture
def letter(db):
    return make_sent()


def left(server) -> dict[int, set]:
    return {uid: mail.flags for uid, mail in server.mails.items()}


def test_without_a_mailbox_nobody_is_asked(settings, monkeypatch):
    settings.BOUNCE_MAILBOX = None
    monkeypatch.setattr(mailbox, "_open", None)
    assert Mailbox().look() == 0


def test_reports_are_counted_and_deleted(server, letter):
    server.put(dsn(letter), away(letter, Auto_Submitted="auto-replied"))
    assert Mailbox().look() == 2
    assert (Bounce.objects.count(), left(server)) == (1, {})
    assert server.account == '"ret\\"ours" "se cret"'
    assert server.heard[2] == 'SELECT "Retours\\\\"'


def test_what_is_no_report_of_ours_is_left_for_a_person_and_read_once(server, letter):
    server.put(letter_of_a_person(return_address(letter)), dsn(to="retours+b1-000000000000@lettre.example.org"))
    looks = [Mailbox().look() for _each in range(2)]
    assert (looks, left(server)) == ([2, 0], {7: {"\\Flagged"}, 8: {"\\Flagged"}})


@pytest.mark.parametrize("subject", ["Re: Parents on leave: our study", "Congé : absence du bureau de Lyon"])
def test_an_answer_whose_subject_alone_speaks_of_an_absence_is_kept_for_a_person(server, letter, subject):
    server.put(away(letter, subject=subject))
    assert [Mailbox().look() for _each in range(2)] == [1, 0]
    assert left(server) == {7: {"\\Flagged"}}


def test_a_server_that_cannot_delete_one_mail_alone_keeps_it_marked(server, letter):
    server.more = ""
    server.put(dsn(letter))
    assert [Mailbox().look() for _each in range(2)] == [1, 0]
    assert (left(server), Bounce.objects.count()) == ({7: {"\\Deleted"}}, 1)


def test_it_is_looked_into_every_five_minutes(server, letter, monkeypatch):
    now = 0.0
    monkeypatch.setattr(intervals.time, "monotonic", lambda: now)
    one, read = Mailbox(), []
    for now in (0.0, 299.0, 300.0):
        server.put(dsn(letter, number=int(now)))
        read.append(one.look())
    assert read == [1, 0, 2]


def test_a_full_mailbox_is_read_in_several_spells(server, letter, monkeypatch):
    server.put(*[dsn(letter, number=number) for number in range(3)])
    hours = iter([0, 0, 0, 11, 11, 11, 11, 11, 11])
    monkeypatch.setattr(intervals.time, "monotonic", lambda: next(hours))
    one = Mailbox()
    assert [one.look(), one.look()] == [1, 2]


@pytest.mark.parametrize("when", ["LOGIN", "SELECT", "UID SEARCH", "UID FETCH 8", "UID STORE 8", "UID EXPUNGE 7"])
@pytest.mark.parametrize("what", [HANG_UP, "NO not now", "BAD what?"])
def test_a_connection_that_is_lost_loses_nothing_and_counts_nothing_twice(server, letter, when, what, caplog):
    other = make_sent(email="autre@example.org")
    server.put(dsn(letter, number=1), dsn(other, number=2))
    server.script = {when: what}
    with caplog.at_level(logging.WARNING):
        Mailbox().look()
    [said] = [record.getMessage() for record in caplog.records if record.name == "newsletter.mailbox"]
    assert said.startswith("the mailbox of returned letters could not be read: ")
    assert "ours" not in caplog.text
    server.script = {}
    Mailbox().look()
    assert sorted(Bounce.objects.values_list("delivery", flat=True)) == [letter.pk, other.pk]
    assert [flags for flags in left(server).values() if "\\Deleted" not in flags] == []


def test_a_database_that_is_away_leaves_the_mail_where_it_is(server, letter, monkeypatch):
    server.put(dsn(letter))

    def broken(*_args):
        raise OperationalError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(returning, "take", broken)
        with pytest.raises(OperationalError):
            Mailbox().look()
    assert left(server) == {7: set()}
    Mailbox().look()
    assert (left(server), Bounce.objects.count()) == ({}, 1)


def test_a_mail_that_somebody_deleted_meanwhile_is_passed_over(server, letter):
    server.put(dsn(letter), dsn(letter, number=2))
    server.script = {"UID FETCH 7": "OK there is none"}
    assert Mailbox().look() == 2
    assert (list(left(server)), Bounce.objects.count()) == ([7], 1)


def test_a_server_that_says_nothing_is_left_after_a_while(settings, monkeypatch, caplog):
    monkeypatch.setattr(mailbox, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        place = {"host": "127.0.0.1", "port": silent.getsockname()[1], "secure": False}
        settings.BOUNCE_MAILBOX = place | {"user": "a", "password": "b", "folder": "INBOX"}
        assert Mailbox().look() == 0
    assert "could not be read: TimeoutError" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_worker_looks_into_it(server):
    letter = make_sent()
    server.put(dsn(letter))
    one = Worker()
    assert [one.round(), one.round()] == [True, False]
    assert Bounce.objects.count() == 1
