"""A forgotten password is replaced by a link in a mail."""

import re

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from post_office.models import Email

from tests.accounts.factories import make_account, sign_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

ASK = "/admin/password_reset/"
NEW = "un cheval sur le toit"


def ask(address="zoe@example.org", client=None, **extra):
    return (client or Client(headers={"accept-language": "en"})).post(ASK, {"email": address}, **extra)


def links() -> list[str]:
    return re.findall(r"https?://\S+", Email.objects.latest("pk").message)


def path() -> str:
    return links()[0].removeprefix("https://events.example.org")


def test_the_page_to_sign_in_leads_there():
    assert soup(Client().get("/admin/login/")).select_one(".password-reset-link a")["href"] == ASK


@pytest.mark.parametrize(
    ("language", "subject", "first"),
    [
        ("en", "choose a new password", "Somebody asked for a new password for the account “zoé”."),
        ("fr", "choisissez un nouveau mot de passe", "Quelqu’un a demandé un nouveau mot de passe pour le compte"),
    ],
)
def test_the_mail_is_in_the_accounts_language_and_its_first_link_is_the_action(language, subject, first):
    make_account("editor", language=language)
    ask(headers={"accept-language": "de", "host": "testserver"})

    mail = Email.objects.get()
    assert mail.to == ["zoe@example.org"]
    assert subject in mail.subject
    assert mail.message.startswith(first)
    assert mail.headers["Content-Language"] == language
    assert links()[0].startswith("https://events.example.org/admin/password_reset/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_account_without_a_language_gets_the_mail_in_that_of_the_page(language):
    make_account("editor")
    ask(client=Client(headers={"accept-language": language}))

    assert Email.objects.get().headers["Content-Language"] == language


def test_the_link_shows_a_form_and_changes_nothing_until_it_is_sent():
    user = make_account("editor")
    ask()
    before = User.objects.values().get()
    for _twice in range(2):  # a mail scanner opens it, then the person
        reader = Client()
        page = reader.get(path(), follow=True)
        names = [each["name"] for each in soup(page).select(".form-row input")]
        assert names == ["new_password1", "new_password2"]
    assert User.objects.values().get() == before

    answer = reader.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW}, follow=True)
    assert answer.request["PATH_INFO"] == "/admin/password_reset/complete/"
    user.refresh_from_db()
    assert user.check_password(NEW)
    assert sign_in(Client(), password=NEW).status_code == 302


def test_the_link_works_once_and_for_twelve_hours(settings):
    make_account("editor")
    ask()
    link = path()
    page = (reader := Client()).get(link, follow=True)
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert soup(Client().get(link)).select("input[type=password]") == []
    settings.PASSWORD_RESET_TIMEOUT = 12 * 3600
    reader.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})
    assert soup(Client().get(link)).select("input[type=password]") == []


def test_a_weak_password_is_refused_here_too():
    user = make_account("editor")
    ask()
    page = (reader := Client(headers={"accept-language": "en"})).get(path(), follow=True)
    answer = reader.post(page.request["PATH_INFO"], {"new_password1": "court", "new_password2": "court"})

    assert "It must contain at least 12 characters." in words(soup(answer))
    user.refresh_from_db()
    assert not user.check_password("court")


@pytest.mark.parametrize("address", ["inconnue@example.org", "fermee@example.org"])
def test_the_answer_is_the_same_for_addresses_that_nobody_has(address):
    make_account("editor")
    make_account("editor", username="fermée", email="fermee@example.org", is_active=False)
    known, unknown = ask(follow=True), ask(address, follow=True)

    token = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub(b"", known.content) == token.sub(b"", unknown.content)
    assert known.redirect_chain == unknown.redirect_chain == [("/admin/password_reset/done/", 302)]
    assert Email.objects.count() == 1


def test_who_has_no_account_costs_the_same_work_and_gets_no_mail():
    make_account("editor")
    ask()  # what is read once and remembered is out of the way
    assert Email.objects.count() == 1

    work = []
    for address in ("zoe@example.org", "personne@example.org"):
        with CaptureQueriesContext(connection) as queries:
            ask(address)
        statements = [query["sql"].split()[:3] for query in queries]
        work.append([words for words in statements if words[0] not in ("SAVEPOINT", "RELEASE", "ROLLBACK")])
    assert work[0] == work[1]
    assert [mail.to for mail in Email.objects.all()] == [["zoe@example.org"]] * 2


def test_one_address_gets_three_mails_an_hour_and_the_answer_stays_the_same():
    make_account("editor")
    answers = {ask(REMOTE_ADDR=f"203.0.{number}.1").status_code for number in range(5)}

    assert (answers, Email.objects.count()) == ({302}, 3)


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "Too many requests for a new password"), ("fr", "Trop de demandes de nouveau mot de passe")],
)
def test_one_network_asks_ten_times_an_hour(language, title):
    client = Client(headers={"accept-language": language})
    answers = [ask(f"adresse{number}@example.org", client) for number in range(11)]

    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert words(soup(answers[-1]).h1) == title


def test_a_new_password_opens_the_lock_of_those_who_had_forgotten_it():
    make_account("editor")
    for _each in range(5):
        sign_in(Client(), password="oublié")
    assert sign_in(Client()).status_code == 429
    ask()
    page = (reader := Client()).get(path(), follow=True)
    reader.post(page.request["PATH_INFO"], {"new_password1": NEW, "new_password2": NEW})

    assert sign_in(Client(), password=NEW).status_code == 302
