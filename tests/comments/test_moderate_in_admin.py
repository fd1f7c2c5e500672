import pytest
from bs4 import BeautifulSoup
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from comments.models import Comment
from omep_site.lib import public
from tests.comments.factories import event_path, make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"


def change_page(comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def run(client, action, comments, language="en"):
    data = {"action": action, "_selected_action": [comment.pk for comment in comments]}
    return client.post(LIST, data, follow=True, headers={"accept-language": language})


def messages_in(answer) -> list[str]:
    page = BeautifulSoup(answer.content.decode(), "html.parser")
    return [item.get_text().strip() for item in page.select(".messagelist li")]


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
    assert messages_in(run(editor, action, comments, language)) == [moved, unmoved]
    assert [Comment.objects.get(pk=comment.pk).status for comment in comments] == [status] * 3
    assert Comment.objects.get(pk=untouched.pk).status == others[0]


def test_the_four_actions_are_named_and_labelled_in_both_languages(editor):
    make_comment()
    labels = {
        "en": ["Approve", "Mark as spam", "Move to the trash", "Let it wait again"],
        "fr": ["Approuver", "Marquer comme indésirable", "Mettre à la corbeille", "Remettre en attente"],
    }
    for language, expected in labels.items():
        page = BeautifulSoup(editor.get(LIST, headers={"accept-language": language}).content.decode(), "html.parser")
        options = {option["value"]: option.get_text() for option in page.select("select[name=action] option")}
        names = ["approve", "mark_spam", "trash", "restore"]
        assert [options[name] for name in names] == expected


@pytest.mark.parametrize(
    ("verb", "status", "label"),
    [
        ("approve", "approved", "Approve"),
        ("mark_spam", "spam", "Mark as spam"),
        ("trash", "trash", "Move to the trash"),
        ("restore", "pending", "Let it wait again"),
    ],
)
def test_a_button_on_the_page_of_a_comment_moves_it_and_logs_the_verb_only(editor, verb, status, label):
    old = "spam" if status == "pending" else "pending"
    comment = make_comment(name="Zoé", email="zoe@example.org", body="contenu", status=old)
    answer = editor.post(change_page(comment), {f"_{verb}": "1"}, follow=True)
    assert answer.redirect_chain == [(change_page(comment), 302)]
    comment.refresh_from_db()
    assert comment.status == status
    entry = LogEntry.objects.get()
    assert (entry.get_change_message(), entry.object_id) == (label, str(comment.pk))
    assert "zoe@example.org" not in entry.object_repr + entry.change_message
    assert "contenu" not in entry.object_repr + entry.change_message


def test_the_page_of_a_comment_offers_the_moves_that_change_something(editor):
    comment = make_comment(status="approved", body="Tout le texte, " + "très long, " * 100)
    page = BeautifulSoup(editor.get(change_page(comment)).content.decode(), "html.parser")
    assert [button["name"] for button in page.select(".submit-row input")] == ["_mark_spam", "_trash", "_restore"]
    assert (
        page.select(
            "#comment_form input:not([type=hidden], [type=submit]), #comment_form textarea, #comment_form select"
        )
        == []
    )
    assert comment.body.strip() in page.get_text()
    assert comment.email in page.get_text()


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
    assert messages_in(first) == ["1 comment is now approved."]
    answer = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    assert messages_in(answer) == ["1 comment was approved already."]
    assert LogEntry.objects.count() == 1


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
    page = BeautifulSoup(reader.get(change_page(comment)).content.decode(), "html.parser")
    assert page.select(".submit-row input") == []
    assert reader.post(change_page(comment), {"_approve": "1"}).status_code == 403
    run(reader, "approve", [comment])
    assert Comment.objects.get().status == "pending"


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
    assert Comment.objects.get().status == "pending"


def test_a_comment_that_is_gone_leads_back(editor):
    gone = f"{LIST}999999/change/"
    assert editor.get(gone).status_code == 302
    assert editor.post(gone, {"_approve": "1"}).status_code == 302
    assert editor.post(f"{LIST}abc/change/", {"_approve": "1"}).status_code == 302


@pytest.mark.parametrize("sought", ["Lefèvre", "zoe.lefevre@", "crèches"])
def test_comments_are_found_by_name_address_and_words(editor, sought):
    found = make_comment(body="Merci pour les crèches")
    make_comment(event=found.event, name="Émile", email="emile@example.org", body="Bonjour")
    page = BeautifulSoup(editor.get(LIST, {"q": sought}).content.decode(), "html.parser")
    assert [box["value"] for box in page.select("input[name=_selected_action]")] == [str(found.pk)]


def test_the_list_shows_all_states_and_an_excerpt_on_one_line(editor):
    event = make_event()
    for status in Comment.Status:
        make_comment(event=event, status=status, body="<b>Première</b>\nligne " + "x" * 200)
    html = editor.get(LIST).content.decode()
    assert html.count("_selected_action") >= 4
    excerpt = ("<b>Première</b> ligne " + "x" * 200)[:79] + "…"
    assert html.count(escape(excerpt)) == 4


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_list_asks_the_same_queries_with_1_and_with_30_comments(editor, django_assert_num_queries, language):
    event = make_event()
    make_comment(event=event)
    public.forget_version()
    with django_assert_num_queries(ADMIN_LIST):
        editor.get(LIST, headers={"accept-language": language})
    for _ in range(29):
        make_comment(event=event)
    public.forget_version()
    with django_assert_num_queries(ADMIN_LIST):
        assert editor.get(LIST, headers={"accept-language": language}).content.count(b'name="_selected_action"') == 30


ADMIN_LIST = 7  # version, session, user, the count twice, the events to filter by, the comments with their events
