"""Whether a letter came back because of its address, for a while, or because of us."""

import pytest

from newsletter import diagnoses


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("5.1.1", "hard"),  # no such mailbox
        ("5.1.2", "hard"),  # no such domain
        ("5.1.10", "hard"),  # a domain that takes no mail
        ("5.1.8", "soft"),  # about us
        ("5.2.1", "hard"),  # closed
        ("5.2.2", "soft"),  # full
        ("5.4.1", "hard"),  # no such reader, at Microsoft
        ("5.4.4", "hard"),  # no server
        ("5.4.7", "soft"),  # too late
        ("5.7.1", "soft"),  # taken for spam
        ("5.0.0", "soft"),  # nobody knows why
        ("4.4.1", "soft"),
        ("4.1.1", "soft"),
        ("550", "hard"),
        ("552", "soft"),
        ("554", "soft"),
        ("450", "soft"),
        ("", "soft"),
    ],
)
def test_a_code_that_speaks_of_the_address_is_hard(code, kind):
    assert diagnoses.hard_or_soft(code) == kind


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        ("550", "User unknown", ("hard", "5.1.1")),
        ("5.0.0", "550 The account does not exist", ("hard", "5.1.1")),
        ("", "Recipient address not found", ("hard", "5.1.1")),
        ("5.5.0", "550 Requested action not taken: mailbox unavailable", ("hard", "5.1.1")),
        ("", "This account has been disabled", ("hard", "5.2.1")),
        ("554", "The inbox is full", ("soft", "5.2.2")),
        ("5.0.0", "552 over quota", ("soft", "5.2.2")),
        ("554", "Your IP address is on a blocklist", ("soft", "5.7.1")),
        ("550", "Reverse DNS was not found", ("soft", "5.7.1")),
        ("550", "Sender verify failed", ("soft", "5.7.1")),
        ("550", "Verification failed for <lettre@example.org>\nNo such user here", ("soft", "5.7.1")),
        ("550", "Administrative prohibition", ("soft", "5.7.1")),
        ("550", "Recipient verification failed: no such user", ("hard", "5.1.1")),
        ("550", "Message looks like\n spam", ("soft", "5.7.1")),
        ("", "retry time not reached for any host", ("soft", "4.4.7")),
        ("554", "Hello", ("soft", "554")),
        ("5.1.1", "the mailbox is full", ("hard", "5.1.1")),
        ("4.2.2", "user unknown", ("soft", "4.2.2")),
    ],
)
def test_where_a_code_says_nothing_the_words_do(code, words, expected):
    assert diagnoses.reason(code, words) == expected
