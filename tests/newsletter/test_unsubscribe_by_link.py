import pytest
from bs4 import BeautifulSoup

from newsletter.models import Subscriber
from omep_site.lib import public
from tests.newsletter.factories import FORM, everything, form_path, make_subscriber, path_of, status

pytestmark = pytest.mark.django_db

ONE_CLICK = "List-Unsubscribe=One-Click"
TITLES = {
    "fr": ("Se désabonner de la Lettre", "Vous ne recevrez plus la Lettre", "Me désabonner"),
    "en": ("Unsubscribe from the newsletter", "You are unsubscribed", "Unsubscribe"),
}


def title(answer) -> str:
    return BeautifulSoup(answer.content, "html.parser").h1.get_text()


@pytest.mark.parametrize("state", ["pending", "confirmed", "unsubscribed", "suppressed"])
def test_opening_the_link_three_times_changes_nothing(visitor, state):
    path = path_of(make_subscriber(status=state).unsubscribe_url)
    before = everything()
    for _turn in range(3):
        assert (visitor.get(path).status_code, visitor.head(path).status_code) == (200, 200)
    assert everything() == before


@pytest.mark.parametrize("state", ["pending", "confirmed"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reader_opens_the_link_presses_the_button_and_is_unsubscribed(visitor, state, language):
    asked, done, button = TITLES[language]
    path = path_of(make_subscriber(status=state, language=language).unsubscribe_url)
    page = visitor.get(path)
    assert (title(page), page["Cache-Control"], page["X-Robots-Tag"]) == (asked, "no-store", "noindex")
    assert [each.get_text() for each in BeautifulSoup(page.content, "html.parser").select("form button")] == [button]
    answer = visitor.post(path)
    assert (answer.status_code, title(answer), answer["Cache-Control"]) == (200, done, "no-store")
    assert status() == "unsubscribed"
    assert form_path(language) in answer.content.decode()


@pytest.mark.parametrize("state", ["confirmed", "pending", "unsubscribed"])
@pytest.mark.parametrize("body", [(ONE_CLICK, FORM), ('--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"'
                                  "\r\n\r\nOne-Click\r\n--b--\r\n", "multipart/form-data; boundary=b")])  # fmt: skip
def test_a_mail_programme_unsubscribes_in_one_click_without_cookie_and_without_redirect(visitor, state, body):
    path = path_of(make_subscriber(status=state).unsubscribe_url)
    answers = [
        visitor.post(path, body[0], content_type=body[1], headers={"origin": "https://mail.example.com"})
        for _turn in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1
    assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}]
    assert status() == "unsubscribed"


def test_a_blocked_address_stays_blocked(visitor):
    path = path_of(make_subscriber(status="suppressed").unsubscribe_url)
    assert (title(visitor.post(path)), status()) == (TITLES["fr"][1], "suppressed")


def test_the_link_outlives_a_change_of_the_secret_key(visitor, settings):
    subscriber = make_subscriber(status="confirmed")
    unsubscribe, confirm = path_of(subscriber.unsubscribe_url), path_of(subscriber.confirm_url)
    settings.SECRET_KEY = "another key, after a theft, of more than fifty characters in all"
    assert visitor.get(confirm).status_code == 404
    assert visitor.post(unsubscribe).status_code == 200
    assert status() == "unsubscribed"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_token_is_no_page_in_the_page_s_language(visitor, language):
    path = path_of(make_subscriber(language=language).unsubscribe_url)
    token = Subscriber.objects.get().unsubscribe_token
    for other in (token[:-1], token + "A", "é", "%00", "x" * 2000):
        for method in (visitor.get, visitor.post):
            answer = method(path.replace(token, other))
            assert answer.status_code == 404
            assert BeautifulSoup(answer.content, "html.parser").html["lang"] == language
    assert status() == "pending"


def test_the_link_works_in_the_other_language_too(visitor):
    page = BeautifulSoup(visitor.get(path_of(make_subscriber().unsubscribe_url)).content, "html.parser")
    english = page.select_one("nav.languages a")["href"]
    assert english.startswith("/en/newsletter/unsubscribe/")
    assert (title(visitor.post(english)), status()) == (TITLES["en"][1], "unsubscribed")


def test_how_many_queries_the_link_costs(visitor, django_assert_num_queries):
    path = path_of(make_subscriber().unsubscribe_url)
    public.forget_version()
    with django_assert_num_queries(2):  # the content version, the subscriber
        visitor.get(path)
    with django_assert_num_queries(2):
        visitor.post(path)
