import pytest
from django.contrib.auth.models import User
from django.test import Client

from comments.models import Comment, Move
from tests.comments.factories import event_path, make_comment
from tests.comments.test_moderate_in_admin import LIST, UNDO, change_page, messages_in, run
from tests.factories import make_event
from tests.pages import soup

pytestmark = pytest.mark.django_db


def decision(answer) -> dict:
    """What the “Undo” of a page sends."""
    [form] = soup(answer).select(f"form.undo[action='{UNDO}'][method=post]")
    return {"decision": form.button["value"]}


def statuses() -> list[str]:
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


@pytest.mark.parametrize("old", ["approved", "spam", "trash"])
def test_undo_puts_one_comment_back_shows_its_page_and_logs_it(editor, old):
    comment = make_comment(status=old)
    answer = editor.post(change_page(comment), {"_restore": "1"}, follow=True)
    undone = editor.post(UNDO, decision(answer), follow=True)
    assert undone.redirect_chain == [(change_page(comment), 302)]
    assert messages_in(undone) == ["Undone: 1 comment is where it was before."]
    assert statuses() == [old]
    log = Move.objects.of(comment).values_list("old", "new", "via", "actor")
    assert list(log) == [(old, "pending", "admin", "claire"), ("pending", old, "admin", "claire")]


def test_undo_speaks_french(editor):
    comments = [make_comment(), make_comment()]
    answer = run(editor, "approve", comments, "fr")
    Comment.objects.filter(pk=comments[0].pk).delete()
    undone = editor.post(UNDO, decision(answer), follow=True, headers={"accept-language": "fr"})
    assert messages_in(undone) == [
        "C’est annulé : 1 commentaire a repris sa place.",
        "1 commentaire reste où il est : quelqu’un l’a déplacé ou supprimé depuis.",
    ]
    again = editor.post(UNDO, decision(answer), follow=True, headers={"accept-language": "fr"})
    assert messages_in(again) == ["Il n’y a plus rien à annuler."]


def test_undo_puts_many_back_where_each_was(editor):
    event = make_event()
    before = ["pending", "approved", "spam", "trash", "pending"]
    comments = [make_comment(event=event, status=status) for status in before]
    path = f"{LIST}?status__exact=all"
    data = {"action": "trash", "_selected_action": [comment.pk for comment in comments[:4]], "index": "0"}
    answer = editor.post(path, data, follow=True)
    assert statuses() == ["trash", "trash", "trash", "trash", "pending"]
    undone = editor.post(UNDO, decision(answer), follow=True)
    assert undone.redirect_chain == [(path, 302)]
    assert messages_in(undone) == ["Undone: 3 comments are where they were before."]
    assert statuses() == before


def test_the_state_before_is_the_databases_not_the_pages(editor):
    comment = make_comment(status="pending")
    editor.get(change_page(comment))
    Comment.objects.get().mark_spam()  # a colleague, meanwhile
    answer = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    editor.post(UNDO, decision(answer))
    assert statuses() == ["spam"]


def test_what_a_colleague_moved_since_stays(editor):
    comments = [make_comment(), make_comment()]
    answer = run(editor, "approve", comments)
    colleague = Comment.objects.get(pk=comments[0].pk)
    colleague.trash()
    colleague.approve()
    undone = editor.post(UNDO, decision(answer), follow=True)
    assert messages_in(undone) == [
        "Undone: 1 comment is where it was before.",
        "1 comment stays where it is: somebody has moved or deleted it since.",
    ]
    assert statuses() == ["approved", "pending"]


def test_undoing_twice_is_harmless(editor):
    comment = make_comment()
    sent = decision(editor.post(change_page(comment), {"_approve": "1"}, follow=True))
    editor.post(UNDO, sent, follow=True)
    log = Move.objects.count()
    again = editor.post(UNDO, sent, follow=True)
    assert messages_in(again) == ["There is nothing left to undo."]
    assert (statuses(), Move.objects.count()) == (["pending"], log)


def test_undo_shows_and_hides_in_public_at_once(editor):
    comment = make_comment()
    page, mark = event_path(comment.event), f'id="comment-{comment.pk}"'
    answer = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    assert mark in Client().get(page).content.decode()
    editor.post(UNDO, decision(answer))
    assert mark not in Client().get(page).content.decode()


def test_each_window_undoes_its_own_decision(editor):
    first, second = make_comment(), make_comment()
    in_one = decision(editor.post(change_page(first), {"_approve": "1"}, follow=True))
    in_two = decision(editor.post(change_page(second), {"_trash": "1"}, follow=True))
    editor.post(UNDO, in_one)
    assert statuses() == ["pending", "trash"]
    editor.post(UNDO, in_two)
    assert statuses() == ["pending", "pending"]


def test_the_last_ten_decisions_are_kept(editor):
    sent = [decision(editor.post(change_page(make_comment()), {"_approve": "1"}, follow=True)) for _number in range(11)]
    assert messages_in(editor.post(UNDO, sent[0], follow=True)) == ["There is nothing left to undo."]
    editor.post(UNDO, sent[1])
    assert statuses() == ["approved", "pending", *["approved"] * 9]


def test_nobody_undoes_somebody_elses_decision(editor):
    answer = editor.post(change_page(make_comment()), {"_approve": "1"}, follow=True)
    other = Client(headers={"accept-language": "en"})
    other.force_login(User.objects.create_superuser("noé"))
    assert messages_in(other.post(UNDO, decision(answer), follow=True)) == ["There is nothing left to undo."]
    assert statuses() == ["approved"]


def test_what_nothing_happened_to_offers_no_undo(editor):
    comment = make_comment(status="approved")
    answer = editor.post(change_page(comment), {"_approve": "1"}, follow=True)
    assert soup(answer).select("form.undo") == []


def test_reading_the_address_of_undo_leads_to_the_list(editor):
    answer = editor.get(UNDO)
    assert (answer.status_code, answer["Location"]) == (302, LIST)
