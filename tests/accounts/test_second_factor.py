"""Two-step sign-in: turned on by each, demanded of a role, with paper for the day without a telephone."""

import time

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.models import RoleRule
from omep_site.lib import public, throttle
from tests.accounts.factories import PASSWORD, make_account, sign_in, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PAGE, CODE = "/admin/second_factor/", "/admin/second_factor/code/"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Codes are used once, so each needs its own half minute: `clock.forward()`."""

    class Clock:
        now = 1_900_000_800.0

        def forward(self, seconds=60):
            self.now += seconds

    clock = Clock()
    monkeypatch.setattr(time, "time", lambda: clock.now)
    monkeypatch.setattr(throttle.time, "time", lambda: clock.now)
    return clock


def telephone(user) -> str:
    """What the person's telephone shows now."""
    device = TOTPDevice.objects.get(user=user)
    generator = TOTP(device.bin_key)
    generator.time = time.time()
    return f"{generator.token():06d}"


def turn_on(client, user) -> list[str]:
    client.post(PAGE, {"begin": "1"})
    page = soup(client.post(PAGE, {"code": telephone(user), "confirm": "1"}))
    return [words(each) for each in page.select(".house-codes code")]


def make_protected(*roles, **fields):
    """An account that has turned it on; its recovery codes."""
    user = make_account(*(roles or ("editor",)), **fields)
    return user, turn_on(signed_in(user), user)


def demand(*roles):
    for group in Group.objects.filter(name__in=roles):
        RoleRule.objects.update_or_create(group=group, defaults={"demands_second_factor": True})


def ends_at(client, path="/admin/") -> str:
    return client.get(path, follow=True).request["PATH_INFO"]


# --- Turning it on and off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "fr"])
def test_it_is_turned_on_with_one_code_and_gives_ten_recovery_codes_once(language):
    user = make_account("editor", language=language)
    client = signed_in(user)
    assert TOTPDevice.objects.count() == 0
    assert client.post(PAGE, {"begin": "1"}).status_code == 302

    page = soup(client.get(PAGE))
    assert page.select_one("img.house-qr")["src"].startswith("data:image/svg+xml;")
    secret = words(page.select_one("code.house-secret")).replace(" ", "")
    assert len(secret) == 32
    answer = client.post(PAGE, {"code": telephone(user), "confirm": "1"})
    codes = [words(each) for each in soup(answer).select(".house-codes code")]
    assert (len(codes), len(set(codes)), StaticToken.objects.count()) == (10, 10, 10)
    assert secret not in answer.content.decode()
    again = client.get(PAGE).content.decode()
    assert [code for code in codes if code in again] == []
    assert secret not in again


def test_looking_at_the_page_writes_nothing():
    client = signed_in(make_account("editor"))
    client.get(PAGE)

    assert TOTPDevice.objects.count() == 0


def test_a_wrong_first_code_turns_nothing_on():
    user = make_account("editor")
    client = signed_in(user)
    client.post(PAGE, {"begin": "1"})
    answer = client.post(PAGE, {"code": "000000", "confirm": "1"})

    page = soup(answer)
    assert answer.status_code == 422
    assert words(page.select_one(".errornote")) == "This code is not right. Is the phone’s clock right?"
    assert page.select_one("#id_code")["aria-invalid"] == "true"
    assert not TOTPDevice.objects.get().confirmed
    assert page.select_one("code.house-secret")  # still there to be tried again
    assert ends_at(client) == "/admin/"


@pytest.mark.parametrize("code", ["", "12345", "abc", "1" * 500, "²²²²²²", "-12345"])
def test_turning_it_off_takes_a_code(code):
    user = make_account("editor")
    turn_on(client := signed_in(user), user)

    assert client.post(PAGE, {"code": code, "off": "1"}).status_code == 422
    assert TOTPDevice.objects.filter(confirmed=True).count() == 1


def test_it_is_turned_off_with_the_telephone_or_with_paper(clock):
    for use_paper in (False, True):
        user, codes = make_protected(username=f"personne {use_paper}")
        client = Client()
        sign_in(client, user.username)
        clock.forward()
        client.post(CODE, {"code": telephone(user)})
        clock.forward()
        assert client.post(PAGE, {"code": "000000", "off": "1"}).status_code == 422
        assert client.post(PAGE, {"code": codes[0] if use_paper else telephone(user), "off": "1"}).status_code == 302
        assert TOTPDevice.objects.count() + StaticToken.objects.count() == 0
        sign_in(fresh := Client(), user.username)
        assert ends_at(fresh) == "/admin/"


def test_new_recovery_codes_end_the_old_ones(clock):
    user, old = make_protected()
    client = Client()
    sign_in(client)
    clock.forward()
    client.post(CODE, {"code": telephone(user)})
    clock.forward()
    page = soup(client.post(PAGE, {"code": telephone(user), "codes": "1"}))

    new = [words(each) for each in page.select(".house-codes code")]
    assert (len(new), set(new) & set(old), StaticToken.objects.count()) == (10, set(), 10)


