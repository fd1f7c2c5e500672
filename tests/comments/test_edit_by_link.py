import pytest
from bs4 import BeautifulSoup

from comments import editing
from comments.models import Comment
from comments.views.author import CHANGES
from omep_site.lib.links import path_in
from tests.comments.factories import everything, make_comment, own_path, press, queued, stop_the_clock
from tests.factories import make_event

pytestmark = pytest.mark.django_db

NEW = {"name": "Zoé L.", "website": "", "body": "Merci d’avoir pensé aux crèches, et aux écoles !"}


def soup(answer):
    return BeautifulSoup(answer.content, "html.parser")


def typed(answer) -> dict:
    form = soup(answer).find(id="edit-form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input")}
    return fields | {"body": form.find("textarea").get_text().removeprefix("\r\n").removeprefix("\n")}


def errors_in(answer) -> list[str]:
    return [item.get_text().strip() for item in soup(answer).select("#edit-errors li")]


def edit(client, comment, language="fr", headers=None, **fields):
    return press(client, own_path(comment, "edit", language), headers, **NEW | {"revision": 1} | fields)


def words_of(comment) -> dict:
    return Comment.objects.filter(pk=comment.pk).values("name", "website", "body").get()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Vos modifications nous sont parvenues. Le commentaire attend comme avant."),
        ("en", "Your changes have arrived. The comment is waiting as before."),
    ],
)
@pytest.mark.parametrize("status", ["pending", "spam"])
def test_an_author_changes_the_words_and_is_led_back(visitor, status, language, sentence):
    comment = make_comment(status=status, website="https://avant.example.org")
    page = visitor.get(own_path(comment, "edit", language))
    assert (page.status_code, typed(page)) == (
        200,
        {"revision": "1", "name": comment.name, "website": comment.website, "body": comment.body},
    )
    assert comment.email not in page.content.decode()
    answer = edit(visitor, comment, language)
    assert (answer.status_code, answer["Location"]) == (303, own_path(comment, "waiting", language) + "?done=changed")
    assert words_of(comment) == NEW
    after = soup(visitor.get(answer["Location"]))
    assert after.select_one(".notice").get_text() == sentence
    assert after.select_one(".comment-body").get_text().strip() == NEW["body"]
    assert Comment.objects.values_list("status", "email", "revision").get() == (status, comment.email, 2)


