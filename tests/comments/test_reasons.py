import pytest
from django.utils.translation import override

from comments.models import Comment
from comments.reasons import is_shouted, reasons, sentence
from tests.comments.factories import make_comment, send
from tests.factories import make_event

GOOD = {"name": "Zoé Lefèvre", "body": "Merci d’avoir pensé aux crèches !", "website": ""}
KNOWN = {"approved_before": True, "said_before": False, "says_where_from": True}


def noticed(**changes) -> list[str]:
    return reasons(**GOOD | KNOWN | changes)


def test_nothing_is_noticed_about_somebody_who_was_approved_before():
    assert noticed() == []


def test_all_that_can_be_noticed_comes_in_a_fixed_order():
    words = "ACHETEZ MES MONTRES D’ÉTÉ https://a.example www.b.example"
    strange = {"approved_before": False, "said_before": True, "says_where_from": False}
    assert noticed(body=words, website="https://c.example", **strange) == [
        "repeated",
        "links:2",
        "website",
        "capitals",
        "no_origin",
        "new_address",
    ]


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("Sans lien. Voir l’annexe www pour la suite.", []),
        ("https://www.example.org/école", ["links:1"]),
        ("HTTP://EXAMPLE.ORG et www.example.org", ["links:2"]),
        ('<a href="https://a.example">a</a> [url=http://b.example]b[/url] (www.c.example)', ["links:3"]),
        ("www.a.example,www.b.example", ["links:2"]),
        ("awww.mignon", []),
    ],
)
def test_links_are_counted_once_each(body, links):
    assert noticed(body=body) == links


def test_a_link_in_the_name_counts_too():
    assert noticed(name="www.casino.example") == ["links:1"]


@pytest.mark.parametrize(
    ("body", "shouted"),
    [
        ("MERCI À TOUTES LES ÉQUIPES POUR CET ÉTÉ", True),
        ("MERCI À L’OMEP !", False),  # short
        ("L’OMEP et l’UNESCO invitent à Bologne, en Italie.", False),
        ("VOYEZ https://example.org/quelque/chose/de/long/en/minuscules MAINTENANT OU JAMAIS", True),
        ("https://example.org/QUELQUE-CHOSE", False),
        ("شكرا جزيلا على هذه الندوة الجميلة", False),
        ("", False),
    ],
)
def test_capitals_are_noticed_in_longer_texts_only(body, shouted):
    assert is_shouted(body) is shouted


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
    ("of_a_later_release:7", "of_a_later_release:7", "of_a_later_release:7"),
]


@pytest.mark.parametrize(("code", "english", "french"), SENTENCES)
def test_each_code_is_a_sentence_in_both_languages(code, english, french):
    with override("en"):
        assert sentence(code) == english
    with override("fr"):
        assert sentence(code) == french


BROWSER = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


@pytest.mark.django_db
def test_a_comment_keeps_why_it_deserves_a_look_and_waits_whatever_was_found(visitor):
    event = make_event()
    send(visitor, event, website="https://vitrine.example.com", body="Voyez www.montres.example")
    send(visitor, event, headers=BROWSER, email="noe@example.org", body="Merci !")
    make_comment(email="ELODIE@example.org", status="approved")
    send(visitor, event, headers={"origin": "http://testserver"}, email="Elodie@example.org", body="À bientôt.")
    kept = Comment.objects.filter(status="pending").order_by("pk").values_list("held_for", flat=True)
    assert list(kept) == [["links:1", "website", "no_origin", "new_address"], ["new_address"], []]


@pytest.mark.django_db
def test_only_an_approved_comment_makes_an_address_known(visitor):
    event = make_event()
    for status in ("pending", "spam", "trash"):
        make_comment(email="zoe@example.org", status=status, body=status)
    send(visitor, event, headers=BROWSER, email="zoe@example.org")
    assert Comment.objects.latest("pk").held_for == ["new_address"]


@pytest.mark.django_db
def test_words_that_were_sent_before_are_noticed_on_any_event_and_in_any_state(visitor):
    make_comment(status="spam", body="Mêmes mots.", email="autre@example.org")
    make_comment(status="approved", email="zoe@example.org")
    send(visitor, make_event(), headers=BROWSER, email="zoe@example.org", body="Mêmes mots.")
    assert Comment.objects.latest("pk").held_for == ["repeated"]


@pytest.mark.django_db
def test_nothing_of_the_reasons_is_shown_to_the_author(visitor):
    answer = send(visitor, make_event(), website="https://vitrine.example.com")
    page = visitor.get(answer["Location"]).content.decode()
    assert [text for _code, *texts in SENTENCES for text in texts if text in page] == []