# --- Signing in -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/events/event/", "/admin/password_change/", PAGE, "/admin/jsi18n/"])
def test_the_password_alone_opens_nothing(path):
    make_protected()
    client = Client()

    assert sign_in(client).status_code == 302
    assert ends_at(client, path) == CODE
    assert client.post(path).status_code == 302
    assert client.post("/admin/language/", {"language": "fr"}).status_code == 302  # but the language


def test_the_code_leads_on_to_where_one_was_going(clock):
    user, _codes = make_protected()
    client = Client()
    sign_in(client)
    first = client.get("/admin/events/event/?public=draft")
    assert first["Location"] == "/admin/second_factor/code/?next=%2Fadmin%2Fevents%2Fevent%2F%3Fpublic%3Ddraft"
    field = soup(client.get(first["Location"])).select_one("form[method=post] #id_code")
    assert (field["autocomplete"], field["name"]) == ("one-time-code", "code")
    clock.forward()
    code = telephone(user)

    answer = client.post(CODE, {"code": f" {code[:3]} {code[3:]}", "next": "/admin/events/event/?public=draft"})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/events/event/?public=draft")
    assert ends_at(client, "/admin/events/event/") == "/admin/events/event/"
    assert ends_at(client, CODE) == "/admin/"


def test_a_code_is_good_once(clock):
    user, _codes = make_protected()
    clock.forward()
    code = telephone(user)
    for expected in (302, 422):
        sign_in(client := Client())
        assert client.post(CODE, {"code": code}).status_code == expected


def test_a_recovery_code_is_good_once_and_the_page_says_how_many_are_left():
    _user, codes = make_protected()
    sign_in(client := Client(headers={"accept-language": "en"}))
    page = client.post(CODE, {"code": codes[3].upper()}, follow=True)
    assert page.request["PATH_INFO"] == "/admin/"
    assert "You have 9 recovery codes left." in words(soup(page).select_one(".messagelist"))

    sign_in(again := Client())
    assert again.post(CODE, {"code": codes[3]}).status_code == 422
    assert again.post(CODE, {"code": codes[4]}).status_code == 302


def test_the_code_of_somebody_else_is_wrong(clock):
    other, their_codes = make_protected(username="autre")
    make_protected()
    sign_in(client := Client())
    clock.forward()

    assert client.post(CODE, {"code": telephone(other)}).status_code == 422
    assert client.post(CODE, {"code": their_codes[0]}).status_code == 422


def test_of_thirty_wrong_codes_at_once_ten_are_looked_at(at_once, monkeypatch):
    user, _codes = make_protected()
    looked_at = []

    def look(*_args):
        time.sleep(0.05)
        looked_at.append(1)

    monkeypatch.setattr(second_factor.django_otp, "verify_token", look)
    assert at_once(lambda: second_factor.device_that_accepts(user, "000000"), 30) == [None] * 30
    assert len(looked_at) == 10


def test_right_codes_are_not_counted(clock):
    user, _codes = make_protected()
    for _each in range(12):
        clock.forward()
        assert second_factor.device_that_accepts(user, telephone(user)) is not None


@pytest.mark.parametrize(("language", "title"), [("en", "Too many wrong codes"), ("fr", "Trop de codes erronés")])
def test_ten_wrong_codes_in_an_hour_and_thirty_in_a_day_are_the_most(clock, language, title):
    user, _codes = make_protected(language=language)
    sign_in(client := Client())
    statuses = [client.post(CODE, {"code": "000000"}).status_code for _each in range(11)]
    assert statuses == [422] * 10 + [429]
    answer = client.post(CODE, {"code": telephone(user)})
    assert (answer.status_code, words(soup(answer).h1), 0 < int(answer["Retry-After"]) <= 3600) == (429, title, True)

    for _hour in range(2):
        clock.forward(3600)
        assert [client.post(CODE, {"code": "000000"}).status_code for _each in range(10)] == [422] * 10
    clock.forward(3600)
    assert client.post(CODE, {"code": telephone(user)}).status_code == 429


def test_signing_out_is_possible_at_the_second_step():
    make_protected()
    sign_in(client := Client())

    assert client.post("/admin/logout/").status_code == 200
    assert ends_at(client) == "/admin/login/"


def test_the_session_gets_a_new_key_with_the_second_step(clock):
    user, _codes = make_protected()
    sign_in(client := Client())
    before = client.cookies["sessionid"].value
    clock.forward()
    client.post(CODE, {"code": telephone(user)})

    assert client.cookies["sessionid"].value != before


