"""Who guesses passwords is locked out, and leaves no trace of who it was."""

import itertools
import logging
import re
import time
from unittest.mock import patch

import pytest
from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.test import Client
from post_office.models import Email

from accounts import lockout
from omep_site.lib import incidents, throttle
from omep_site.models import Counter, Kind
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


def tries(count, username="zoé", client=None):
    """Wrong passwords, each from a network of its own; how often a password was looked at."""
    looked_at = []
    with patch.object(ModelBackend, "authenticate", lambda self, *args, **kwargs: looked_at.append(1)):
        for number in range(count):
            where = {"REMOTE_ADDR": f"10.{number // 250}.{number % 250}.1"}
            sign_in(client or Client(), username, f"mot de passe {number}", **where)
    return len(looked_at)


def test_ten_thousand_passwords_from_as_many_networks_are_fifty_in_an_hour_and_the_editor_gets_in(zoé, clock):
    at_home, elsewhere = Client(), Client()
    sign_in(at_home, **HERE)
    at_home.post("/admin/logout/")

    assert tries(70) == 50  # what comes after them costs no look at a password: ten thousand are as many
    assert sign_in(elsewhere, "zoé", PASSWORD, **ELSEWHERE).status_code == 429  # a thief who has guessed it, too late
    assert sign_in(at_home, "zoé", PASSWORD, **HERE).status_code == 302


def test_in_a_day_they_are_two_hundred(zoé, clock):
    looked_at = []
    clock["now"] = clock["now"] // 86400 * 86400 + 60
    for _hour in range(6):
        looked_at.append(tries(52))
        clock["now"] += 3600

    assert looked_at == [50, 50, 50, 50, 0, 0]


def test_an_editor_with_a_new_computer_gets_in_by_the_link_in_a_mail(zoé, clock):
    tries(51)
    client = Client()
    client.post("/admin/password_reset/", {"email": zoé.email})
    link = re.search(r"/admin/password_reset/\S+", Email.objects.get().message)[0]
    form = client.get(link, follow=True).request["PATH_INFO"]
    new = "un cheval sur le toit"
    assert client.post(form, {"new_password1": new, "new_password2": new}).status_code == 302

    assert sign_in(client, "zoé", new, **ELSEWHERE).status_code == 302
    assert sign_in(Client(), "zoé", new, **ELSEWHERE).status_code == 429


def test_a_cookie_of_another_account_or_of_another_making_makes_no_browser_known(zoé, clock):
    make_account("editor", username="yann")
    yann = Client()
    sign_in(yann, "yann", **HERE)
    cookie = yann.cookies["known"].value
    assert ("yann" in cookie, yann.cookies["known"]["max-age"]) == (False, 180 * 24 * 3600)
    tries(51)

    for value in (cookie, "", "x", cookie[:-1], cookie + "x"):
        client = Client()
        client.cookies["known"] = value
        assert sign_in(client, "zoé", PASSWORD, **HERE).status_code == 429


def at_home() -> Client:
    """A browser in which zoé has signed in once."""
    client = Client(headers={"accept-language": "en"})
    assert sign_in(client, **HERE).status_code == 302
    client.post("/admin/logout/")
    return client


def test_a_known_browser_gets_in_whatever_its_neighbours_try(zoé):
    client = at_home()
    assert fail(6, **NEXT_DOOR)[-1] == 429
    for number in range(50):
        fail(1, f"nom {number}", **NEXT_DOOR)

    assert not enters("yann", **HERE)  # the network is locked
    assert sign_in(client, **HERE).status_code == 302


def test_a_known_browser_has_five_tries_of_its_own_wherever_it_is(zoé, clock):
    client = at_home()
    assert fail(4, client=client, **HERE) + fail(1, client=client, **ELSEWHERE) == [200, 200, 200, 200, 429]
    assert sign_in(client, **HERE).status_code == 429
    assert enters()  # another browser, in the same network

    clock["now"] += 300
    assert sign_in(client, **HERE).status_code == 302


def test_a_stolen_cookie_is_worth_fifty_tries_a_day_from_however_many_networks(zoé, clock):
    thief = at_home()
    clock["now"] = clock["now"] // 86400 * 86400 + 60
    looked_at = []
    for _quarter in range(12):
        looked_at.append(tries(7, client=thief))
        clock["now"] += 900

    assert looked_at == [5] * 10 + [0, 0]


def test_each_known_browser_counts_for_itself_and_the_link_in_a_mail_opens_one_that_is_locked(zoé, clock):
    first = at_home()
    clock["now"] += 1
    second = at_home()
    assert fail(5, client=first)[-1] == 429
    assert sign_in(second, **HERE).status_code == 302

    first.post("/admin/password_reset/", {"email": zoé.email})
    form = first.get(re.search(r"/admin/password_reset/\S+", Email.objects.get().message)[0], follow=True)
    new = "un cheval sur le toit"
    first.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    assert sign_in(first, "zoé", new, **HERE).status_code == 302


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


