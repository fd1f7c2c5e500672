"""The stamp: fetched by the page's script at the first touch of the form."""

import time

import pytest

from comments import stamps
from comments.models import Comment
from comments.stamps import NO_STAMP, Stamp
from omep_site.lib import links
from omep_site.models import Counter
from tests.comments.factories import BROWSER, send
from tests.factories import make_event


@pytest.fixture
def clock(monkeypatch):
    """Stops the time at which stamps are made and read."""
    stopped = [1_700_000_000.0]
    monkeypatch.setattr("time.time", lambda: stopped[0])
    return stopped


def test_a_stamp_says_how_long_ago_it_was_made(clock):
    token = stamps.make(7)
    clock[0] += 2.5
    assert stamps.read(token, 7) == Stamp(seconds=2.5, token=token)


def test_no_two_are_the_same(clock):
    assert stamps.make(7) != stamps.make(7)


@pytest.mark.parametrize("token", ["x", "é", "\x00", "a:b:c", "x" * 10**6, "\ud800"])
def test_what_is_no_stamp_is_only_noted(token):
    assert stamps.read(token, 7) == Stamp(fault="old_stamp")


def test_no_stamp_an_old_one_one_of_another_event_and_one_for_another_purpose_are_only_noted(clock):
    token = stamps.make(7)
    assert stamps.read("", 7) == NO_STAMP == Stamp(fault="no_stamp")
    assert stamps.read(token, 8) == Stamp(fault="old_stamp")
    assert stamps.read(links.sign("comments.waiting", [7, clock[0], "x"]), 7) == Stamp(fault="old_stamp")
    clock[0] += 86_399
    assert stamps.read(token, 7).seconds == 86_399
    clock[0] += 2
    assert stamps.read(token, 7) == Stamp(fault="old_stamp")


def test_a_clock_that_was_set_back_makes_no_negative_time(clock):
    token = stamps.make(7)
    clock[0] -= 60
    assert stamps.read(token, 7).seconds == 0


@pytest.mark.django_db
def test_a_stamp_is_used_up_once_and_nothing_of_it_is_kept_in_clear():
    def use_up(stamp: Stamp) -> bool:
        return stamp.was_used(Counter.add_to_each(stamp.counter()))

    stamp = stamps.read(stamps.make(7), 7)
    assert [use_up(stamp), use_up(stamp), use_up(stamps.read(stamps.make(7), 7))] == [False, True, False]
    assert use_up(NO_STAMP) is False
    assert sorted(Counter.objects.values_list("count", flat=True)) == [1, 2]
    assert not Counter.objects.filter(key__contains=stamp.token[:10]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "path"), [("fr", "/fr/commentaires/horodatage/"), ("en", "/en/comments/stamp/")])
def test_it_is_asked_for_at_an_address_that_nothing_keeps(client, language, path):
    answer = client.get(f"{path}?event=7", headers={"sec-fetch-site": "same-origin"})
    assert (answer.status_code, answer["Content-Type"], answer["X-Robots-Tag"]) == (
        200,
        "text/plain; charset=utf-8",
        "noindex",
    )
    assert "no-store" in answer["Cache-Control"]
    assert stamps.read(answer.content.decode(), 7).seconds < 60
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.parametrize("event", ["", "0x7", "-1", "é", "9" * 19, "7 ", "٧"])
def test_it_is_given_for_a_number_only(client, event):
    assert client.get("/en/comments/stamp/", {"event": event}).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://attack.example"}])
def test_no_other_site_gets_one(client, headers):
    answer = client.get("/en/comments/stamp/?event=7", headers=headers)
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.django_db
def test_it_takes_no_form(visitor):
    assert visitor.post("/en/comments/stamp/?event=7").status_code == 405


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seconds", "codes"),
    [(2, ["too_fast:2", "new_address"]), (3, ["new_address"]), (90_000, ["old_stamp", "new_address"])],
)
def test_a_comment_that_took_less_than_three_seconds_is_worth_a_look(visitor, clock, seconds, codes):
    event = make_event()
    token = stamps.make(event.pk)
    clock[0] += seconds
    assert send(visitor, event, headers=BROWSER, stamp=token).status_code == 303
    assert Comment.objects.get().held_for == codes


@pytest.mark.django_db
def test_one_stamp_for_two_comments_is_noticed_in_the_second(visitor):
    event = make_event()
    token = links.sign(stamps.PURPOSE, [event.pk, time.time() - 60, "x"])
    for words in ("Une fois.", "Deux fois."):
        assert send(visitor, event, headers=BROWSER, stamp=token, body=words).status_code == 303
    kept = Comment.objects.order_by("pk").values_list("held_for", flat=True)
    assert list(kept) == [["new_address"], ["reused", "new_address"]]


@pytest.mark.django_db
def test_a_stamp_that_came_too_often_is_still_good(visitor, clock, rules):
    rules(per_minute=1)
    event = make_event()
    token = stamps.make(event.pk)
    clock[0] += 30
    answers = [send(visitor, event, headers=BROWSER, body="Une fois.").status_code]
    answers += [send(visitor, event, headers=BROWSER, body="Deux fois.", stamp=token).status_code for _ in range(2)]
    clock[0] += 60
    answers.append(send(visitor, event, headers=BROWSER, body="Deux fois.", stamp=token).status_code)
    assert answers == [303, 429, 429, 303]
    assert Comment.objects.latest("pk").held_for == ["new_address"]
