"""Taking a comment: once, whole, recorded, and by the rules."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError
from django.utils import timezone
from post_office.models import Email

from comments import taking
from comments.facts import EVER
from comments.models import Comment, Move
from comments.views.author import WAITING
from omep_site.lib.links import unsign
from omep_site.models import Counter
from tests.comments.factories import ANSWER, BROWSER, event_path, make_comment, send, stop_the_clock
from tests.comments.test_write_a_comment import errors_in, typed
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def moves() -> list[tuple]:
    return list(Move.objects.order_by("pk").values_list("comment_number", "old", "new", "via", "actor", "reasons"))


def test_how_a_comment_began_is_recorded_with_its_reasons(visitor):
    send(visitor, make_event(), headers=BROWSER)
    assert moves() == [(Comment.objects.get().pk, "", "pending", "policy", "", ["no_stamp", "new_address"])]


def test_a_filled_decoy_loses_nothing_and_is_answered_like_any_other(visitor, settings):
    settings.MODERATORS = ["claire@example.org"]
    event = make_event()
    caught = send(visitor, event, headers=BROWSER, subject="Cheap pills", email="a@example.org")
    assert Email.objects.count() == 0
    genuine = send(visitor, event, headers=BROWSER, email="b@example.org")
    assert Email.objects.count() == 1
    one, other = Comment.objects.order_by("pk")
    assert (one.status, one.body, one.held_for[0]) == ("spam", ANSWER["body"], "decoy")
    assert other.status == "pending"
    assert (caught.status_code, caught.content, set(caught.headers)) == (303, b"", set(genuine.headers))
    pages = [visitor.get(answer["Location"]).content.decode() for answer in (caught, genuine)]
    pages = [re.sub(r"/[\w:-]{40,}/|comment-\d+|datetime=\"[^\"]+\"", "…", page) for page in pages]
    assert pages[0] == pages[1]
    assert moves()[0][1:4] == ("", "spam", "policy")


def test_a_decoy_may_hold_anything(visitor):
    for number, junk in enumerate(["\x00", "é" * 10_000, "\r\nBcc: x", "<script>"]):
        assert send(visitor, make_event(), subject=junk, email=f"{number}@example.org").status_code == 303
    assert set(Comment.objects.values_list("status", flat=True)) == {"spam"}


def test_under_the_rule_that_only_what_is_noticed_waits_a_plain_comment_is_public_at_once(visitor, rules, settings):
    settings.MODERATORS = ["claire@example.org"]
    rules(hold="noticed")
    event = make_event()
    assert "crèches" not in visitor.get(event_path(event)).content.decode()
    answer = send(visitor, event, headers=BROWSER)
    comment = Comment.objects.get()
    assert (comment.status, comment.published_at) == ("approved", comment.created_at)
    assert "crèches" in visitor.get(event_path(event)).content.decode()
    assert "Votre commentaire est publié." in visitor.get(answer["Location"]).content.decode()
    assert Email.objects.count() == 0
    send(visitor, event, headers=BROWSER, body="Voyez https://a.example", email="b@example.org")
    assert Comment.objects.latest("pk").status == "pending"
    assert Email.objects.count() == 1


def test_a_reply_that_is_public_at_once_is_counted_above(visitor, rules):
    rules(hold="noticed")
    parent = make_comment(status="approved")
    send(visitor, parent.event, headers=BROWSER, parent=parent.pk)
    parent.refresh_from_db()
    assert parent.shown_below == 1


# --- The same twice ---------------------------------------------------------------------------------------------------


def test_the_same_form_sent_again_is_one_comment_one_notice_and_one_page(visitor, settings):
    settings.MODERATORS = ["claire@example.org"]
    event = make_event()
    first = send(visitor, event, headers=BROWSER)
    second = send(visitor, event, headers=BROWSER, email="ZOE.Lefevre@Example.org")
    assert (second.status_code, second["Location"].split("/")[:3]) == (303, ["", "fr", "commentaires"])
    assert visitor.get(second["Location"]).content == visitor.get(first["Location"]).content.replace(
        first["Location"].encode(), second["Location"].encode()
    ).replace(*[path.rsplit("/", 2)[1].encode() for path in (first["Location"], second["Location"])])
    assert (Comment.objects.count(), Email.objects.count(), len(moves())) == (1, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"email": "autre@example.org"},
        {"body": "Merci d’avoir pensé aux creches !\nÀ bientôt."},  # a correction is not a repetition
    ],
)
def test_another_address_and_other_words_are_another_comment(visitor, other):
    event = make_event()
    send(visitor, event)
    send(visitor, event, **other)
    assert Comment.objects.count() == 2


def test_the_same_words_on_another_event_and_to_another_comment_are_another_comment(visitor):
    parent = make_comment(status="approved", email="noe@example.org")
    send(visitor, parent.event)
    send(visitor, parent.event, parent=parent.pk)
    send(visitor, make_event())
    assert Comment.objects.exclude(pk=parent.pk).count() == 3


def opened_by(answer) -> Comment:
    """The comment whose author's page it leads to: in the address is the second in which it was written."""
    token = answer["Location"].rstrip("/").rpartition("/")[2]
    return Comment.objects.get(pk=unsign(WAITING, token, timedelta(minutes=5)))


