"""Two workers send what was asked for on any machine: nobody twice, nobody lost."""

import time

import pytest

from tests.admin_forms import form_data
from tests.machines.browser import filled
from tests.machines.conftest import READERS, soon

pytestmark = pytest.mark.own_database
ROUNDS = 2.5  # seconds in which an idle worker looks more than twice for what is to do
ADD = "/admin/newsletter/issue/add/"


def send_a_letter(machines, number: int) -> int:
    """Written, checked and sent off by an editor whom the proxy sends to and fro; returns its number."""
    first, second = machines.ports
    editor = machines.editor(first)
    letter = form_data(editor.get(second, ADD)) | {
        "subject_fr": f"La lettre {number}",
        "subject_en": f"The letter {number}",
        "body_fr": "<p>Bonjour à toutes et à tous.</p>",
        "body_en": "<p>Good day to you all.</p>",
    }
    assert editor.post(first, ADD, letter).status == 302
    [(pk,)] = machines.rows("SELECT id FROM newsletter_issue WHERE subject_fr = %s", letter["subject_fr"])
    check = f"/admin/newsletter/issue/{pk}/go-out/"
    assert editor.post(second, check, {"now": "yes", **editor.token(first, check)}).status == 302
    return pk


def is_over(machines, pk: int) -> bool:
    return machines.rows("SELECT status FROM newsletter_issue WHERE id = %s", pk) == [("sent",)]


def stands(machines, pk: int) -> dict[str, int]:
    counted = "SELECT status, count(*) FROM newsletter_delivery WHERE issue_id = %s GROUP BY status"
    return dict(machines.rows(counted, pk))


def everybody() -> list[str]:
    return sorted(f"{language}{number}@example.org" for language in ("fr", "en") for number in range(READERS // 2))


def test_a_letter_that_two_workers_send_reaches_each_reader_once_in_their_language(machines, post):
    post.holds = lambda: len(post.seen) < 2  # so that the first cannot do it all before the second looks
    pk = send_a_letter(machines, 1)
    soon(lambda: is_over(machines, pk))

    assert (post.readers(), stands(machines, pk)) == (everybody(), {"sent": READERS})
    assert {(letter.readers[0][:2], letter.message["Subject"]) for letter in post.taken} == {
        ("fr", "La lettre 1"),
        ("en", "The letter 1"),
    }


def test_a_worker_killed_in_the_middle_leaves_one_letter_in_doubt_and_the_other_goes_on(machines, post):
    post.holds = lambda: len(post.seen) < 2 or len(post.taken) >= READERS // 4
    pk = send_a_letter(machines, 2)
    soon(lambda: len(post.waiting) == 2 and len(post.taken) >= READERS // 4)  # each is in the middle of a letter
    killed = machines.workers.pop(0)
    killed.popen.kill()
    killed.popen.wait()
    post.holds = bool
    soon(lambda: is_over(machines, pk))
    machines.start_worker()

    assert (post.readers(), stands(machines, pk)) == (everybody(), {"sent": READERS - 1, "uncertain": 1})


def test_a_mail_in_the_queue_is_delivered_once_though_two_workers_look_for_it(machines, post):
    post.holds = lambda: True
    addresses = [f"nouvelle{number}@example.org" for number in range(6)]
    for number, address in enumerate(addresses):
        visitor, port = machines.visitor(), machines.ports[number % 2]
        form = visitor.get(port, "/fr/").form("#newsletter-form")
        assert visitor.post(port, form["action"], filled(form, email=address)).status == 303
    soon(lambda: post.waiting)
    time.sleep(ROUNDS)
    post.holds = bool
    soon(lambda: machines.rows("SELECT count(*) FROM post_office_email WHERE status <> 0") == [(0,)])

    assert post.readers() == addresses
