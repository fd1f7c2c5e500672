"""`manage.py receive_returned_mail`: what a mail server hands over."""

import io
import os
import sys
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from newsletter import returning
from newsletter.models import Bounce
from tests.newsletter.returned import dsn, letter_of_a_person, make_sent, return_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def hand_over(monkeypatch, settings):
    settings.BOUNCE_ADDRESS = "retours@lettre.example.org"

    def run(mail: bytes, *args) -> bytes:
        """Returns what was left unread."""
        pipe = io.BytesIO(mail)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=pipe))
        call_command("receive_returned_mail", *args)
        return pipe.read()

    return run


def test_a_mail_is_taken_for_its_envelope(hand_over):
    letter = make_sent()
    assert hand_over(dsn(), "--for", return_address(letter)) == b""
    assert [row.delivery for row in Bounce.objects.all()] == [letter]


def test_without_an_envelope_the_mail_itself_says_it(hand_over):
    letter = make_sent()
    hand_over(dsn(letter))
    assert [row.delivery for row in Bounce.objects.all()] == [letter]


@pytest.mark.parametrize("mail", [b"", b"\0" * 100, letter_of_a_person("retours@lettre.example.org")])
def test_whatever_it_is_it_is_taken(hand_over, mail):
    assert hand_over(mail, "--for", "n’importe quoi") == b""


def test_a_large_mail_is_read_to_its_end_so_that_the_mail_server_sees_no_broken_pipe(hand_over):
    letter = make_sent()
    assert hand_over(dsn(letter) + b"x" * 3 * 2**20) == b""
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize("fault", [OperationalError("gone"), RuntimeError("x")])
def test_where_it_cannot_be_stored_the_mail_server_is_to_keep_it(hand_over, monkeypatch, fault):
    def broken(*_args):
        raise fault

    monkeypatch.setattr(returning, "take", broken)
    with pytest.raises(CommandError) as error:
        hand_over(dsn())
    assert (error.value.returncode, str(error.value)) == (os.EX_TEMPFAIL, f"not now: {type(fault).__name__}")
