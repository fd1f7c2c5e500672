"""From the page of their own comment, authors ask to be told what becomes of it."""

import pytest
from bs4 import BeautifulSoup

from comments import following
from comments.models import Correspondent, Follow, Policy
from tests.comments.factories import (
    everything,
    make_comment,
    make_correspondent,
    make_follow,
    own_path,
    press,
    queued,
    stop_the_clock,
)

pytestmark = pytest.mark.django_db

ASKED = {
    "fr": "C’est noté. Si l’adresse que vous avez donnée n’est pas encore confirmée, un e-mail part, un par jour au plus. "
    "Suivez son lien et appuyez sur le bouton\xa0: d’ici là, nous n’écrirons rien d’autre.",
    "en": "Noted. If the address that you gave is not confirmed yet, an e-mail is on its way to it, at most one a day. Open "
    "its link and press the button: until then we write nothing else.",
}
BOTH = {"publication": "on", "replies": "on"}


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def ask(client, comment, language="fr", headers=None, **wishes):
    return press(client, own_path(comment, "follow", language), headers, **wishes)


def wishes() -> list[tuple]:
    return list(Follow.objects.order_by("pk").values_list("correspondent__email", "publication", "replies"))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_author_asks_is_led_back_and_gets_one_mail_that_asks_for_a_yes(visitor, language):
    comment = make_comment(email="Zoé.Lefèvre@example.org".replace("é", "e").replace("è", "e"))
    answer = ask(visitor, comment, language, **BOTH)
    assert (answer.status_code, answer["Location"]) == (303, own_path(comment, "waiting", language) + "?done=asked")
    assert soup(visitor.get(answer["Location"])).select_one(".notice").get_text() == ASKED[language]
    assert wishes() == [("Zoe.Lefevre@example.org", True, True)]
    assert Correspondent.objects.values_list("status", "language").get() == ("pending", language)
    [mail] = queued("comment_confirm_address")
    assert mail.to == ["Zoe.Lefevre@example.org"]


@pytest.mark.parametrize(
    ("sent", "noted"),
    [({"publication": "on"}, (True, False)), ({"replies": "on"}, (False, True)), (BOTH, (True, True))],
)
def test_the_boxes_that_are_ticked_are_what_is_wished(visitor, sent, noted):
    comment = make_comment()
    make_follow(comment)
    ask(visitor, comment, **sent)
    assert wishes() == [(comment.email, *noted)]


def test_no_box_ends_what_was_wished_and_begins_nothing(visitor):
    comment, other = make_comment(), make_comment(email="andre@example.org")
    make_follow(comment)
    before = soup(visitor.get(own_path(comment))).main
    for each in (comment, other):
        answer = ask(visitor, each)
        assert answer["Location"] == own_path(each) + "?done=nothing_asked"
        said = soup(visitor.get(answer["Location"])).select_one(".notice").get_text()
        assert said == "C’est noté. Nous n’enverrons aucun e-mail au sujet de ce commentaire."
    assert wishes() == [(comment.email, False, False)]
    assert queued("comment_confirm_address") == []
    assert soup(visitor.get(own_path(comment))).main == before


# state of the address → (its state after asking, mails that ask for a yes)
TABLE = [("unknown", "pending", 1), ("pending", "pending", 1), ("confirmed", "confirmed", 0), ("stopped", "pending", 1)]


@pytest.mark.parametrize(("state", "after", "mails"), TABLE)
@pytest.mark.parametrize("status", ["pending", "spam", "approved"])
def test_what_asking_makes_of_an_address(visitor, state, after, mails, status):
    comment = make_comment(status=status)
    if state != "unknown":
        make_correspondent(email=comment.email.upper(), status=state)
    ask(visitor, comment, replies="on")
    assert Correspondent.objects.get().status == after
    assert len(queued("comment_confirm_address")) == mails
    assert [each[1:] for each in wishes()] == [(False, True)]


def test_an_address_that_said_yes_keeps_its_language_and_another_reads_that_of_who_asks(visitor):
    for state, language in [("confirmed", "fr"), ("pending", "en"), ("stopped", "en")]:
        comment = make_comment(email=f"{state}@example.org")
        row = make_correspondent(email=comment.email, status=state)
        ask(visitor, comment, "en", replies="on")
        row.refresh_from_db()
        assert (state, row.language) == (state, language)


def test_a_published_comment_keeps_the_wish_to_hear_of_it_until_it_was_announced(visitor):
    comment = make_comment(status="approved")
    make_follow(comment, replies=False)
    ask(visitor, comment, replies="on", publication="")
    assert wishes() == [(comment.email, True, True)]


@pytest.mark.parametrize("state", ["trash", "withdrawn"])
def test_of_a_comment_that_is_not_to_be_published_nothing_can_be_asked(visitor, state):
    comment = make_comment()
    comment.withdraw() if state == "withdrawn" else comment.trash()
    before = everything()
    answer = ask(visitor, comment, **BOTH)
    assert (answer.status_code, answer["Location"]) == (303, own_path(comment))
    assert everything() == before


def test_where_nobody_can_reply_nothing_is_noted_of_replies(visitor):
    Policy.objects.create(levels=1)
    comment = make_comment()
    ask(visitor, comment, **BOTH)
    assert wishes() == [(comment.email, True, False)]


def test_from_another_site_nothing_is_noted_and_the_boxes_stay_ticked(visitor):
    comment = make_comment()
    before = everything()
    answer = ask(visitor, comment, headers={"origin": "https://attack.example"}, replies="on")
    page = soup(answer)
    assert (answer.status_code, page.select_one("#follow-errors li").get_text()) == (
        403,
        "Cet envoi vient d’un autre site. Appuyez sur le bouton ici.",
    )
    assert [box["name"] for box in page.select("input[checked]")] == ["replies"]
    assert everything() == before


def test_five_wishes_a_minute_come_from_a_network(visitor, monkeypatch):
    stop_the_clock(monkeypatch)
    comments = [make_comment(email=f"personne{number}@example.org") for number in range(6)]
    answers = [ask(visitor, comment, publication="on") for comment in comments]
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert answers[-1]["Retry-After"] == "50"
    assert [box["name"] for box in soup(answers[-1]).select("input[checked]")] == ["publication"]
    assert len(wishes()) == len(queued("comment_confirm_address")) == 5


def test_an_address_that_was_erased_in_between_gets_no_second_mail_on_that_day():
    comment = make_comment()
    for _turn in range(3):
        following.follow(comment, {"replies": True}, "fr")
        Correspondent.objects.all().delete()
    assert len(queued("comment_confirm_address")) == 1


def test_a_mailbox_gets_one_mail_a_day_whatever_stands_behind_the_plus():
    for address in ("victime+1@gmail.com", "Victime+2@gmail.com", "vic.time@googlemail.com", "victor@gmail.com"):
        following.follow(make_comment(email=address), {"replies": True}, "fr")
    assert [mail.to for mail in queued("comment_confirm_address")] == [["victime+1@gmail.com"], ["victor@gmail.com"]]


def test_a_comment_that_was_deleted_a_moment_ago_is_followed_by_nobody():
    comment = make_comment()
    type(comment).objects.all().delete()
    following.follow(comment, {"replies": True}, "fr")
    assert (wishes(), Correspondent.objects.count()) == ([], 0)