def test_from_another_network_the_same_form_opens_another_page_than_its_authors(visitor, settings):
    settings.TRUSTED_PROXIES = 1
    event = make_event()
    send(visitor, event, headers=BROWSER | {"x-forwarded-for": "203.0.113.7"})
    other = send(visitor, event, headers=BROWSER | {"x-forwarded-for": "198.51.100.7"})
    first, second = Comment.objects.order_by("pk")
    assert (opened_by(other), "repeated" in second.held_for) == (second, True)
    again = send(visitor, event, headers=BROWSER | {"x-forwarded-for": "203.0.113.200"})
    assert (opened_by(again), Comment.objects.count()) == (first, 2)


def test_a_second_thank_you_next_week_is_welcome(visitor, rules):
    rules(repeat_minutes=10)
    event = make_event()
    send(visitor, event, body="Merci !")
    Comment.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    send(visitor, event, body="Merci !", headers=BROWSER)
    assert Comment.objects.count() == 2
    assert "repeated" not in Comment.objects.latest("pk").held_for


def test_what_its_author_took_back_can_be_sent_again(visitor):
    event = make_event()
    send(visitor, event)
    assert Comment.objects.get().withdraw()
    send(visitor, event)
    assert list(Comment.objects.order_by("pk").values_list("status", flat=True)) == ["trash", "pending"]


# --- Closed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Les commentaires sur cet événement sont fermés depuis le lundi 1er mars 2021."),
        ("en", "Comments on this event have been closed since Monday 1 March 2021."),
    ],
)
def test_an_event_that_closed_by_the_clock_says_since_when_and_keeps_the_words(visitor, rules, language, sentence):
    ended = datetime(2021, 2, 19, 18, tzinfo=ZoneInfo("Europe/Paris"))
    event = make_event(starts_at=ended - timedelta(hours=1), ends_at=ended)
    rules(event=event, opening="days", closes_after=10)
    answer = send(visitor, event, language)
    assert answer.status_code == 422
    assert [re.sub("[\xa0\u202f]", " ", error) for error in errors_in(answer)] == [sentence]
    assert typed(answer) == ANSWER
    assert Comment.objects.count() == 0


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Les commentaires sur cet événement sont fermés."),
        ("en", "Comments on this event are closed."),
    ],
)
def test_an_event_that_an_editor_closed_says_so(visitor, rules, language, sentence):
    event = make_event()
    rules(event=event, opening="closed")
    answer = send(visitor, event, language, name="")
    assert (answer.status_code, errors_in(answer)[0]) == (422, sentence)


# --- What it answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["trash", "mark_spam", "restore", "erase"])
def test_what_is_answered_and_goes_while_the_answer_is_stored_leaves_the_words_in_the_form(visitor, monkeypatch, verb):
    parent = make_comment(status="approved")
    hold = taking.hold

    def gone_meanwhile(comment):
        getattr(comment, verb)()
        hold(comment)

    monkeypatch.setattr(taking, "hold", gone_meanwhile)
    answer = send(visitor, parent.event, "en", parent=parent.pk)
    assert answer.status_code == 422
    assert errors_in(answer) == [
        "The comment that you reply to is not on this page. Send yours again: it will stand on its own."
    ]
    assert typed(answer) == ANSWER
    assert Comment.objects.exclude(pk=parent.pk).count() == 0


def test_a_try_that_came_too_late_for_what_it_answers_is_counted(visitor, rules, monkeypatch):
    rules(per_minute=1)
    stop_the_clock(monkeypatch)
    parent = make_comment(status="approved")

    def gone(comment):
        raise taking.ParentGone

    monkeypatch.setattr(taking, "hold", gone)
    answers = [send(visitor, parent.event, parent=parent.pk), send(visitor, parent.event)]
    assert [answer.status_code for answer in answers] == [422, 429]
    assert set(Counter.objects.values_list("count", flat=True)) == {2}


def test_an_event_that_goes_or_closes_while_the_form_is_read_takes_nothing_and_counts_nothing(
    visitor, rules, monkeypatch
):
    gone, closing = make_event(), make_event()
    known_about = taking.known_about

    def meanwhile(sent, in_force):
        gone.withdraw()
        answer = known_about(sent, in_force)
        return replace(answer, place=replace(answer.place, ends_at=EVER)) if answer else None

    monkeypatch.setattr(taking, "known_about", meanwhile)
    rules(event=closing, opening="days", closes_after=1)
    assert [send(visitor, event).status_code for event in (gone, closing)] == [404, 422]
    assert (Comment.objects.count(), Counter.objects.count()) == (0, 0)


def test_an_event_that_is_deleted_while_the_comment_is_stored_is_not_found(visitor, monkeypatch):
    event = make_event()

    def deleted_meanwhile(*args, **kwargs):
        event.delete()
        raise IntegrityError

    monkeypatch.setattr("comments.views.writing.take", deleted_meanwhile)
    assert send(visitor, event).status_code == 404


def test_a_fault_of_the_database_that_is_none_of_these_is_not_hidden(visitor, monkeypatch):
    def fail(*args, **kwargs):
        raise IntegrityError

    monkeypatch.setattr("comments.views.writing.take", fail)
    with pytest.raises(IntegrityError):
        send(visitor, make_event())
