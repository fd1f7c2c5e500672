"""Who guesses passwords is locked out, and leaves no trace of who it was."""

import logging

import pytest
from django.apps import apps
from django.test import Client

from accounts import lockout
from omep_site.lib import throttle
from tests.accounts.factories import PASSWORD, make_account, sign_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

HERE = {"REMOTE_ADDR": "203.0.113.7"}
NEXT_DOOR = {"REMOTE_ADDR": "203.0.113.99"}  # the same /24
ELSEWHERE = {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """A time that stands still, five minutes before the window ends."""
    moment = {"now": 1_900_000_800.0 + 600}
    monkeypatch.setattr(throttle.time, "time", lambda: moment["now"])
    assert moment["now"] % 900 == 600
    return moment


@pytest.fixture
def zoé():
    return make_account("editor")


def fail(times, username="zoé", client=None, **where):
    client = client or Client(headers={"accept-language": "en"})
    return [sign_in(client, username, "faux", **(where or HERE)).status_code for _each in range(times)]


def enters(username="zoé", password=PASSWORD, **where) -> bool:
    return sign_in(Client(), username, password, **(where or HERE)).status_code == 302


def test_four_wrong_passwords_are_forgiven_and_the_fifth_locks(zoé):
    assert fail(4) == [200] * 4
    assert enters()
    assert fail(5) == [200, 200, 200, 200, 429]
    assert not enters()


@pytest.mark.parametrize(
    ("language", "title", "sentence"),
    [
        (
            "en",
            "Too many wrong passwords",
            "To keep accounts safe, this is closed for a while. Try again in 5 minutes.",
        ),
        (
            "fr",
            "Trop de mots de passe erronés",
            "Pour protéger les comptes, cette page est fermée un moment. Réessayez dans 5 minutes.",
        ),
    ],
)
def test_the_page_says_how_long_and_the_right_password_waits_too(zoé, language, title, sentence):
    fail(5)
    answer = sign_in(Client(headers={"accept-language": language}), **HERE)

    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    page = soup(answer)
    assert (page.html["lang"], words(page.h1), words(page.select_one("#content-main p"))) == (language, title, sentence)


def test_the_lock_opens_by_itself(zoé, clock):
    fail(5)
    clock["now"] += 299
    assert not enters()
    clock["now"] += 1
    assert enters()


def test_the_lock_holds_for_one_account_from_one_network(zoé):
    make_account("editor", username="yann")
    fail(5)

    assert not enters(**NEXT_DOOR)
    assert enters("yann")
    assert enters(**ELSEWHERE)


def test_a_whole_network_is_locked_after_fifty_whatever_the_names(zoé):
    for number in range(25):
        fail(2, f"nom {number}", **HERE)

    assert not enters(**NEXT_DOOR)
    assert enters(**ELSEWHERE)


def test_signing_in_does_not_forgive_what_was_tried_on_others(zoé):
    for number in range(24):
        fail(2, f"nom {number}")
        assert enters()
    assert fail(2, "nom 25") == [200, 429]


def test_failing_in_somebodys_name_does_not_keep_them_out(zoé):
    fail(40, **ELSEWHERE)

    assert enters(**HERE)


def test_names_that_nobody_has_are_answered_alike(zoé):
    assert fail(6, "personne") == fail(6, "zoé") == [200, 200, 200, 200, 429, 429]


def test_the_address_is_read_as_the_proxies_in_front_tell_it(zoé, settings):
    proxy = {"REMOTE_ADDR": "10.0.0.1"}
    fail(5, HTTP_X_FORWARDED_FOR="203.0.113.7", **proxy)
    assert not enters(HTTP_X_FORWARDED_FOR="198.51.100.7", **proxy)  # nobody is believed
    settings.TRUSTED_PROXIES = 1
    fail(5, HTTP_X_FORWARDED_FOR="192.0.2.1, 203.0.113.7", **proxy)
    assert not enters(HTTP_X_FORWARDED_FOR="203.0.113.8", **proxy)
    assert enters(HTTP_X_FORWARDED_FOR="198.51.100.7", **proxy)


def test_no_table_and_no_line_of_the_log_holds_who_it_was(zoé, caplog, capfd):
    client = Client(headers={"accept-language": "en", "user-agent": "Navigateur-de-Zoé/7"})
    with caplog.at_level(logging.DEBUG):
        fail(7, "prénom-tapé", client, **HERE)
        sign_in(Client(headers={"user-agent": "Navigateur-de-Zoé/7"}), **HERE)
    said = caplog.text + "".join(capfd.readouterr())

    rows = []
    for model in apps.get_models():
        rows += [repr(row) for row in model._base_manager.values()]
    kept = " ".join(rows)
    for secret in ("203.0.113", "Navigateur-de-Zoé", "prénom-tapé"):
        assert (secret in said, secret in kept) == (False, False)
    assert "zoé" in kept  # the account itself: these were the rows
    assert apps.get_model("axes", "AccessAttempt").objects.count() == 0
    assert apps.get_model("axes", "AccessLog").objects.count() == 0


def test_the_counts_are_shared_by_all_processes(zoé):
    """They are rows; nothing of the handler is kept in a process or in its cache."""
    fail(5)

    assert vars(lockout.CountingHandler()) == {}
    assert enters() is False
