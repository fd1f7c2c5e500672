"""What is done on one machine is seen on the other; a browser notices no difference between them."""

import time

import pytest

from tests.machines.browser import filled, path_of
from tests.machines.conftest import soon
from tests.pages import soup, words

pytestmark = pytest.mark.own_database
PAGES = ["/fr/evenements/le-lancement/", "/en/events/the-launch/"]
LIST = "/admin/comments/comment/"


def write(machines, port, name, body):
    """A visitor's comment; returns its number."""
    visitor, page = machines.visitor(), "/fr/evenements/le-lancement/"
    form = visitor.get(port, page).form("#comment-form")
    email = f"{name.lower()}@example.org"
    sent = visitor.post(port, form["action"], filled(form, name=name, email=email, body=body))
    assert sent.status == 303
    return machines.rows("SELECT id FROM comments_comment WHERE email = %s", email)[0][0]


def shown(machines, body) -> list[bool]:
    """Whether each page of each machine has the comment."""
    return [body in words(soup(page)) for page in machines.everywhere(*PAGES)]


def decide(editor, port, verb, pk):
    sent = editor.post(port, LIST, {"action": verb, "_selected_action": pk, **editor.token(port, LIST)})
    assert sent.status == 302


def test_a_page_is_the_same_on_both_so_that_a_browser_need_not_load_it_again(machines):
    for path in (*PAGES, "/fr/", "/sitemap.xml"):
        first, second = machines.everywhere(path)
        assert (first.status, first.content, first.headers["etag"]) == (200, second.content, second.headers["etag"])
        again = machines.visitor().get(machines.ports[1], path, if_none_match=first.headers["etag"])
        assert (again.status, again.content) == (304, b"")


def test_both_hand_out_the_static_files_that_their_pages_name(machines):
    """They began at once, with nothing collected, in one folder."""
    pages = machines.everywhere("/fr/")
    addresses = {link["href"] for page in pages for link in soup(page).select("link[rel=stylesheet]")}
    assert addresses
    files = machines.everywhere(*addresses)
    assert {file.status for file in files} == {200}
    assert len({file.content for file in files}) == len(addresses)


def test_a_comment_approved_on_one_is_read_on_the_other_and_put_into_the_trash_there_is_gone_from_both(machines):
    first, second = machines.ports
    pk = write(machines, second, "Yann", "Merci aux crèches.")
    editor = machines.editor(first)
    assert shown(machines, "Merci aux crèches.") == [False] * 4

    decide(editor, first, "approve", pk)
    soon(lambda: all(shown(machines, "Merci aux crèches.")))

    decide(editor, second, "trash", pk)  # the session of the one holds on the other
    soon(lambda: not any(shown(machines, "Merci aux crèches.")))


def test_the_link_in_a_moderators_mail_works_on_whichever_machine_it_is_opened(machines, post):
    first, second = machines.ports
    write(machines, first, "Noor", "Et les crèches rurales, alors ?")
    mail = soon(lambda: [each for each in post.taken if each.readers == ["anna@example.org"]])[0]
    text = mail.message.get_content()
    path = path_of(next(word for word in text.split() if word.startswith(f"http://{machines.host}/")))

    moderator = machines.visitor()
    form = moderator.get(second, path).form("main form[method=post]")
    assert moderator.post(second, form.get("action") or path, filled(form)).status == 200
    soon(lambda: all(shown(machines, "Et les crèches rurales, alors ?")))
    assert moderator.get(first, path).form("main form[method=post]") is None  # done already


def test_a_scheduled_event_becomes_public_on_both_at_its_moment(machines):
    pages = ["/fr/evenements/la-suite/", "/en/events/the-sequel/"]
    lists = ["/fr/evenements/", "/en/events/"]
    at = float(machines.inside("schedule(3)"))
    looks = []

    def is_there() -> bool:
        """On every page; what was seen of it is noted with the moment at which the last answer was there."""
        events = [each.status == 200 for each in machines.everywhere(*pages)]
        named = [
            b"/la-suite/" in each.content or b"/the-sequel/" in each.content for each in machines.everywhere(*lists)
        ]
        looks.append((time.time(), events + named))
        return all(events + named)

    soon(is_there)
    assert [found for moment, found in looks if moment < at and any(found)] == []
