import pytest
from bs4 import BeautifulSoup

from comments.models import Comment
from tests.comments.factories import everything, make_comment, own_path, press, queued, stop_the_clock

pytestmark = pytest.mark.django_db


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


WORDS = {
    "fr": ("Retirer votre commentaire", "Retirer mon commentaire", "Vous avez retiré ce commentaire. Il ne sera pas publié."),
    "en": ("Take your comment back", "Take my comment back", "You took this comment back. It will not be published."),
}  # fmt: skip
AGAIN = {"fr": "Le renvoyer quand même", "en": "Send it again after all"}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("status", ["pending", "spam"])
def test_an_author_takes_a_comment_back_and_sends_it_again_after_all(visitor, language, status):
    comment = make_comment(status=status)
    own = own_path(comment, "waiting", language)
    title, button, lead = WORDS[language]
    page = soup(visitor.get(own_path(comment, "withdraw", language)))
    assert (page.h1.get_text(), [each.get_text() for each in page.select("button")]) == (title, [button])
    assert page.select_one(".comment-body").get_text().strip() == comment.body
    for _turn in range(2):
        answer = press(visitor, own_path(comment, "withdraw", language))
        assert (answer.status_code, answer["Location"]) == (303, own)
    page = soup(visitor.get(own))
    assert page.select_one(".lead").get_text() == lead
    assert [each.get_text() for each in page.select("main button")] == [AGAIN[language]]
    assert Comment.objects.get().status == "trash"
    for _turn in range(2):
        answer = press(visitor, own_path(comment, "send_again", language))
        assert (answer.status_code, answer["Location"]) == (303, own)
    assert Comment.objects.values_list("status", "withdrawn_at").get() == (status, None)


def test_what_was_decided_can_no_longer_be_taken_back_and_the_page_says_so(visitor):
    comment = make_comment()
    comment.approve()
    before = everything()
    answer = press(visitor, own_path(comment, "withdraw"))
    assert (answer.status_code, soup(answer).select_one(".notice").get_text()) == (
        409,
        "Il ne peut plus être retiré ici\xa0: notre équipe a été plus rapide.",
    )
    assert soup(answer).select_one(".lead").get_text().startswith("Votre commentaire est publié.")
    assert everything() == before


@pytest.mark.parametrize("page", ["withdraw", "send_again", "follow"])
def test_reading_the_address_where_there_is_nothing_to_do_leads_to_the_comments_page(visitor, page):
    comment = make_comment(status="approved")
    answer = visitor.get(own_path(comment, page, "en"))
    assert (answer.status_code, answer["Location"]) == (303, own_path(comment, "waiting", "en"))


@pytest.mark.parametrize("page", ["withdraw", "send_again"])
def test_a_button_on_another_site_does_nothing(visitor, page):
    comment = make_comment()
    if page == "send_again":
        comment.withdraw()
    before = everything()
    answer = press(visitor, own_path(comment, page), {"sec-fetch-site": "cross-site"})
    assert (answer.status_code, soup(answer).select_one(".notice").get_text()) == (
        403,
        "Cet envoi vient d’un autre site. Appuyez sur le bouton ici.",
    )
    assert everything() == before


def test_moderators_are_told_of_what_waits_again_and_not_of_spam(visitor, settings):
    settings.MODERATORS = ["claire@example.org"]
    for status, mails in [("spam", 0), ("pending", 1)]:
        comment = make_comment(status=status)
        press(visitor, own_path(comment, "withdraw"))
        for _turn in range(3):
            press(visitor, own_path(comment, "send_again"))
        assert len(queued("comment_waiting")) == mails


def test_sending_again_is_counted_as_a_change_and_taking_back_is_not(visitor, monkeypatch):
    stop_the_clock(monkeypatch)
    comment = make_comment()
    for _turn in range(5):
        press(visitor, own_path(comment, "withdraw"))
        assert press(visitor, own_path(comment, "send_again")).status_code == 303
    assert press(visitor, own_path(comment, "withdraw")).status_code == 303
    answer = press(visitor, own_path(comment, "send_again"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    assert Comment.objects.get().withdrawn_at is not None
