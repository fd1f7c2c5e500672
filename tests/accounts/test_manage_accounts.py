"""What an administrator does with accounts, and what nobody can do."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, User
from django.utils import translation

from accounts.models import Account, Preferences
from omep_site.lib import public
from tests.accounts.factories import make_account, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/accounts/account/"
NEW = {
    "username": "éloïse",
    "password1": "un cheval sur le toit",
    "password2": "un cheval sur le toit",
    "first_name": "Éloïse",
    "last_name": "Çelik",
    "email": "eloise@example.org",
    "language": "fr",
}
LOCKED_OUT = {
    "en": "This is your own account: without it you would be locked out. Ask another administrator.",
    "fr": "C’est votre propre compte : vous ne pourriez plus entrer. Adressez-vous à une autre personne de "
    "l’administration.",
}
LAST = {
    "en": "This is the last administrator: nobody could give accounts any more. Name another one first.",
    "fr": "C’est la dernière personne de l’administration\xa0: plus personne ne pourrait ouvrir de compte. "
    "Désignez-en d’abord une autre.",
}


@pytest.fixture
def alma():
    return make_account("administrator", username="alma", email="alma@example.org")


@pytest.fixture
def admin(alma):
    return signed_in(alma)


def roles(*keys):
    return list(Group.objects.filter(name__in=keys).values_list("pk", flat=True))


def page_of(user) -> str:
    return f"{LIST}{user.pk}/change/"


def as_it_is(user, **changes) -> dict:
    """What the form of this account sends when nothing but `changes` was touched."""
    data = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "language": "",
        "is_active": "on",
        "roles": roles(*user.groups.values_list("name", flat=True)),
    }
    return {name: value for name, value in (data | changes).items() if value is not None}


def errors(response) -> list[str]:
    return [words(each) for each in soup(response).select("ul.errorlist li")]


def test_an_administrator_gives_an_account_with_roles_and_language(admin):
    response = admin.post(f"{LIST}add/", NEW | {"roles": roles("editor", "moderator")})

    assert (response.status_code, response["Location"]) == (302, LIST)
    user = User.objects.get(username="éloïse")
    assert (user.get_full_name(), user.is_staff, user.is_superuser) == ("Éloïse Çelik", True, False)
    assert sorted(user.groups.values_list("name", flat=True)) == ["editor", "moderator"]
    assert user.preferences.language == "fr"
    assert user.check_password("un cheval sur le toit")
    assert user.user_permissions.count() == 0


WITHOUT = {
    "roles": {
        "en": "This account has no role yet: the person cannot sign in until you give one.",
        "fr": "Ce compte n’a pas encore de rôle : la personne ne pourra pas se connecter tant que vous ne lui en donnez "
        "pas.",
    },
    "email": {
        "en": "This account has no e-mail address: if the person forgets the password, you have to give a new one.",
        "fr": "Ce compte n’a pas d’adresse e-mail : si la personne oublie son mot de passe, c’est à vous d’en donner un "
        "nouveau.",
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("lacks", [[], ["roles"], ["email"], ["roles", "email"]])
def test_what_a_new_account_lacks_is_said_once_it_is_saved(alma, language, lacks):
    data = {name: value for name, value in (NEW | {"roles": roles("editor")}).items() if name not in lacks}
    answer = signed_in(alma, language).post(f"{LIST}add/", data, follow=True)

    assert User.objects.filter(username="éloïse").count() == 1
    said = [words(each) for each in soup(answer).select(".messagelist .warning")]
    assert said == [" ".join(WITHOUT[name][language].split()) for name in lacks]


@pytest.mark.parametrize(
    ("language", "names", "sentence"),
    [
        (
            "en",
            ["Editor", "Moderator", "Newsletter manager", "Administrator"],
            "Reads what visitors write under the events, decides what is shown, and sets the rules of commenting.",
        ),
        (
            "fr",
            ["Rédaction", "Modération", "Lettre d’information", "Administration"],
            "Lit ce qu’on écrit sous les événements, décide de ce qui paraît et fixe les règles des commentaires.",
        ),
    ],
)
def test_each_role_is_a_box_with_its_name_and_a_sentence_in_the_readers_language(alma, language, names, sentence):
    page = soup(signed_in(alma, language).get(f"{LIST}add/"))

    labels = page.select("#id_roles label")
    assert [words(label.strong) for label in labels] == names
    assert words(labels[1].select_one(".help")) == sentence
    assert words(soup(signed_in(alma, language).get(LIST)).select_one("td.field-role_names")) == names[-1]


def test_a_role_more_or_less_is_a_tick_and_staff_follows(admin):
    user = make_account("editor")

    admin.post(page_of(user), as_it_is(user, roles=roles("newsletter")))
    assert list(user.groups.values_list("name", flat=True)) == ["newsletter"]
    admin.post(page_of(user), as_it_is(user, roles=[]))
    user.refresh_from_db()
    assert (user.is_staff, user.is_active, user.groups.count()) == (False, True, 0)


def test_the_language_is_kept_with_the_account(admin):
    user = make_account("editor")

    admin.post(page_of(user), as_it_is(user, language="fr"))
    assert Preferences.objects.get(user=user).language == "fr"
    chosen = soup(admin.get(page_of(user))).select_one("#id_language option[selected]")
    assert chosen["value"] == "fr"


def test_the_form_shows_no_single_permission_no_hash_and_no_superuser(admin):
    page = soup(admin.get(page_of(make_account("editor"))))

    names = {each["name"] for each in page.select("#account_form [name]")}
    fields = {name for name in names if not name.startswith(("_", "csrf", "next"))}
    assert fields == {"username", "first_name", "last_name", "email", "language", "is_active", "roles"}
    assert "md5" not in words(page)
    assert page.select_one(".field-password a")["href"] == "../password/"


@pytest.mark.parametrize(
    "forged", [{"is_superuser": "on"}, {"user_permissions": "1"}, {"is_staff": "on", "groups": "1"}]
)
def test_nobody_is_raised_by_a_forged_form(alma, admin, forged):
    user = make_account("editor")
    for person in (user, alma):
        before = (person.get_all_permissions(), person.is_superuser)
        admin.post(page_of(person), as_it_is(person) | forged)
        person = User.objects.get(pk=person.pk)
        assert (person.get_all_permissions(), person.is_superuser) == before


def test_an_administrator_cannot_touch_who_runs_the_site(admin):
    boss = make_account(username="patronne", is_superuser=True, is_staff=True)
    page = f"{LIST}{boss.pk}"

    assert soup(admin.get(f"{page}/change/")).select("#account_form input:not([type=hidden])") == []
    answers = [
        admin.post(f"{page}/change/", as_it_is(boss, is_active=None)),
        admin.get(f"{page}/password/"),
        admin.post(f"{page}/password/", {"password1": "un cheval sur le toit", "password2": "un cheval sur le toit"}),
        admin.get(f"{page}/delete/"),
        admin.post(f"{page}/delete/", {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    before = boss.password
    boss.refresh_from_db()
    assert (boss.is_active, boss.is_superuser, boss.password) == (True, True, before)


def test_who_runs_the_site_may_raise_others():
    boss = make_account(username="patronne", is_superuser=True, is_staff=True)
    user = make_account("editor")

    signed_in(boss).post(page_of(user), as_it_is(user, is_superuser="on"))
    user.refresh_from_db()
    assert (user.is_superuser, user.is_staff) == (True, True)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("change", [{"is_active": None}, {"roles": []}])
def test_nobody_locks_themselves_out(alma, change, language):
    make_account("administrator", username="autre")
    response = signed_in(alma, language).post(page_of(alma), as_it_is(alma, **change))

    assert (response.status_code, errors(response)) == (200, [LOCKED_OUT[language]])
    alma.refresh_from_db()
    assert (alma.is_active, alma.groups.count()) == (True, 1)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_last_administrator_stays(rf, alma, language):
    """It comes to this when two administrators take each other's role away at once: the second finds nobody left."""
    gone = make_account("administrator", username="partie", is_active=False)
    request = rf.get("/admin/")
    request.user = gone
    account = Account.objects.get(pk=alma.pk)
    form = site._registry[Account].get_form(request, account, change=True)

    with translation.override(language):
        assert form(as_it_is(alma, roles=[]), instance=account).non_field_errors() == [LAST[language]]
    make_account(username="patronne", is_superuser=True)
    assert form(as_it_is(alma, roles=[]), instance=account).is_valid()


