from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from comments.models import Comment, Correspondent
from comments.reasons import sentence
from tests.comments.factories import BROWSER, make_comment, send
from tests.factories import make_event

SENTENCES = [
    ("repeated", "The same words were sent before.", "Les mêmes mots ont déjà été envoyés."),
    ("links:1", "Contains 1 link.", "Contient 1 lien."),
    ("links:3", "Contains 3 links.", "Contient 3 liens."),
    ("website", "Gives a website.", "Indique un site web."),
    ("capitals", "Written almost entirely in capitals.", "Écrit presque entièrement en majuscules."),
    (
        "no_origin",
        "Came without the signs of a usual browser: perhaps a program sent it.",
        "Arrivé sans les signes d’un navigateur ordinaire\xa0: c’est peut-être l’envoi d’un programme.",
    ),
    (
        "new_address",
        "No comment from this address was approved before.",
        "Aucun commentaire de cette adresse n’a encore été approuvé.",
    ),
    (
        "too_fast:0",
        "Was sent 0 seconds after the form was begun.",
        "Envoyé 0 seconde après le début de la saisie.",
    ),
    (
        "too_fast:2",
        "Was sent 2 seconds after the form was begun.",
        "Envoyé 2 secondes après le début de la saisie.",
    ),
    (
        "decoy",
        "A field that people do not see was filled in: a program sent it.",
        "Un champ que personne ne voit a été rempli\xa0: c’est l’envoi d’un programme.",
    ),
    ("spam_words:2", "Contains 2 of the words of spam.", "Contient 2 des mots indésirables."),
    ("of_a_later_release:7", "of_a_later_release:7", "of_a_later_release:7"),
    ("100%", "100%", "100%"),
]
ALL = [
    *("decoy", "akismet", "akismet_away", "spam_words:1", "hold_words:1", "markup", "repeated", "reused", "too_fast:1"),
    *("confusable", "mixed_letters", "links:1", "website", "capitals", "no_origin", "no_stamp", "old_stamp"),
    *("address_in_text", "telephone", "new_address", "unconfirmed"),
]


@pytest.mark.parametrize(("code", "english", "french"), SENTENCES)
def test_each_code_is_a_sentence_in_both_languages(code, english, french):
    with override("en"):
        assert sentence(code) == english
    with override("fr"):
        assert sentence(code) == french


@pytest.mark.parametrize("code", ALL)
def test_no_code_of_ours_is_without_a_sentence(code):
    with override("en"):
        english = sentence(code)
    with override("fr"):
        french = sentence(code)
    assert english != code
    assert french not in (code, english)


@pytest.mark.django_db
def test_a_comment_keeps_why_it_deserves_a_look_and_waits_whatever_was_found(visitor):
    event = make_event()
    send(visitor, event, website="https://vitrine.example.com", body="Voyez www.montres.example")
    send(visitor, event, headers=BROWSER, email="noe@example.org", body="Merci !")
    make_comment(email="ELODIE@example.org", status="approved")
    send(visitor, event, headers={"origin": "http://testserver"}, email="Elodie@example.org", body="À bientôt.")
    kept = Comment.objects.filter(status="pending").order_by("pk").values_list("held_for", flat=True)
    assert list(kept) == [
        ["no_origin", "new_address", "no_stamp", "links:1", "website"],
        ["no_stamp", "new_address"],
        ["no_stamp"],
    ]


@pytest.mark.django_db
def test_only_an_approved_comment_makes_an_address_known(visitor):
    event = make_event()
    for status in ("pending", "spam", "trash"):
        make_comment(email="zoe@example.org", status=status, body=status)
    send(visitor, event, headers=BROWSER, email="zoe@example.org")
    assert Comment.objects.latest("pk").held_for == ["no_stamp", "new_address"]


@pytest.mark.django_db
def test_long_words_that_were_sent_before_are_noticed_on_any_event_in_any_state_and_after_any_time(visitor):
    long = "Ces mots sont trop longs pour que deux personnes les écrivent par hasard."
    make_comment(status="spam", body=long, email="autre@example.org", created_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_comment(status="approved", email="zoe@example.org")
    send(visitor, make_event(), headers=BROWSER, email="zoe@example.org", body=long.upper())
    assert Comment.objects.latest("pk").held_for == ["repeated", "no_stamp", "capitals"]


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "noticed"), [(9, ["repeated", "no_stamp"]), (11, ["no_stamp"])])
def test_short_words_are_repeated_for_ten_minutes_only(visitor, minutes, noticed, django_now):
    make_comment(status="approved", email="zoe@example.org")
    make_comment(body="Merci !", email="autre@example.org", created_at=django_now(minutes=-minutes))
    send(visitor, make_event(), headers=BROWSER, email="zoe@example.org", body="merci")
    assert Comment.objects.latest("pk").held_for == noticed


@pytest.fixture
def django_now():
    from datetime import timedelta

    from django.utils import timezone

    return lambda **ago: timezone.now() + timedelta(**ago)


@pytest.mark.django_db
def test_known_is_who_was_approved_before_and_confirmed_the_address(visitor, rules):
    rules(hold="first")
    event = make_event()
    make_comment(email="zoe@example.org", status="approved")
    send(visitor, event, headers=BROWSER, email="zoe@example.org", body="Avant.")
    Correspondent.objects.create(email="ZOE@example.org", language="fr", status="confirmed")
    send(visitor, event, headers=BROWSER, email="Zoe@example.org", body="Après.")
    send(visitor, event, headers=BROWSER, email="noe@example.org", body="Nouveau.")
    rows = Comment.objects.filter(event=event).order_by("pk").values_list("body", "status", "held_for")
    assert list(rows) == [
        ("Avant.", "pending", ["no_stamp", "unconfirmed"]),
        ("Après.", "approved", ["no_stamp"]),
        ("Nouveau.", "pending", ["no_stamp", "new_address"]),
    ]


@pytest.mark.django_db
def test_nothing_of_the_reasons_is_shown_to_the_author(visitor):
    answer = send(visitor, make_event(), website="https://vitrine.example.com")
    page = visitor.get(answer["Location"]).content.decode()
    assert [text for _code, *texts in SENTENCES for text in texts if text in page] == []
