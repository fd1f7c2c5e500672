"""On their own account, administrators meet the same guards as everybody: a code, and the old password."""

import logging

import pytest
from django.contrib.auth.models import User
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests.accounts.factories import PASSWORD, make_account, signed_in
from tests.accounts.test_manage_accounts import as_it_is, page_of
from tests.admin_forms import form_data
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/account/"
NEW = {"password1": "un cheval sur le toit", "password2": "un cheval sur le toit"}
LINK = {
    "en": "Turn it on or off, make recovery codes",
    "fr": "L’activer, la désactiver, créer des codes de secours",
}


@pytest.fixture(params=["en", "fr"])
def language(request):
    return request.param


@pytest.fixture
def alma():
    return make_account("administrator", username="alma")


def with_a_telephone(user):
    return TOTPDevice.objects.create(user=user, name="telephone", confirmed=True)


def signed_in_twice(user, language="en"):
    """With the password and the telephone."""
    client = signed_in(user, language)
    session = client.session
    session["otp_device_id"] = with_a_telephone(user).persistent_id
    session.save()
    return client


def test_ones_own_page_leads_to_the_pages_that_ask_for_a_code_and_the_old_password(alma, language):
    page = soup(signed_in_twice(alma, language).get(page_of(alma)))

    assert page.select("[name=without_second_factor]") == []
    link = page.select_one(".field-own_second_factor a")
    assert (link["href"], words(link)) == ("/admin/second_factor/", LINK[language])
    assert page.select_one(".field-password a.button")["href"] == "/admin/password_change/"


def test_nobody_turns_their_own_second_step_off_without_a_code(alma):
    make_account("administrator", username="autre")
    client = signed_in_twice(alma)

    response = client.post(page_of(alma), form_data(client.get(page_of(alma))) | {"without_second_factor": "on"})
    assert (response.status_code, TOTPDevice.objects.filter(user=alma).count()) == (302, 1)


def test_an_administrator_still_turns_that_of_others_off(alma):
    zoé = make_account("editor")
    with_a_telephone(zoé)
    client = signed_in(alma)
    page = soup(client.get(page_of(zoé)))

    assert page.select(".field-own_second_factor") == []
    assert page.select_one(".field-password a.button")["href"] == "../password/"
    client.post(page_of(zoé), as_it_is(zoé) | {"without_second_factor": "on"})
    assert TOTPDevice.objects.count() == 0


def test_nobody_gives_themselves_a_new_password_without_the_old_one(alma):
    client = signed_in(alma)

    for written in (f"{alma.pk}", f"0{alma.pk}"):
        response = client.post(f"{LIST}{written}/password/", NEW)
        assert (response.status_code, response["Location"]) == (302, "/admin/password_change/")
    assert User.objects.get(pk=alma.pk).check_password(PASSWORD)
    response = client.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": NEW["password1"], "new_password2": NEW["password2"]},
    )
    assert response.status_code == 302
    assert User.objects.get(pk=alma.pk).check_password(NEW["password1"])


def change(client, old=PASSWORD, new=NEW["password1"]):
    return client.post("/admin/password_change/", {"old_password": old, "new_password1": new, "new_password2": new})


def test_the_old_password_is_guessed_no_oftener_than_at_the_door(alma, language, caplog):
    client = signed_in(alma, language)
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="omep_site.door"):
        answers = [change(client, f"faux {number}") for number in range(5)]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert [words(error) for error in soup(answers[0]).select(".errorlist")] == [
        {
            "en": "Your old password was entered incorrectly. Please enter it again.",
            "fr": "Votre ancien mot de passe est incorrect. Veuillez le rectifier.",
        }[language]
    ]
    assert (
        words(soup(answers[4]).h1)
        == {
            "en": "Too many wrong passwords",
            "fr": "Trop de mots de passe erronés",
        }[language]
    )
    assert [record.getMessage() for record in caplog.records if record.name == "omep_site.door"] == [
        *[f"account {alma.pk} gave a wrong password"] * 5,
        f"account {alma.pk} is locked out for a while",
    ]
    assert change(client).status_code == 429  # the right one waits too, and so it does at the other doors
    assert client.post("/admin/confirm/", {"password": PASSWORD}).status_code == 429
    assert User.objects.get(pk=alma.pk).check_password(PASSWORD)


def test_tries_at_the_other_doors_count_for_the_old_password(alma):
    client = signed_in(alma)

    assert [client.post("/admin/confirm/", {"password": "faux"}).status_code for _each in range(4)] == [422] * 4
    assert change(client, "faux").status_code == 429


def test_a_new_password_that_will_not_do_is_no_wrong_password(alma):
    client = signed_in(alma)

    assert [change(client, new="oies").status_code for _each in range(6)] == [422] * 6
    assert change(client).status_code == 302
    assert client.get("/admin/").status_code == 200  # and the session goes on
