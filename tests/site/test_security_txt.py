"""Where somebody who has found a hole learns whom to tell."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from omep_site import environment, security_txt

pytestmark = pytest.mark.django_db

PATH = "/.well-known/security.txt"
TEXT = """\
Contact: mailto:securite@example.org
Contact: https://example.org/contact/
Expires: {expires}
Preferred-Languages: fr, en
Canonical: https://events.example.org/.well-known/security.txt
"""


@pytest.fixture
def contacts(settings):
    settings.SECURITY_CONTACT = ["mailto:securite@example.org", "https://example.org/contact/"]
    return settings.SECURITY_CONTACT


def test_it_names_the_contacts_of_this_installation_for_almost_a_year(contacts):
    now = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)

    assert security_txt.written(now) == TEXT.format(expires="2027-11-21T00:00:00Z")


def test_it_is_read_as_text_and_kept_as_a_page(contacts, client):
    answer = client.get(PATH)
    day = timezone.now().astimezone(UTC).date() + timedelta(days=360)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content.decode() == TEXT.format(expires=f"{day:%Y-%m-%d}T00:00:00Z")
    assert "Content-Language" not in answer
    assert client.get(PATH, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert client.post(PATH).status_code == 405


def test_without_a_contact_there_is_none(client):
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("", []),
        ("securite@example.org", ["mailto:securite@example.org"]),
        ("a@example.org, https://example.org/x", ["mailto:a@example.org", "https://example.org/x"]),
    ],
)
def test_contacts_are_addresses_of_mail_and_of_pages(monkeypatch, value, found):
    monkeypatch.setenv("SECURITY_CONTACT", value)

    assert environment.contacts("SECURITY_CONTACT") == found


@pytest.mark.parametrize(
    "value", ["nobody", "http://example.org/", "https://", "https://[", "https://example.org/\nExpires: never"]
)
def test_anything_else_stops_the_start_in_a_sentence(monkeypatch, value):
    monkeypatch.setenv("SECURITY_CONTACT", value)

    with pytest.raises(SystemExit, match=r"^SECURITY_CONTACT: “"):
        environment.contacts("SECURITY_CONTACT")
