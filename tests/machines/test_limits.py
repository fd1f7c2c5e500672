"""Limits count what comes to any machine."""

import time
from collections import Counter
from multiprocessing.pool import ThreadPool

import pytest

from tests.machines.browser import filled
from tests.machines.inside import PASSWORD

pytestmark = pytest.mark.own_database
PAGE = "/en/events/the-launch/"
ENOUGH = 10  # seconds for what is to happen in one window of a limit


def stay_within(window: int) -> None:
    """Waits for the next window of so many seconds, where this one is nearly over."""
    left = window - time.time() % window
    if left < ENOUGH:
        time.sleep(left + 0.1)


def comments(visitor, port, count) -> list:
    """Calls that each send one comment, by turns to every machine."""
    form = visitor.get(port, PAGE).form("#comment-form")

    def send(number, port):
        answers = {"name": "Ana", "email": "ana@example.org", "body": f"{visitor.address}: {number}"}
        return visitor.post(port, form["action"], filled(form, **answers))

    return [lambda port, number=number: send(number, port) for number in range(count)]


def test_the_sixth_comment_in_a_minute_is_refused_whichever_machine_each_was_sent_to(machines):
    visitor = machines.visitor()
    calls = comments(visitor, machines.ports[0], 7)
    stay_within(60)
    answers = [call(machines.ports[number % 2]) for number, call in enumerate(calls)]

    assert [answer.status for answer in answers] == [303] * 5 + [429] * 2
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].form("textarea[name=body]").get_text().strip() == f"{visitor.address}: 6"


def test_many_at_once_are_counted_together_under_one_key(machines):
    visitor = machines.visitor()
    calls = comments(visitor, machines.ports[0], 12)
    stay_within(60)
    with ThreadPool(len(calls)) as pool:
        sent = pool.starmap(lambda number, call: call(machines.ports[number % 2]).status, enumerate(calls), chunksize=1)

    assert Counter(sent) == {303: 5, 429: 7}
    assert machines.rows("SELECT count(*) FROM omep_site_dailykey") == [(1,)]


def test_wrong_passwords_are_counted_together_and_lock_both_machines(machines):
    guesser = machines.visitor()
    stay_within(900)
    tries = [guesser.sign_in(machines.ports[number % 2], "claire", "faux").status for number in range(5)]

    assert tries == [200, 200, 200, 200, 429]
    assert [guesser.sign_in(port, "claire", PASSWORD).status for port in machines.ports] == [429, 429]
    assert [machines.visitor().sign_in(port, "claire", PASSWORD).status for port in machines.ports] == [302, 302]
