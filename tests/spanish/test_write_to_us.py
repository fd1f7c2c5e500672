"""Comments and the newsletter, from Spanish pages."""

import pytest
from django.test import override_settings
from post_office.models import Email

from comments.models import Comment
from newsletter.models import Consent, Subscriber
from tests.comments.factories import make_comment
from tests.comments.factories import send as send_comment
from tests.newsletter.factories import path_of
from tests.newsletter.factories import send as subscribe
from tests.pages import soup, words
from tests.spanish.factories import PATHS, make_launch

pytestmark = pytest.mark.django_db


def test_a_comment_is_written_in_spanish_and_marked_so_elsewhere(visitor):
    event = make_launch()
    with override_settings(MODERATORS=["moderatrice@example.org"]):
        answer = send_comment(visitor, event, "es", body="Gracias por la invitación.")
    assert (answer.status_code, answer["Location"].startswith("/es/commentaires/")) == (303, True)
    comment = Comment.objects.get()
    assert (comment.language, comment.get_language_display()) == ("es", "espagnol")
    assert Email.objects.get().subject == "OMEP\xa0: un commentaire attend votre décision"

    waiting = soup(visitor.get(answer["Location"]))
    assert (waiting.html["lang"], "Gracias" in words(waiting.main)) == ("es", True)

    comment.approve()
    found = {code: soup(visitor.get(path)).select_one(".comment-body").get("lang") for code, path in PATHS.items()}
    assert found == {"fr": "es", "en": "es", "es": None}


def test_a_mistake_in_a_comment_keeps_the_page_and_the_words(visitor):
    answer = send_comment(visitor, make_launch(), "es", email="no", body="Gracias.")
    page = soup(answer)
    assert (answer.status_code, page.html["lang"], words(page.h1)) == (422, "es", "Lanzamiento de la Estrategia")
    assert page.select_one("#comment_body").get_text().strip() == "Gracias."


def test_comments_of_three_languages_stand_on_one_page(visitor):
    event = make_launch()
    for code in ("fr", "en", "es"):
        make_comment(event=event, language=code, status="approved")
    bodies = soup(visitor.get(PATHS["es"])).select(".comment-body")
    assert [body.get("lang") for body in bodies] == ["fr", "en", None]


def test_the_letter_is_asked_for_in_spanish_and_its_mail_falls_back_to_french(visitor):
    answer = subscribe(visitor, "es")
    assert (answer.status_code, answer["Location"]) == (303, "/es/lettre/merci/")
    subscriber = Subscriber.objects.get()
    mail = Email.objects.get().email_message()
    assert subscriber.language == "es"
    assert mail.subject == "OMEP\xa0: confirmez votre abonnement à la Lettre"

    confirm = path_of(subscriber.confirm_url)
    assert confirm.startswith("/es/lettre/confirmer/")
    assert f"https://events.example.org{confirm.rpartition('/confirmer/')[0]}/confirmer/" in mail.body
    page = soup(visitor.post(confirm))
    assert (page.html["lang"], Subscriber.objects.get().status) == ("es", "confirmed")
    assert set(Consent.objects.values_list("text__language", flat=True)) == {"es"}


def test_a_letter_can_be_left_in_spanish(visitor):
    subscribe(visitor, "es")
    path = path_of(Subscriber.objects.get().unsubscribe_url)
    assert path.startswith("/es/lettre/")
    assert visitor.post(path).status_code == 200
    assert Subscriber.objects.get().status == "unsubscribed"