def test_the_address_and_what_else_is_no_word_of_the_comment_stay(visitor):
    comment, other = make_comment(), make_event()
    edit(visitor, comment, email="pirate@example.com", parent="1", event=other.pk, status="approved", language="en")
    row = Comment.objects.get()
    assert (row.email, row.parent, row.event, row.status, row.language) == (comment.email, None, comment.event, "pending", "fr")  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": ""}, "Nom\xa0: Indiquez votre nom."),
        ({"body": " "}, "Commentaire\xa0: Écrivez votre commentaire."),
        (
            {"website": "javascript:alert(1)"},
            "Site web\xa0: Écrivez une adresse web telle que https://www.example.org.",
        ),
        (
            {"name": "Zoé\r\nBcc: tous@example.org"},
            "Nom\xa0: Écrivez ceci sur une seule ligne, sans caractères de contrôle.",
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_with_every_word_kept(visitor, fields, error):
    comment = make_comment()
    answer = edit(visitor, comment, **fields)
    assert (answer.status_code, errors_in(answer)) == (422, [error])
    sent = NEW | {"revision": "1"} | fields
    assert {key: value.replace("\r\n", "\n") for key, value in typed(answer).items()} == {
        key: value.replace("\r\n", "\n") for key, value in sent.items()
    }
    assert soup(answer).title.get_text().startswith("Erreur\xa0: ")
    assert Comment.objects.get().revision == 1


def test_from_another_site_nothing_is_changed_and_the_words_are_kept(visitor):
    comment = make_comment()
    answer = edit(visitor, comment, headers={"origin": "https://attack.example"})
    assert (answer.status_code, typed(answer)) == (403, NEW | {"revision": "1"})
    assert errors_in(answer) == [
        "Cet envoi vient d’un autre site. Si c’est vous qui l’avez écrit, envoyez-le de nouveau depuis cette page."
    ]
    assert Comment.objects.get().revision == 1


def test_two_windows_the_second_is_told_and_may_send_its_own_words_over_the_first(visitor):
    comment = make_comment()
    edit(visitor, comment, body="de la première fenêtre")
    answer = edit(visitor, comment, body="de la seconde fenêtre")
    assert (answer.status_code, typed(answer)["body"]) == (409, "de la seconde fenêtre")
    assert errors_in(answer) == [
        "Votre commentaire a été modifié entre-temps dans une autre fenêtre\xa0: sous le formulaire, vous voyez son "
        "état actuel. Enregistrez de nouveau pour le remplacer par ce que vous avez écrit ici."
    ]
    assert soup(answer).select_one("section .comment-body").get_text().strip() == "de la première fenêtre"
    assert words_of(comment)["body"] == "de la première fenêtre"
    assert visitor.get(own_path(comment)).status_code == 200
    assert edit(visitor, comment, **typed(answer)).status_code == 303
    assert words_of(comment)["body"] == "de la seconde fenêtre"


def test_a_button_pressed_twice_is_no_conflict(visitor):
    comment = make_comment()
    answers = [edit(visitor, comment) for _turn in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert Comment.objects.get().revision == 2


@pytest.mark.parametrize("revision", ["", "x", "-1", "1.0", "9" * 30, "\x00", "0", "2"])
def test_another_version_than_the_one_there_is_a_conflict_whatever_it_is_called(visitor, revision):
    answer = edit(visitor, make_comment(), revision=revision)
    assert (answer.status_code, typed(answer)) == (409, NEW | {"revision": "1"})
    assert Comment.objects.get().revision == 1


LATE = {
    "approve": (
        "Votre commentaire a été publié entre-temps, tel qu’il était. Le lire sur la page de l’événement",
        "Your comment was published meanwhile, as it was. Read it on the event’s page",
    ),
    "trash": (
        "Notre équipe a lu votre commentaire entre-temps et ne l’a pas publié.",
        "The editors have read your comment meanwhile and did not publish it.",
    ),
    "withdraw": (
        "Le commentaire a été retiré entre-temps. Renvoyez-le d’abord, puis modifiez-le.",
        "The comment was taken back meanwhile. Send it again first, then change it.",
    ),
}


@pytest.mark.parametrize("verb", LATE)
@pytest.mark.parametrize(("language", "which"), [("fr", 0), ("en", 1)])
def test_who_comes_too_late_is_told_and_finds_the_words_in_the_page(visitor, verb, language, which):
    comment = make_comment()
    getattr(comment, verb)()
    before = everything()
    answer = edit(visitor, comment, language, name="Zoé <Lefèvre>", website="https://zoe.example.org")
    assert answer.status_code == 409
    page = soup(answer)
    assert page.select_one(".lead").get_text().strip() == LATE[verb][which]
    assert page.select_one("textarea[readonly]").get_text().strip() == NEW["body"]
    assert [each.get_text() for each in page.select(".comment bdi")] == ["Zoé <Lefèvre>", "https://zoe.example.org"]
    if verb == "approve":
        assert page.select_one(".lead a")["href"] == path_in(language, "comments:permalink", number=comment.pk)
    assert everything() == before


def test_a_decision_between_the_look_and_the_save_is_told_as_one(visitor, monkeypatch):
    comment = make_comment()
    edit_really = editing.edit

    def slowly(row, *args, **kwargs):
        Comment.objects.get().approve()
        return edit_really(row, *args, **kwargs)

    monkeypatch.setattr(editing, "edit", slowly)
    answer = edit(visitor, comment)
    assert (answer.status_code, soup(answer).select_one(".lead").get_text().strip()) == (409, LATE["approve"][0])
    assert words_of(comment)["body"] == comment.body


def test_a_comment_that_is_deleted_meanwhile_is_no_page(visitor, monkeypatch):
    comment = make_comment()
    monkeypatch.setattr(editing, "edit", lambda *args, **kwargs: bool(Comment.objects.all().delete()) and False)
    assert edit(visitor, comment).status_code == 404


@pytest.mark.parametrize("verb", LATE)
def test_reading_the_form_of_a_comment_that_was_decided_leads_to_its_page(visitor, verb):
    comment = make_comment()
    getattr(comment, verb)()
    answer = visitor.get(own_path(comment, "edit", "en"))
    assert (answer.status_code, answer["Location"]) == (303, own_path(comment, "waiting", "en"))


def test_the_words_are_looked_at_again_and_nothing_noticed_before_is_forgotten(visitor):
    comment = make_comment(held_for=["too_quick", "links:9", "new_address"])
    edit(
        visitor,
        comment,
        website="https://zoe.example.org",
        body="www.a.example.org",
        headers={"origin": "http://testserver"},
    )
    assert Comment.objects.get().held_for == ["new_address", "links:1", "website", "edited", "too_quick"]


@pytest.mark.parametrize(("status", "after"), [("pending", "spam"), ("spam", "spam")])
def test_words_that_are_judged_spam_are_put_aside_and_the_author_sees_no_difference(
    visitor, monkeypatch, status, after
):
    comment, plain = make_comment(status=status), make_comment()
    answers = [edit(visitor, plain)]
    monkeypatch.setattr(editing, "judge", lambda *args: ("spam", ["links:9"]))
    answers.append(edit(visitor, comment))
    assert Comment.objects.get(pk=comment.pk).status == after
    assert [answer.status_code for answer in answers] == [303, 303]
    pages = [visitor.get(own_path(each)).content for each in (plain, comment)]
    leads = [BeautifulSoup(page, "html.parser").select_one(".lead").get_text() for page in pages]
    assert leads[0] == leads[1]


@pytest.mark.parametrize(("status", "mails"), [("pending", 1), ("spam", 0)])
def test_moderators_are_told_of_new_words_where_they_wait(visitor, settings, status, mails):
    settings.MODERATORS = ["claire@example.org"]
    edit(visitor, make_comment(status=status))
    assert len(queued("comment_waiting")) == mails


def test_changes_come_five_in_a_minute_from_a_network_and_then_with_every_word_kept(visitor, monkeypatch):
    stop_the_clock(monkeypatch)
    comment = make_comment()
    for turn in range(CHANGES[0].times):
        assert edit(visitor, comment, body=f"{turn} fois", revision=turn + 1).status_code == 303
    answer = edit(visitor, comment, revision=6)
    assert (answer.status_code, answer["Retry-After"]) == (429, "50")
    assert typed(answer) == NEW | {"revision": "6"}
    assert errors_in(answer) == [
        "Cet envoi a été fait de nombreuses fois depuis votre réseau. Merci de réessayer dans 1 minute."
    ]
    assert Comment.objects.get().revision == 6
