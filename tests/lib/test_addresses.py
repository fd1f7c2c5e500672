"""One mailbox has many addresses: what limits of mail count."""

import pytest

from omep_site.lib.addresses import mailbox


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("zoe@example.org", "zoe@example.org"),
        ("Zoe@Example.ORG", "zoe@example.org"),
        ("zoe+1@example.org", "zoe@example.org"),
        ("zoe+a+b.c@example.org", "zoe@example.org"),
        ("zoe.l@example.org", "zoe.l@example.org"),  # elsewhere a dot may be somebody else
        ("zoe-1@example.org", "zoe-1@example.org"),
        ("Z.o.e+1@Gmail.com", "zoe@gmail.com"),
        ("zoe@googlemail.com", "zoe@gmail.com"),
        ("z.oe@mail.gmail.com", "z.oe@mail.gmail.com"),
        ("zoë+1@école.example", "zoë@xn--cole-9oa.example"),
        ("+1@example.org", "+1@example.org"),
        ("...@gmail.com", "...@gmail.com"),
        ("zoe", "zoe"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_mailbox_are_counted_as_one(address, counted):
    assert mailbox(address) == counted
