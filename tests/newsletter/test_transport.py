"""One letter on one connection, and what became of it."""

from threading import Event as Flag

import pytest

from newsletter.transport import Answer, Connection, Outcome, ServerDown, without_addresses
from tests.newsletter.smtp import HANG_UP, Late

LETTER = b"Subject: x\r\n\r\n..dot\r\nvoil\xc3\xa0\r\n"


@pytest.fixture(params=[True, False], ids=["in one breath", "one after the other"])
def line(request, odd_server):
    odd_server.in_one_breath = request.param
    connection = Connection()
    yield connection
    connection.close()


def send(connection, reader="zoe@example.org") -> Answer:
    return connection.send("retours@example.org", reader, LETTER)


def test_a_letter_is_taken_byte_for_byte(line, odd_server):
    assert send(line) == Answer(Outcome.TAKEN)
    assert odd_server.letters == [b"Subject: x\r\n\r\n.dot\r\nvoil\xc3\xa0\r\n"]
    assert odd_server.heard[1:4] == ["MAIL FROM:<retours@example.org>", "RCPT TO:<zoe@example.org>", "DATA"]


def test_a_second_letter_goes_over_the_same_connection(line, odd_server):
    send(line), send(line)
    assert [each.split()[0] for each in odd_server.heard].count("ehlo") == 1
    assert len(odd_server.letters) == 2


@pytest.mark.parametrize(
    ("script", "answer"),
    [
        ({"RCPT": "550 5.1.1 <zoe@example.org> unknown"}, Answer(Outcome.NO_SUCH_READER, "550 5.1.1 <…> unknown")),
        ({"RCPT": "450 4.2.1 mailbox busy"}, Answer(Outcome.LATER, "450 4.2.1 mailbox busy")),
        ({"MAIL": "553 5.7.1 not you"}, Answer(Outcome.SENDER_REFUSED, "553 5.7.1 not you")),
        ({"MAIL": "451 4.3.0 try later"}, Answer(Outcome.LATER, "451 4.3.0 try later")),
        ({"DATA": "554 5.5.1 no"}, Answer(Outcome.REFUSED, "554 5.5.1 no")),
        ({"END": "554 5.7.1 spam"}, Answer(Outcome.REFUSED, "554 5.7.1 spam")),
        ({"END": "451 4.7.1 greylisted"}, Answer(Outcome.LATER, "451 4.7.1 greylisted")),
    ],
)
def test_each_refusal_is_told_apart_and_the_connection_serves_the_next(line, odd_server, script, answer):
    odd_server.script = script
    assert send(line) == answer
    odd_server.script = {}
    assert send(line, "anna@example.org") == Answer(Outcome.TAKEN)
    assert [each.split()[0] for each in odd_server.heard].count("ehlo") == 1


def test_a_server_that_waits_for_a_letter_to_nobody_gets_an_empty_one(line, odd_server):
    odd_server.wants_letters_to_nobody = True
    odd_server.script = {"RCPT": "550 5.1.1 unknown"}
    assert send(line) == Answer(Outcome.NO_SUCH_READER, "550 5.1.1 unknown")
    odd_server.script = {}
    assert send(line, "anna@example.org") == Answer(Outcome.TAKEN)
    assert len(odd_server.letters) == 1


def test_who_says_no_and_hangs_up_has_said_no(line, odd_server):
    odd_server.script = {"RCPT": "550 5.1.1 unknown", "DATA": HANG_UP, "RSET": HANG_UP}
    odd_server.wants_letters_to_nobody = True
    assert send(line) == Answer(Outcome.NO_SUCH_READER, "550 5.1.1 unknown")
    odd_server.script = {}
    assert send(line, "anna@example.org") == Answer(Outcome.TAKEN)


@pytest.mark.parametrize(
    "script",
    [
        {"CONNECT": HANG_UP},
        {"CONNECT": "554 closed"},
        {"EHLO": HANG_UP, "HELO": HANG_UP},
        {"MAIL": HANG_UP},
        {"MAIL": "421 closing down"},
        {"MAIL": "452 disk full"},
        {"RCPT": HANG_UP},
        {"RCPT": "421 closing down"},
        {"DATA": HANG_UP},
        {"DATA": "452 disk full"},
        {"END": "421 closing down"},
        {"END": "452 disk full"},
    ],
)
def test_a_server_that_is_away_or_wants_nothing_took_nothing(line, odd_server, script):
    odd_server.script = script
    with pytest.raises(ServerDown):
        send(line)
    odd_server.script = {}
    assert send(line) == Answer(Outcome.TAKEN)


@pytest.mark.parametrize("script", [{"END": HANG_UP}, {"MIDDLE": HANG_UP}])
def test_where_the_connection_ends_after_all_was_said_nobody_knows(line, odd_server, script):
    odd_server.script = script
    assert send(line).outcome is Outcome.UNKNOWN
    odd_server.script = {}
    assert send(line) == Answer(Outcome.TAKEN)


def test_nobody_listens(settings):
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ServerDown, match="refused"):
        send(Connection())


def test_a_server_that_hangs_costs_its_time_out(line, odd_server, settings):
    settings.EMAIL_TIMEOUT = 0.2
    let_go = Flag()
    odd_server.script = {"CONNECT": Late("220 here", let_go)}
    try:
        with pytest.raises(ServerDown, match="timed out"):
            send(line)
    finally:
        let_go.set()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <zoé@example.org>: no such user", "550 5.1.1 <…> no such user"),
        ("user zoe+x@a.example unknown\nhere", "user <…> unknown here"),
        ("plain", "plain"),
        ("x" * 500, "x" * 200),
    ],
)
def test_no_address_is_kept_of_what_a_server_said(said, kept):
    assert without_addresses(said).replace("<…>:", "<…>") == kept