def test_turning_it_on_asks_the_sessions_elsewhere_at_their_next_click():
    user = make_account("editor")
    sign_in(elsewhere := Client())
    turn_on(signed_in(user), user)

    assert ends_at(elsewhere) == CODE


def test_a_new_password_by_mail_does_not_go_round_it():
    make_protected()
    user = User.objects.get()
    user.set_password("un cheval sur le toit")
    user.save()
    sign_in(client := Client(), password="un cheval sur le toit")

    assert ends_at(client) == CODE


def test_nobody_without_an_account_sees_the_page():
    assert ends_at(Client(), CODE) == ends_at(Client(), PAGE) == "/admin/login/"


# --- Demanding it ---------------------------------------------------------------------------------------------------


def test_an_administrator_demands_it_of_a_role_by_a_tick():
    make_account("administrator", username="alma")
    client = signed_in(User.objects.get(username="alma"))
    assert soup(client.get("/admin/roles/")).select("input[checked]") == []

    client.post("/admin/roles/", {"second_factor_moderator": "on", "second_factor_visitor": "on"})
    assert [each["name"] for each in soup(client.get("/admin/roles/")).select("input[checked]")] == [
        "second_factor_moderator"
    ]
    assert list(RoleRule.objects.filter(demands_second_factor=True).values_list("group__name")) == [("moderator",)]
    client.post("/admin/roles/", {})
    assert RoleRule.objects.filter(demands_second_factor=True).count() == 0


@pytest.mark.parametrize(
    ("language", "words_of_the_page"),
    [
        ("en", "Your role asks for it: set it up now, then everything else opens."),
        ("fr", "Votre rôle l’exige : configurez-la maintenant, et tout le reste s’ouvrira."),
    ],
)
def test_whose_role_demands_it_sets_it_up_before_anything_else(clock, language, words_of_the_page):
    user = make_account("editor", "moderator", language=language)
    client = signed_in(user)
    assert ends_at(client) == "/admin/"
    demand("moderator")

    assert {ends_at(client, path) for path in ("/admin/", "/admin/events/event/add/", "/admin/password_change/")} == {
        PAGE
    }
    assert words(soup(client.get(PAGE)).select_one(".house-notice")) == words_of_the_page
    turn_on(client, user)
    assert ends_at(client) == "/admin/"
    clock.forward()
    client.post(PAGE, {"code": telephone(user), "off": "1"})
    assert ends_at(client) == PAGE


def test_other_roles_are_left_alone():
    make_account("administrator", username="alma")
    demand("moderator")

    assert ends_at(signed_in(make_account("editor"))) == "/admin/"


def test_who_runs_the_site_signs_in_with_the_password_alone_unless_it_is_demanded_of_administrators(monkeypatch):
    make_account("administrator", username="alma")
    for name, value in (("USERNAME", "patronne"), ("EMAIL", "p@example.org"), ("PASSWORD", PASSWORD)):
        monkeypatch.setenv(f"DJANGO_SUPERUSER_{name}", value)
    call_command("createsuperuser", "--noinput", verbosity=0)
    sign_in(client := Client(), "patronne")
    assert ends_at(client) == "/admin/"

    demand("moderator", "editor", "newsletter")
    assert ends_at(client) == "/admin/"
    demand("administrator")
    assert ends_at(client) == PAGE


def test_an_administrator_helps_somebody_who_has_lost_everything():
    user, _codes = make_protected()
    client = signed_in(make_account("administrator", username="alma"))
    page = f"/admin/accounts/account/{user.pk}/change/"
    form = soup(client.get(page))
    assert form.select_one("#id_without_second_factor")
    data = {"username": user.username, "is_active": "on", "roles": [user.groups.get().pk]}
    client.post(page, data)
    assert TOTPDevice.objects.count() == 1

    client.post(page, data | {"without_second_factor": "on"})
    assert TOTPDevice.objects.count() + StaticToken.objects.count() == 0
    assert soup(client.get(page)).select_one("#id_without_second_factor") is None


def test_the_picture_holds_what_the_text_says():
    user = make_account("editor", username="zoé & cie")
    second_factor.begin(user)
    device = second_factor.begun(user)

    text = second_factor.secret_of(device).text.replace(" ", "")
    assert f"secret={text}" in device.config_url
    assert "issuer=" in device.config_url


def test_it_costs_one_query_for_those_who_have_it_and_none_for_others(django_assert_num_queries):
    client = signed_in(make_account("editor", username="sans"))
    public.forget_version()
    with django_assert_num_queries(5):  # version, session, account, and the permissions that make the menu
        client.get("/admin/password_change/")
    user = make_account("editor", username="avec")
    turn_on(protected := signed_in(user), user)
    protected.get("/admin/password_change/")  # the words of the site are read again after every change
    public.forget_version()
    with django_assert_num_queries(6):
        protected.get("/admin/password_change/")
