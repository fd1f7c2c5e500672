"""/admin/personal-data/: what is stored about an address, in words, to hand out and to erase."""

import json

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.sessions import SessionStore
from comments.models import Comment, Move
from newsletter.models import Consent, Subscriber
from tests.accounts.factories import make_account, signed_in
from tests.comments.factories import make_comment
from tests.newsletter.factories import make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

PAGE = "/admin/personal-data/"
ADDRESS = "zoe.lefevre@example.org"


def administrator(language="en") -> Client:
    return signed_in(make_account("administrator", username="claire", email="claire@example.org"), language)


def messages(answer) -> list[str]:
    return [words(each) for each in soup(answer).select(".messagelist li")]


def parts(answer) -> list[str]:
    return [words(each) for each in soup(answer).select(".house-part h3")]


@pytest.mark.parametrize("roles", [["moderator"], ["newsletter"], ["editor", "moderator"]])
def test_who_may_not_erase_both_comments_and_subscribers_does_not_see_it(roles):
    make_comment()
    client = signed_in(make_account(*roles))
    assert PAGE not in client.get("/admin/").content.decode()
    assert client.get(PAGE).status_code == 403
    for button in ("look", "download", "ask", "erase"):
        assert client.post(PAGE, {"address": ADDRESS, button: ""}).status_code == 403
    assert Comment.objects.get().email == ADDRESS


def test_who_has_not_signed_in_is_led_to_the_sign_in_page(client):
    assert client.post(PAGE, {"address": ADDRESS, "erase": ""}).status_code == 302
    assert client.get(PAGE)["Location"] == f"/admin/login/?next={PAGE}"


@pytest.mark.parametrize("roles", [["administrator"], ["moderator", "newsletter"]])
def test_who_may_erase_both_finds_it_on_the_first_page(roles):
    client = signed_in(make_account(*roles))
    link = soup(client.get("/admin/")).select_one(f"a[href='{PAGE}']")
    assert words(link) == "Personal data"
    assert words(soup(client.get(PAGE)).h1) == "Personal data"


def test_a_form_without_our_token_does_nothing():
    make_comment()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_account("administrator"))
    assert client.post(PAGE, {"address": ADDRESS, "erase": ""}).status_code == 403
    assert Comment.objects.get().email == ADDRESS


@pytest.mark.parametrize(
    ("language", "found"),
    [("en", ["Comments (1)", "Newsletter (1)"]), ("fr", ["Commentaires (1)", "Lettre (1)"])],
)
def test_what_is_stored_is_said_in_words(language, found):
    comment = make_comment(body="Voilà <b>", website="https://zoe.example/", name="Zoé")
    Consent.record(make_subscriber(email=ADDRESS.upper()), "requested", "/fr/")
    answer = administrator(language).post(PAGE, {"address": ADDRESS, "look": ""})
    page = soup(answer)
    assert parts(answer) == found
    assert page.select_one(".house-part a")["href"] == f"/admin/comments/comment/{comment.pk}/change/"
    assert words(page.select_one(".row-words")) == "Voilà <b>"
    facts = [words(each) for each in page.select("dd")]
    assert ("Zoé" in facts, "https://zoe.example/" in facts, ADDRESS.upper() in words(page)) == (True, True, True)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Nothing is stored about this address."), ("fr", "Rien n’est enregistré au sujet de cette adresse.")],
)
def test_nothing_is_said_plainly_and_nothing_is_offered(language, sentence):
    page = soup(administrator(language).post(PAGE, {"address": "personne@example.org", "look": ""}))
    assert words(page.select_one(".found .house-notice")) == sentence
    assert page.select(".answers") == []


@pytest.mark.parametrize("odd", ["", "zoé", "zoe@exa\u202emple.org", "zoe@exa\nmple.org", "zoe@\0"])
def test_what_is_no_address_is_refused_in_words_with_what_was_typed(odd):
    answer = administrator().post(PAGE, {"address": odd, "erase": ""})
    assert answer.status_code == 422
    assert len(soup(answer).select(".errornote")) == 1


def test_it_is_handed_out_as_a_file():
    make_comment(body="Voilà")
    answer = administrator().post(PAGE, {"address": ADDRESS, "download": ""})
    assert answer["Content-Disposition"] == 'attachment; filename="personal-data.json"'
    assert (answer["Content-Type"], "no-store" in answer["Cache-Control"]) == ("application/json", True)
    assert [each["text"] for each in json.loads(answer.content)["comments"]] == ["Voilà"]
    assert "Voilà" in answer.content.decode()


def test_erasing_is_asked_for_first_and_says_what_cannot_be_undone():
    make_comment()
    make_account("editor", username="zoé", email=ADDRESS)  # stays, and is not in the list
    answer = administrator().post(PAGE, {"address": ADDRESS, "ask": ""})
    page = soup(answer)
    assert words(page.h1) == f"Erase all that is stored about {ADDRESS} ?"
    assert [words(each) for each in page.select(".doomed li")] == ["Comments (1)"]
    assert words(page.select_one(".house-notice strong")) == "That cannot be undone."
    assert [each["name"] for each in page.select(".answers button")] == ["erase", "look"]
    assert Comment.objects.get().email == ADDRESS


def test_erasing_says_what_is_gone_and_who_did_it_is_in_the_logs_without_the_address():
    comment = make_comment(name="Zoé", body="Voilà", status="approved")
    make_comment(event=comment.event, parent=comment)
    make_subscriber(email=ADDRESS)
    Comment.objects.exclude(pk=comment.pk).update(email="anna@example.org")
    client = administrator()
    client.get(f"/admin/comments/comment/?q={ADDRESS}")
    client.post(f"/admin/comments/comment/?q={ADDRESS}", {"_trash": comment.pk})  # remembered, with where to go back to
    answer = client.post(PAGE, {"address": ADDRESS, "erase": ""})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    [kept] = [SessionStore().decode(row.session_data) for row in Session.objects.all()]
    assert (ADDRESS in str(kept), "Zoé" in str(kept)) == (False, False)
    assert messages(client.get(PAGE)) == [
        "1 comment erased.",
        "1 of them left an empty place, because somebody answered it.",
        "1 subscription to the newsletter erased, with its record of consent.",
        "1 trace erased from the editors’ own records.",
    ]
    entry = LogEntry.objects.latest("pk")
    assert (entry.user.username, entry.object_repr, entry.content_type) == (
        "claire",
        "Personal data of one person",
        None,
    )
    assert entry.change_message.startswith("1 comment erased.")
    assert ADDRESS not in str(list(LogEntry.objects.values()))
    assert list(Move.objects.of(comment).values_list("new", "via", "actor")) == [
        ("trash", "admin", "claire"),
        ("erased", "admin", "claire"),
    ]
    assert Subscriber.objects.count() == 0


def test_erasing_nothing_says_so_and_notes_nothing():
    client = administrator()
    client.post(PAGE, {"address": ADDRESS, "erase": ""})
    assert messages(client.get(PAGE)) == ["Nothing was stored about this address."]
    assert LogEntry.objects.count() == 0


def test_an_account_is_shown_and_left_to_an_administrator():
    make_account("editor", username="zoé", email=ADDRESS)
    client = administrator()
    page = soup(client.post(PAGE, {"address": ADDRESS, "look": ""}))
    assert [each["name"] for each in page.select(".answers button")] == ["download"]
    client.post(PAGE, {"address": ADDRESS, "erase": ""})
    assert messages(client.get(PAGE)) == [
        "Nothing was stored about this address.",
        "1 account uses this address. It was left: close or delete it under “Accounts”.",
    ]
