"""The client's network: what is believed, and how much of an address is left."""

import pytest
from django.test import RequestFactory

from omep_site.lib.network import client_network


def network(address, forwarded=None):
    headers = {} if forwarded is None else {"x-forwarded-for": forwarded}
    return client_network(RequestFactory().get("/", REMOTE_ADDR=address, headers=headers))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("198.51.100.77", "198.51.100.0/24"),
        ("127.0.0.1", "127.0.0.0/24"),
        ("2001:db8:1234:5678:9abc:def0:1:2", "2001:db8:1234::/48"),
        ("2001:DB8:1234::1", "2001:db8:1234::/48"),
        ("::ffff:198.51.100.77", "198.51.100.0/24"),
        ("::ffff:c633:644d", "198.51.100.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", "unknown"),
        ("198.51.100.077", "unknown"),
        ("198.51.100.77:4711", "unknown"),
        ("unix:", "unknown"),
        ("198.51.100.77\x00", "unknown"),
        ("é", "unknown"),
    ],
)
def test_of_an_address_only_its_network_is_left(address, expected):
    assert network(address) == expected


PROXY = "203.0.113.9"
CLIENT = "198.51.100.77"
FORGED = "192.0.2.1"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "203.0.113.0/24"),
        (0, FORGED, "203.0.113.0/24"),
        (1, CLIENT, "198.51.100.0/24"),
        (1, f"{FORGED}, {CLIENT}", "198.51.100.0/24"),
        (1, f"{FORGED},{FORGED} ,  {CLIENT} ", "198.51.100.0/24"),
        (1, "2001:db8:1234:5678::1", "2001:db8:1234::/48"),
        (1, f"{FORGED}, garbage", "unknown"),
        (1, f"{FORGED}, ", "203.0.113.0/24"),
        (1, "", "203.0.113.0/24"),
        (1, None, "203.0.113.0/24"),
        (2, f"{CLIENT}, 10.0.0.1", "198.51.100.0/24"),
        (2, f"{FORGED}, {CLIENT}, 10.0.0.1", "198.51.100.0/24"),
        (2, FORGED, "203.0.113.0/24"),
    ],
)
def test_forwarding_headers_are_believed_as_far_as_there_are_proxies(settings, proxies, forwarded, expected):
    settings.TRUSTED_PROXIES = proxies
    assert network(PROXY, forwarded) == expected
