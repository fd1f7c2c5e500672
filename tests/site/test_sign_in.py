"""Where signing in leads."""

import pytest
from django.test import Client

from tests.accounts.factories import PASSWORD, make_account

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("", "/admin/"),
        ("?next=/admin/events/event/", "/admin/events/event/"),
        ("?next=https://evil.example/", "/admin/"),
        ("?next=//evil.example/admin/", "/admin/"),
    ],
)
def test_signing_in_leads_to_the_page_that_was_asked_for_or_into_the_house(wanted, location):
    make_account("editor")
    client = Client()

    response = client.post(f"/admin/login/{wanted}", {"username": "zoé", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, location)
    assert client.get(location).status_code == 200
