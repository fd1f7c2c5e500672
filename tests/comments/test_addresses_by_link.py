"""The links of mails about comments: saying yes, and ending them."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core import signing

from comments.models import Correspondent, Follow
from omep_site.lib import public
from tests.comments.factories import everything, make_comment, make_correspondent, make_follow, path_of
from tests.factories import make_event

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
STATES = Correspondent.Status.values


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def title(answer) -> str:
    return soup(answer).h1.get_text()


def buttons(answer) -> list[str]:
    return [each.get_text() for each in soup(answer).select("button")]


def status() -> str:
    return Correspondent.objects.get().status


CONFIRM = {
    "fr": ("Pouvons-nous vous écrire\u202f?", "Oui, écrivez-moi", "Nous vous écrirons"),
    "en": ("May we write to you?", "Yes, write to me", "We will write to you"),
}


@pytest.mark.parametrize("language", CONFIRM)
def test_a_reader_is_asked_sees_about_which_events_and_says_yes(visitor, language):
    row = make_correspondent(status="pending", language=language)
    events = [make_event(title_fr="Journée des crèches", title_en="Day of nurseries"), make_event(title_fr="Été"), make_event(status="draft", title_fr="Secret"), make_event(title_fr="Sans suite")]  # fmt: skip
    for event in events[:3]:
        make_follow(make_comment(event=event), row)
        make_follow(make_comment(event=event), row)
    make_follow(make_comment(event=events[3]), row, publication=False, replies=False)
    asked, button, done = CONFIRM[language]
    page = visitor.get(path_of(row.confirm_url))
    assert (page.status_code, title(page), buttons(page)) == (200, asked, [button])
    listed = [each.get_text() for each in soup(page).select("main li")]
    assert sorted(listed) == sorted(getattr(each, f"title_{language}") for each in events[:2])
    assert row.email not in page.content.decode()
    for _turn in range(3):
        answer = visitor.post(path_of(row.confirm_url), headers={"origin": "https://mail.example.com"})
        assert (answer.status_code, title(answer), buttons(answer)) == (200, done, [])
        assert status() == "confirmed"
    assert title(visitor.get(path_of(row.confirm_url))) == done
    assert Follow.objects.heard().count() == 7


def test_after_seven_days_the_link_is_over(visitor, monkeypatch):
    row = make_correspondent(status="pending", language="en")
    path, now = path_of(row.confirm_url), signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(days=7).total_seconds() - 5)
    assert visitor.get(path).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: now + timedelta(days=7).total_seconds() + 5)
    for method in (visitor.get, visitor.post):
        answer = method(path)
        assert (answer.status_code, soup(answer).select_one(".lead").get_text()) == (
            410,
            "It was good for seven days, which are over. To receive them, ask once more on the page of your comment: we "
            "will send you a new link.",
        )
    assert status() == "pending"


def test_who_ended_all_mail_is_not_confirmed_by_an_old_link(visitor):
    row = make_correspondent(status="stopped")
    for method in (visitor.get, visitor.post):
        answer = method(path_of(row.confirm_url))
        assert (answer.status_code, soup(answer).select_one(".lead").get_text()) == (
            410,
            "Cette adresse ne reçoit plus d’e-mails au sujet des commentaires. Pour en recevoir, demandez-le de nouveau "
            "sur la page de votre commentaire\xa0: nous vous enverrons un nouveau lien.",
        )
    assert status() == "stopped"


def test_the_link_of_an_address_that_is_gone_is_no_page(visitor):
    row = make_correspondent(status="pending")
    path = path_of(row.confirm_url)
    row.delete()
    assert (visitor.get(path).status_code, visitor.post(path).status_code) == (404, 404)


STOP = {
    "fr": ("Ne plus recevoir d’e-mails au sujet des commentaires", "Ne plus recevoir ces e-mails", "C’est fait"),
    "en": ("No more e-mails about comments", "End these e-mails", "It is done"),
}
STOP_ONE = {"fr": "Ne plus recevoir d’e-mails au sujet de ce commentaire", "en": "No more e-mails about this comment"}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", STOP)
def test_a_reader_ends_all_mail(visitor, state, language):
    path = path_of(make_correspondent(status=state, language=language).stop_url)
    asked, button, done = STOP[language]
    page = visitor.get(path)
    shown = (done, []) if state == "stopped" else (asked, [button])
    assert (page.status_code, title(page), buttons(page)) == (200, *shown)
    for _turn in range(2):
        answer = visitor.post(path)
        assert (answer.status_code, title(answer), status()) == (200, done, "stopped")


@pytest.mark.parametrize("language", STOP)
def test_a_reader_ends_the_mail_about_one_comment_and_no_other(visitor, language):
    row = make_correspondent(language=language)
    follow = make_follow(make_comment(event=make_event(title_fr="Été", title_en="Summer")), row)
    other = make_follow(make_comment(), row)
    _all, button, done = STOP[language]
    page = visitor.get(path_of(follow.stop_url))
    assert (title(page), buttons(page)) == (STOP_ONE[language], [button])
    links = [(link["href"], link.get_text()) for link in soup(page).select("main a")]
    assert links[0][1] == ("Été" if language == "fr" else "Summer")
    assert links[1][0] == path_of(row.stop_url)
    for _turn in range(2):
        answer = visitor.post(path_of(follow.stop_url))
        assert (answer.status_code, title(answer)) == (200, done)
    follow.refresh_from_db()
    other.refresh_from_db()
    assert (follow.wants_mail(), other.wants_mail(), status()) == (False, True, "confirmed")


def test_the_event_of_a_comment_is_named_only_while_it_is_public(visitor):
    follow = make_follow(make_comment(event=make_event(title_fr="Journée secrète", status="draft")))
    for method in (visitor.get, visitor.post):
        assert "secrète" not in method(path_of(follow.stop_url)).content.decode()


@pytest.mark.parametrize("which", ["all", "one"])
@pytest.mark.parametrize("body", [("List-Unsubscribe=One-Click", FORM), ('--b\r\nContent-Disposition: form-data; '
                                  'name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n', "multipart/form-data; boundary=b")])  # fmt: skip
def test_a_mail_programme_ends_them_in_one_click_without_cookie_and_without_redirect(visitor, which, body):
    follow = make_follow()
    path = path_of(follow.correspondent.stop_url if which == "all" else follow.stop_url)
    answers = [
        visitor.post(path, body[0], content_type=body[1], headers={"origin": "https://mail.example.com"})
        for _turn in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1
    assert [dict(answer.cookies) for answer in answers] == [{}, {}, {}]
    follow.refresh_from_db()
    assert (status(), follow.wants_mail()) == (("stopped", True) if which == "all" else ("confirmed", False))


def test_these_links_outlive_a_change_of_the_secret_key(visitor, settings):
    follow = make_follow()
    paths = [path_of(follow.stop_url), path_of(follow.correspondent.stop_url)]
    settings.SECRET_KEY = "another key, after a theft, of more than fifty characters in all"
    assert [visitor.post(path).status_code for path in paths] == [200, 200]
    assert status() == "stopped"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_unknown_token_is_no_page_in_the_page_s_language(visitor, language):
    follow = make_follow(correspondent=make_correspondent(language=language))
    before = everything()
    for url, token in [
        (follow.stop_url, follow.stop_token),
        (follow.correspondent.stop_url, follow.correspondent.stop_token),
    ]:
        for other in (token[:-1], token + "A", "é", "%00", "x" * 2000):
            for method in (visitor.get, visitor.post):
                answer = method(path_of(url).replace(token, other))
                assert (answer.status_code, soup(answer).html["lang"]) == (404, language)
    assert everything() == before


def test_the_addresses_of_the_links_are_words_of_their_language():
    for language, words in [("fr", ("adresse", "arreter", "ne-plus-suivre")), ("en", ("address", "stop", "unfollow"))]:
        follow = make_follow(make_comment(email=f"{language}@example.org"))
        row = follow.correspondent
        Correspondent.objects.filter(pk=row.pk).update(language=language)
        row.refresh_from_db()
        start = {"fr": "/fr/commentaires/", "en": "/en/comments/"}[language]
        urls = (row.confirm_url, row.stop_url, follow.stop_url)
        assert [path_of(url).startswith(f"{start}{word}/") for url, word in zip(urls, words, strict=True)] == [True] * 3


def test_how_many_queries_the_links_cost(visitor, django_assert_num_queries):
    follow = make_follow(make_comment(), make_correspondent(status="pending"))
    row = follow.correspondent
    confirm, stop_all, stop_one = (path_of(url) for url in (row.confirm_url, row.stop_url, follow.stop_url))
    public.forget_version()
    with django_assert_num_queries(3):  # the version, the address, the events
        visitor.get(confirm)
    with django_assert_num_queries(3):  # the address, its change, the events
        visitor.post(confirm)
    for path in (stop_one, stop_all):
        with django_assert_num_queries(1):
            visitor.get(path)
        with django_assert_num_queries(2):
            visitor.post(path)
