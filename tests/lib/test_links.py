"""Addresses and signed links."""

from datetime import timedelta

import pytest
from django.core import signing

from omep_site.lib import links

WEEK = timedelta(days=7)


@pytest.mark.parametrize("value", [7, "élise@example.org", [1, "a"], {"pk": 1}, None])
def test_a_token_says_what_was_signed(value):
    assert links.unsign("confirm", links.sign("confirm", value), WEEK) == value


def test_a_token_for_one_purpose_is_broken_for_another():
    with pytest.raises(links.LinkBroken) as error:
        links.unsign("unsubscribe", links.sign("confirm", 7), WEEK)
    assert type(error.value) is links.LinkBroken


def test_a_token_is_broken_once_the_key_has_changed_unless_the_former_one_is_kept(settings):
    first = settings.SECRET_KEY
    token = links.sign("confirm", 7)
    settings.SECRET_KEY = "another key of more than thirty-two characters"
    with pytest.raises(links.LinkBroken):
        links.unsign("confirm", token, WEEK)
    settings.SECRET_KEY_FALLBACKS = [first]
    assert links.unsign("confirm", token, WEEK) == 7


@pytest.mark.parametrize("at", range(len(signing.dumps(7, salt="confirm"))))
def test_a_token_cut_anywhere_is_broken(at):
    with pytest.raises(links.LinkBroken) as error:
        links.unsign("confirm", links.sign("confirm", 7)[:at], WEEK)
    assert type(error.value) is links.LinkBroken


@pytest.mark.parametrize("token", ["", ":", "::", "a:b:c", "é:é:é", "\x00", "\ud800", "." + "A" * 40, "A" * 5000])
def test_garbage_is_a_broken_link_and_no_other_error(token):
    with pytest.raises(links.LinkBroken):
        links.unsign("confirm", token, WEEK)


def test_a_token_with_one_letter_changed_is_broken():
    token = links.sign("confirm", 7)
    for at, char in enumerate(token):
        changed = token[:at] + ("A" if char != "A" else "B") + token[at + 1 :]
        with pytest.raises(links.LinkBroken):
            links.unsign("confirm", changed, WEEK)


def test_a_token_expires_after_its_age_and_not_before(monkeypatch):
    moment = 1_800_000_000.0
    monkeypatch.setattr(signing.time, "time", lambda: moment)
    token = links.sign("confirm", 7)
    moment += WEEK.total_seconds()
    assert links.unsign("confirm", token, WEEK) == 7
    moment += 1
    with pytest.raises(links.LinkExpired):
        links.unsign("confirm", token, WEEK)


def test_a_token_that_was_altered_is_broken_and_not_expired_however_old(monkeypatch):
    moment = 1_800_000_000.0
    monkeypatch.setattr(signing.time, "time", lambda: moment)
    token = links.sign("confirm", 7)
    moment += 10 * WEEK.total_seconds()
    with pytest.raises(links.LinkBroken) as error:
        links.unsign("confirm", token[:-1] + ("A" if token[-1] != "A" else "B"), WEEK)
    assert type(error.value) is links.LinkBroken


def test_an_absolute_address_comes_from_the_settings(settings):
    settings.SITE_URL = "https://evenements.example.org"
    assert links.absolute("/fr/") == "https://evenements.example.org/fr/"


def test_a_page_is_found_in_every_language():
    found = links.in_every_language("events:detail", slug="launch")
    assert [(each.language, each.name, each.path, each.url, each.public) for each in found] == [
        ("fr", "français", "/fr/evenements/launch/", "https://events.example.org/fr/evenements/launch/", True),
        ("en", "English", "/en/events/launch/", "https://events.example.org/en/events/launch/", True),
    ]
