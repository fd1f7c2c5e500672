import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Move
from tests.comments.factories import event_path, make_comment
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"
UNDO = f"{LIST}undo/"


def change_page(comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def run(client, action, comments, language="en"):
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(LIST, data, follow=True, headers={"accept-language": language})


def messages_in(answer) -> list[str]:
    return [words(item) for item in soup(answer).select(".messagelist li")]


SAID = [
    ("approve", "approved", "en", "2 comments are now approved.", "1 comment was approved already."),
    ("mark_spam", "spam", "en", "2 comments are now marked as spam.", "1 comment was marked as spam already."),
    ("trash", "trash", "en", "2 comments are now in the trash.", "1 comment was in the trash already."),
    ("restore", "pending", "en", "2 comments are waiting again.", "1 comment was waiting already."),
    (
        "approve",
        "approved",
        "fr",
        "2 commentaires sont maintenant approuvés.",
        "1 commentaire était déjà approuvé.",
    ),
    (
        "mark_spam",
        "spam",
        "fr",
        "2 commentaires sont maintenant marqués comme indésirables.",
        "1 commentaire était déjà marqué comme indésirable.",
    ),
    (
        "trash",
        "trash",
        "fr",
        "2 commentaires sont maintenant à la corbeille.",
        "1 commentaire était déjà à la corbeille.",
    ),
    (
        "restore",
        "pending",
        "fr",
        "2 commentaires sont de nouveau en attente.",
        "1 commentaire était déjà en attente.",
    ),
]


@pytest.mark.parametrize(("action", "status", "language", "moved", "unmoved"), SAID)
def test_an_action_moves_what_it_can_and_says_how_much(editor, action, status, language, moved, unmoved):
    event = make_event()
    others = [each for each in Comment.Status if each != status]
    comments = [make_comment(event=event, status=each) for each in (others[0], others[1], status)]
    untouched = make_comment(event=event, status=others[0])
    undo = {"en": "Undo", "fr": "Annuler"}[language]
    assert messages_in(run(editor, action, comments, language)) == [f"{moved} {undo}", unmoved]
    assert [Comment.objects.get(pk=comment.pk).status for comment in comments] == [status] * 3
    assert Comment.objects.get(pk=untouched.pk).status == others[0]


def test_the_actions_are_labelled_in_both_languages_and_what_cannot_be_undone_comes_last(editor):
    make_comment()
    labels = {
        "en": ["Approve", "Mark as spam", "Move to the trash", "Let it wait again", "Delete for good…"],
        "fr": [
            "Approuver",
            "Marquer comme indésirable",
            "Mettre à la corbeille",
            "Remettre en attente",
            "Supprimer définitivement…",
        ],
    }
    for language, expected in labels.items():
        page = BeautifulSoup(editor.get(LIST, headers={"accept-language": language}).content.decode(), "html.parser")
        options = {option["value"]: option.get_text() for option in page.select("select[name=action] option")}
        assert list(options) == ["", "approve", "mark_spam", "trash", "restore", "delete_selected"]
        assert list(options.values())[1:] == expected


@pytest.mark.parametrize(
    ("verb", "status"), [("approve", "approved"), ("mark_spam", "spam"), ("trash", "trash"), ("restore", "pending")]
)
def test_a_button_on_the_page_of_a_comment_moves_it_and_the_record_says_who_did_what(editor, verb, status):
    old = "spam" if status == "pending" else "pending"
    comment = make_comment(name="Zoé", email="zoe@example.org", body="contenu", status=old)
    answer = editor.post(change_page(comment), {f"_{verb}": "1"}, follow=True)
    assert answer.redirect_chain == [(LIST, 302)]  # nothing else waits
    comment.refresh_from_db()
    assert comment.status == status
    user = User.objects.get(username="claire")
    recorded = Move.objects.values_list("comment_number", "old", "new", "via", "actor_id", "actor", "reasons")
    assert list(recorded) == [(comment.pk, old, status, "admin", user.pk, "claire", [])]
    assert LogEntry.objects.count() == 0


NAMED = [
    ("approve", "en", "The comment by Émile <b> is now approved."),
    ("mark_spam", "en", "The comment by Émile <b> is now marked as spam."),
    ("trash", "en", "The comment by Émile <b> is now in the trash."),
    ("restore", "en", "The comment by Émile <b> is waiting again."),
    ("approve", "fr", "Le commentaire signé Émile <b> est maintenant approuvé."),
    ("mark_spam", "fr", "Le commentaire signé Émile <b> est maintenant marqué comme indésirable."),
    ("trash", "fr", "Le commentaire signé Émile <b> est maintenant à la corbeille."),
    ("restore", "fr", "Le commentaire signé Émile <b> est de nouveau en attente."),
]


@pytest.mark.parametrize(("verb", "language", "sentence"), NAMED)
def test_what_was_done_to_one_comment_is_said_with_its_name_and_an_undo(editor, verb, language, sentence):
    comment = make_comment(name="Émile <b>", status="spam" if verb != "mark_spam" else "pending")
    answer = editor.post(change_page(comment), {f"_{verb}": "1"}, follow=True, headers={"accept-language": language})
    undo = {"en": "Undo", "fr": "Annuler"}[language]
    assert messages_in(answer) == [f"{sentence} {undo}"]


def test_after_a_decision_the_next_waiting_comment_opens_and_the_filters_stay(editor):
    event = make_event()
    comments = [make_comment(event=event, name=name) for name in ("Zoé", "Émile", "Noé")]
    make_comment(event=event, name="Déjà vu", status="approved")
    kept = "?_changelist_filters=language__exact%3Dfr"
    seen = []
    at = change_page(comments[1]) + kept
    for _ in range(3):
        answer = editor.post(at, {"_approve": "1"})
        seen.append(at := answer["Location"])
    assert seen == [change_page(comments[0]) + kept, change_page(comments[2]) + kept, LIST + "?language__exact=fr"]


def test_a_comment_that_waits_again_is_not_the_next_one(editor):
    comment = make_comment(status="approved")
    assert editor.post(change_page(comment), {"_restore": "1"})["Location"] == LIST


def test_the_page_of_a_comment_offers_the_moves_that_change_something(editor):
    for status, names in [
        ("approved", ["_mark_spam", "_trash", "_restore"]),
        ("pending", ["_approve", "_mark_spam", "_trash"]),
        ("spam", ["_approve", "_trash", "_restore"]),
        ("trash", ["_approve", "_mark_spam", "_restore"]),
    ]:
        page = soup(editor.get(change_page(make_comment(status=status))))
        assert [button["name"] for button in page.select("#comment_form button")] == names
        assert page.select("#content input:not([type=hidden]), #content textarea, #content select") == []


def test_nothing_of_a_comment_can_be_rewritten_or_invented(editor):
    comment = make_comment()
    before = Comment.objects.values().get()
    forged = {"name": "Autre", "email": "autre@example.org", "body": "changé", "status": "approved", "_save": "1"}
    assert editor.post(change_page(comment), forged).status_code == 302
    assert Comment.objects.values().get() == before
    assert LogEntry.objects.count() == 0
    assert editor.get(f"{LIST}add/").status_code == 403
    assert editor.post(f"{LIST}add/", forged).status_code == 403


def test_a_second_click_says_so_and_logs_nothing(editor):
    comment = make_comment()
    first = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    assert messages_in(first) == ["The comment by Zoé Lefèvre is now approved. Undo"]
    answer = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    hour = timezone.localtime(Move.objects.get().at).strftime("%H:%M")
    assert messages_in(answer) == [f"The comment by Zoé Lefèvre stays as it is. claire approved it (today, {hour})."]
    assert Move.objects.count() == 1


def test_approving_from_the_page_shows_at_once_and_taking_back_hides_at_once(editor):
    comment = make_comment()
    page = event_path(comment.event)
    mark = f'id="comment-{comment.pk}"'
    assert mark not in Client().get(page).content.decode()
    editor.post(change_page(comment), {"_approve": "1"})
    assert mark in Client().get(page).content.decode()
    editor.post(change_page(comment), {"_restore": "1"})
    assert mark not in Client().get(page).content.decode()


def staff(*permissions) -> Client:
    user = User.objects.create_user("lecteur", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_who_may_only_look_moves_nothing():
    comment = make_comment()
    reader = staff("view_comment")
    for path in (LIST, change_page(comment)):
        page = soup(reader.get(path))
        assert "pensé aux crèches" in page.get_text()
        assert page.select("button.move, select[name=action], .action-select") == []
    posts = [
        (change_page(comment), {"_approve": "1"}),
        (LIST, {"_approve": comment.pk}),
        (LIST, {"action": "approve", "_selected_action": [comment.pk], "index": "0"}),
        (UNDO, {"decision": "x"}),
    ]
    assert [reader.post(path, data).status_code for path, data in posts] == [403] * 4
    assert (Comment.objects.get().status, LogEntry.objects.count()) == ("pending", 0)


def test_a_moderator_sees_changes_and_deletes_comments_and_no_more():
    comment = make_comment()
    moderator = staff("view_comment", "change_comment", "delete_comment")
    assert moderator.post(LIST, {"_approve": comment.pk}).status_code == 302
    assert Comment.objects.get().status == "approved"
    assert moderator.get(f"{LIST}add/").status_code == 403
    assert moderator.get("/admin/events/event/").status_code == 403
    page = soup(moderator.get(change_page(comment)))
    [delete] = page.select("a.delete")
    assert moderator.post(delete["href"], {"post": "yes"}).status_code == 302
    assert Comment.objects.count() == 0


def test_who_has_not_signed_in_sees_and_moves_nothing():
    comment = make_comment()
    for path in (LIST, change_page(comment)):
        assert Client().get(path).status_code == 302
        assert Client().post(path, {"_approve": "1", "action": "approve"}).status_code == 302
    assert Comment.objects.get().status == "pending"


def test_a_forged_click_without_its_token_is_refused():
    comment = make_comment()
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("claire"))
    assert client.post(change_page(comment), {"_approve": "1"}).status_code == 403
    assert client.post(LIST, {"action": "approve", "_selected_action": [comment.pk]}).status_code == 403
    assert client.post(LIST, {"_approve": comment.pk}).status_code == 403
    assert client.post(UNDO, {"decision": "x"}).status_code == 403
    assert Comment.objects.get().status == "pending"


def test_a_comment_that_is_gone_leads_back(editor):
    gone = f"{LIST}999999/change/"
    assert editor.get(gone).status_code == 302
    assert editor.post(gone, {"_approve": "1"}).status_code == 302
    assert editor.post(f"{LIST}abc/change/", {"_approve": "1"}).status_code == 302
    for value in ("999999", "abc", "", "9" * 40):
        assert editor.post(LIST, {"_approve": value}).status_code == 302