def test_an_account_is_deleted_by_others_only_and_never_in_bulk(alma, admin):
    user = make_account("editor")

    assert admin.get(f"{LIST}{alma.pk}/delete/").status_code == 403
    assert soup(admin.get(LIST)).select("select[name=action]") == []
    assert admin.post(f"{LIST}{user.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(User.objects.values_list("username", flat=True)) == ["alma"]


def test_a_new_password_is_given_without_seeing_the_old_one(admin):
    user = make_account("editor")
    page = f"{LIST}{user.pk}/password/"
    assert [each["name"] for each in soup(admin.get(page)).select(".form-row input")] == ["password1", "password2"]

    both = {"password1": "un cheval sur le toit", "password2": "un cheval sur le toit"}
    assert admin.post(page, both).status_code == 302
    user.refresh_from_db()
    assert user.check_password("un cheval sur le toit")


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("onze lettre", "This password is too short. It must contain at least 12 characters."),
        ("qwertyuiop123", "This password is too common."),
        ("123412341234", "This password is entirely numeric."),
        ("eloise@exemple", "The password is too similar to the e-mail address."),
    ],
)
def test_weak_passwords_are_refused_in_words(admin, password, message):
    response = admin.post(f"{LIST}add/", NEW | {"password1": password, "password2": password})

    assert errors(response) == [message]
    assert User.objects.filter(username="éloïse").count() == 0


def test_names_to_sign_in_with_differ_by_more_than_capitals(admin):
    make_account("editor", username="zoe")

    response = admin.post(f"{LIST}add/", NEW | {"username": "ZOE"})
    assert User.objects.filter(username="ZOE").count() == 0
    assert len(errors(response)) == 1


def test_a_moderator_gives_no_accounts():
    moderator = signed_in(make_account("moderator"))

    for path in (LIST, f"{LIST}add/", "/admin/roles/"):
        assert (moderator.get(path).status_code, moderator.post(path).status_code) == (403, 403)


@pytest.mark.parametrize("count", [1, 20])
def test_the_list_asks_the_database_as_often_for_one_account_as_for_twenty(admin, count, django_assert_num_queries):
    for number in range(count):
        make_account("editor", "moderator", username=f"personne {number}")

    public.forget_version()
    with django_assert_num_queries(10):
        assert admin.get(LIST).status_code == 200
