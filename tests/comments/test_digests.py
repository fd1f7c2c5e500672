"""Hourly and daily digests for moderators."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone
from post_office.models import Email

from comments import digests
from comments.models import Comment, ModeratorChoice
from omep_site.worker import Worker
from tests.accounts.factories import make_account
from tests.comments.factories import make_comment
from tests.factories import make_event

NOW = timezone.now()


def make_reader(when: str, username="zoé", language="en", **fields):
    user = make_account("moderator", username=username, language=language, **{"email": f"{when}@example.org"} | fields)
    ModeratorChoice.choose(user, when)
    return user


def waiting(ago: timedelta, **fields) -> Comment:
    """A comment that waits since then."""
    comment = make_comment(**fields)
    Comment.objects.filter(pk=comment.pk).update(created_at=NOW - ago, updated_at=NOW - ago)
    return comment


def told() -> list[str]:
    return [mail.to[0] for mail in Email.objects.order_by("pk")]


MAIL = {
    "en": (
        "OMEP: 2 comments are waiting",
        """\
Read and decide here:
https://events.example.org/admin/comments/comment/?status__exact=pending

New since you were told last:

Noé, about “Summer”
> Voyez https://piege.example.com !

Zoé Lefèvre, about “Summer”
> {words} …

You receive this message because you chose to be told of comments on https://events.example.org. You can choose \
otherwise here:
https://events.example.org/admin/comments/comment/told/
""",
    ),
    "fr": (
        "OMEP\xa0: 2 commentaires en attente",
        """\
Lisez et décidez ici\xa0:
https://events.example.org/admin/comments/comment/?status__exact=pending

Depuis le dernier message\xa0:

Noé, à propos de «\u202fÉté\u202f»
> Voyez https://piege.example.com !

Zoé Lefèvre, à propos de «\u202fÉté\u202f»
> {words} …

Vous recevez ce message parce que vous avez choisi d’être au courant des commentaires sur https://events.example.org. \
Vous pouvez en décider autrement ici\xa0:
https://events.example.org/admin/comments/comment/told/
""",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_digest_says_how_many_wait_and_the_first_words_of_what_is_new(language):
    make_reader("daily", language=language)
    event = make_event(title_fr="Été", title_en="Summer")
    first = waiting(timedelta(hours=3), event=event, body="crèche " * 100)
    second = waiting(timedelta(hours=2), event=event, name="Noé", body="Voyez\nhttps://piege.example.com !")
    waiting(timedelta(hours=1), event=event, name="Émile", status="spam")
    assert digests.tell_due(NOW) == 1

    mail = Email.objects.get()
    message = mail.email_message()
    subject, body = MAIL[language]
    assert (message.subject, message.body) == (subject, body.format(words=("crèche " * 28).strip()))
    assert message.to == ["daily@example.org"]
    assert mail.headers["X-About"] == f"comment-{second.pk} comment-{first.pk}"
    assert mail.headers["X-Mail-Kind"] == "comments_waiting_digest"
    assert "zoe.lefevre@example.org" not in message.message().as_string()


@pytest.mark.django_db
def test_ten_are_named_and_all_are_counted():
    make_reader("hourly")
    event = make_event()
    for number in range(12):
        waiting(timedelta(minutes=10 + number), event=event, name=f"Zoé {number}")
    digests.tell_due(NOW)
    message = Email.objects.get().email_message()
    assert message.subject == "OMEP: 12 comments are waiting"
    assert [f"Zoé {number}, about" in message.body for number in range(12)] == [True] * 10 + [False] * 2


# How long ago they were told last, and since when the newest comment waits.
DUE = [
    ("hourly", None, timedelta(days=3), True),
    ("hourly", timedelta(minutes=59), timedelta(minutes=5), False),
    ("hourly", timedelta(minutes=62), timedelta(minutes=5), True),
    ("hourly", timedelta(minutes=62), timedelta(hours=2), False),  # they know of it
    ("hourly", timedelta(minutes=62), timedelta(seconds=30), False),  # it may not be there whole: next time
    ("daily", None, timedelta(minutes=5), True),
    ("daily", timedelta(hours=23), timedelta(minutes=5), False),
    ("daily", timedelta(hours=25), timedelta(minutes=5), True),
    ("daily", timedelta(days=9), timedelta(days=10), False),
    ("never", None, timedelta(hours=1), False),
    ("at_once", None, timedelta(hours=1), False),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("when", "told_ago", "waits_since", "is_due"), DUE)
def test_a_digest_comes_when_its_pause_is_over_and_something_new_waits(when, told_ago, waits_since, is_due):
    make_reader(when)
    ModeratorChoice.objects.update(told_at=told_ago and NOW - told_ago)
    waiting(waits_since)
    assert digests.tell_due(NOW) == int(is_due)
    assert told() == [f"{when}@example.org"] * is_due


@pytest.mark.django_db
def test_the_next_digest_begins_where_the_last_one_ended():
    make_reader("hourly")
    event = make_event()
    waiting(timedelta(minutes=5), event=event, name="Zoé")
    waiting(timedelta(seconds=30), event=event, name="Noé")  # not in the first, and not lost
    assert [digests.tell_due(NOW), digests.tell_due(NOW), digests.tell_due(NOW + timedelta(minutes=62))] == [1, 0, 1]
    first, second = [mail.email_message().body for mail in Email.objects.order_by("pk")]
    assert [("Zoé, about" in body, "Noé, about" in body) for body in (first, second)] == [(True, False), (False, True)]


@pytest.mark.django_db
def test_who_may_not_decide_any_more_gets_no_digest():
    for username, fields in (("a", {"is_active": False}), ("b", {"email": ""}), ("c", {"is_staff": False})):
        make_reader("daily", username=username, **fields)
    reader = make_reader("daily", username="d")
    reader.groups.clear()
    waiting(timedelta(hours=1))
    assert (digests.tell_due(NOW), told()) == (0, [])


@pytest.mark.django_db
def test_a_round_that_finds_nothing_asks_two_queries_whoever_wants_digests(django_assert_num_queries):
    for number in range(5):
        make_reader("daily", username=f"zoé-{number}", email=f"z{number}@example.org")
    waiting(timedelta(hours=1))
    assert digests.tell_due(NOW) == 5
    with django_assert_num_queries(2):
        assert digests.tell_due(NOW) == 0


@pytest.mark.django_db
def test_the_worker_writes_digests(monkeypatch):
    make_reader("daily")
    waiting(timedelta(hours=1))
    monkeypatch.setattr("omep_site.worker.close_old_connections", lambda: None)
    monkeypatch.setattr("omep_site.worker.mail.deliver_due", lambda: 0)
    assert (Worker().round(), told()) == (True, ["daily@example.org"])


def test_two_workers_at_once_write_each_digest_once(at_once):
    for number in range(3):
        make_reader("daily", username=f"zoé-{number}", email=f"z{number}@example.org")
    waiting(timedelta(hours=1))
    together = threading.Barrier(2)

    def work():
        together.wait(30)
        written = digests.tell_due(NOW)
        together.wait(30)
        return written, sorted(told())

    answers = at_once(work, 2)
    assert sum(written for written, _told in answers) == 3
    assert [told for _written, told in answers] == [["z0@example.org", "z1@example.org", "z2@example.org"]] * 2
