"""The admin speaks the language that each account has chosen."""

import pytest
from django.test import Client

from accounts.models import Preferences
from omep_site.lib import public
from tests.accounts.factories import make_account, sign_in, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

TITLES = {"fr": "Que voulez-vous faire ?", "en": "What would you like to do?"}


def language_of(page) -> str:
    return page.html["lang"]


def choose(client, language, next="/admin/"):
    return client.post("/admin/language/", {"language": language, "next": next})


@pytest.mark.parametrize("language", ["fr", "en"])
def test_before_a_choice_the_browsers_language_holds(language):
    page = soup(signed_in(make_account("editor"), language).get("/admin/"))

    assert (language_of(page), words(page.h1)) == (language, TITLES[language])


@pytest.mark.parametrize(("browser", "chosen"), [("fr", "en"), ("en", "fr")])
def test_a_choice_holds_on_every_page_and_in_every_other_browser(browser, chosen):
    user = make_account("editor")
    client = signed_in(user, browser)

    answer = choose(client, chosen, "/admin/events/event/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/events/event/")
    assert language_of(soup(client.get("/admin/events/event/add/"))) == chosen
    assert client.get("/admin/")["Content-Language"] == chosen
    assert words(soup(signed_in(user, browser).get("/admin/")).h1) == TITLES[chosen]
    assert Preferences.objects.get().language == chosen


def test_each_account_has_its_own():
    anne, björn = make_account("editor", language="fr"), make_account("editor", username="björn", language="en")

    assert [language_of(soup(signed_in(each, "de").get("/admin/"))) for each in (anne, björn)] == ["fr", "en"]


def test_a_choice_on_the_page_to_sign_in_holds_until_the_account_has_its_own():
    make_account("editor")
    client = Client(headers={"accept-language": "en"})

    assert choose(client, "fr", "/admin/login/?next=/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert language_of(soup(client.get("/admin/login/"))) == "fr"
    sign_in(client)
    assert language_of(soup(client.get("/admin/"))) == "fr"
    choose(client, "en")
    assert language_of(soup(client.get("/admin/"))) == "en"


def test_the_switch_names_each_language_in_itself_and_marks_the_current_one():
    page = soup(signed_in(make_account("editor"), "fr").get("/admin/events/event/"))

    buttons = page.select("header .house-languages button")
    assert [(each["value"], each["lang"], words(each)) for each in buttons] == [
        ("fr", "fr", "Français"),
        ("en", "en", "English"),
    ]
    assert [each["value"] for each in buttons if each.get("aria-current")] == ["fr"]
    assert page.select_one(".house-languages input[name=next]")["value"] == "/admin/events/event/"


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/admin/password_reset/", "/admin/second_factor/", "/admin/accounts/account/"]
)
def test_every_kind_of_page_has_the_switch(path):
    client = signed_in(make_account("administrator")) if "factor" in path or "accounts" in path else Client()

    assert len(soup(client.get(path)).select("header .house-languages button")) == 2


@pytest.mark.parametrize("language", ["de", "", "../", "fr\0"])
def test_a_language_that_the_site_does_not_have_changes_nothing(language):
    user = make_account("editor", language="fr")

    assert choose(signed_in(user), language).status_code == 302
    assert Preferences.objects.get().language == "fr"


@pytest.mark.parametrize("next", ["https://example.org/", "//example.org/admin/", "/fr/", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_but_into_the_admin(next):
    assert choose(signed_in(make_account("editor")), "fr", next)["Location"] == "/admin/"


def test_no_cookie_has_a_say_and_none_is_set_for_a_language():
    client = signed_in(make_account("editor"), "en")
    client.cookies["django_language"] = "fr"

    assert language_of(soup(client.get("/admin/"))) == "en"
    assert set(choose(client, "fr").cookies) <= {"csrftoken", "sessionid"}


def test_the_switch_takes_a_token_and_a_post():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_account("editor"))

    assert choose(client, "fr").status_code == 403
    assert client.get("/admin/language/?language=fr").status_code == 405
    assert Preferences.objects.count() == 0


def test_the_choice_costs_no_query(django_assert_num_queries):
    client = signed_in(make_account("editor", language="fr"))

    public.forget_version()
    with django_assert_num_queries(5):  # version, session, account, and the permissions that make the menu
        client.get("/admin/password_change/")