def test_the_log_says_what_happened_at_the_door_and_names_accounts_by_number_alone(zoé, caplog):
    client = Client()
    with caplog.at_level(logging.INFO, logger="omep_site.door"):
        fail(5, client=client, **HERE)
        sign_in(client, **ELSEWHERE)
        new = {"old_password": PASSWORD, "new_password1": "un cheval sur le toit"}
        client.post("/admin/password_change/", new | {"new_password2": new["new_password1"]})
        client.post("/admin/logout/")

    assert [record.getMessage() for record in caplog.records if record.name == "omep_site.door"] == [
        *["somebody gave a wrong password"] * 5,
        "somebody is locked out for a while",
        f"account {zoé.pk} signed in",
        f"account {zoé.pk} changed its password",
        f"account {zoé.pk} signed out",
    ]


def test_tries_that_were_not_looked_at_are_told_as_such_and_once_a_minute(zoé, caplog, monkeypatch):
    moment = {"now": 1000.0}
    monkeypatch.setattr(time, "monotonic", lambda: moment["now"])
    with caplog.at_level(logging.INFO, logger="omep_site.door"):
        fail(5)
        caplog.clear()
        for _again in range(2):
            fail(3)
            enters()  # the right one is not looked at either
        moment["now"] += 60
        fail(1)

    told = [record.getMessage() for record in caplog.records if record.name == "omep_site.door"]
    assert told == ["somebody gave a password that was not looked at, after too many wrong ones"] * 2


def test_an_account_that_is_signed_in_is_told_for_itself(zoé, caplog):
    yann = make_account("editor", username="yann")
    for user in (zoé, yann):
        client = Client()
        sign_in(client, user.username)
        with caplog.at_level(logging.INFO, logger="omep_site.door"):
            for _each in range(8):
                client.post("/admin/confirm/", {"password": "faux"})

    told = [record.getMessage() for record in caplog.records if "not looked at" in record.getMessage()]
    said = "gave a password that was not looked at, after too many wrong ones"
    assert told == [f"account {zoé.pk} {said}", f"account {yann.pk} {said}"]


def wrong_at_once(at_once, times, **where):
    """So many wrong passwords at the same moment; how many were looked at, and the answers."""
    looked_at, number = [], itertools.count()

    def look(*_args, **_kwargs):
        time.sleep(0.05)  # a slow hash: the others come meanwhile
        looked_at.append(1)

    def one():
        here = where or {"REMOTE_ADDR": f"10.0.{next(number)}.1"}
        return sign_in(Client(), password="faux", **here).status_code

    with patch.object(ModelBackend, "authenticate", look):
        answers = at_once(one, times)
    return len(looked_at), answers


def test_of_forty_wrong_passwords_at_once_five_are_looked_at(zoé, at_once):
    looked_at, answers = wrong_at_once(at_once, 40, **HERE)
    assert (looked_at, answers.count(429) >= 35, set(answers) <= {200, 429}) == (5, True, True)


def test_of_sixty_at_once_from_as_many_networks_fifty_are_looked_at(zoé, at_once):
    assert wrong_at_once(at_once, 60)[0] == 50


def test_right_passwords_are_not_counted(zoé):
    for _each in range(4):
        fail(1)
    assert [enters() for _each in range(60)] == [True] * 60  # else the network would be locked
    assert [enters(REMOTE_ADDR=f"10.0.{number}.1") for number in range(60)] == [
        True
    ] * 60  # and the account, for an hour


def test_a_right_one_among_wrong_ones_leaves_these_counted(zoé):
    client = Client()
    sign_in(client, **HERE)
    del client.cookies["known"]
    assert [client.post("/admin/confirm/", {"password": "faux"}, **HERE).status_code for _each in range(4)] == [422] * 4
    assert client.post("/admin/confirm/", {"password": PASSWORD}, **HERE).status_code == 302
    assert client.post("/admin/confirm/", {"password": "faux"}, **HERE).status_code == 429


def test_the_counts_are_shared_by_all_processes(zoé):
    """They are rows; nothing of the handler is kept in a process or in its cache."""
    fail(5)

    assert vars(lockout.CountingHandler()) == {}
    assert enters() is False


def test_a_hundred_wrong_passwords_in_ten_minutes_are_nothing_and_more_are_told_to_administrators(zoé):
    fail(2)
    assert incidents.noted() == []
    Counter.objects.filter(count=2, key=lockout.OF_MANY._window("anybody")[0]).update(count=99)
    fail(1)
    assert incidents.noted() == []
    fail(1, username="nobody", **ELSEWHERE)
    assert incidents.noted() == [Kind.SIGN_INS_REFUSED]
