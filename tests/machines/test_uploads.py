"""A file that came to one machine is handed out by both, where they share the folder of uploads."""

import pytest

from tests.admin_forms import form_data
from tests.events.uploads import chosen, image
from tests.machines.conftest import soon
from tests.pages import soup

pytestmark = pytest.mark.own_database
TEXTS = "/admin/pages/sitetexts/1/change/"


def logos(machines) -> list[str | None]:
    """What each machine shows at the top of its home page."""
    found = [soup(page).select_one("header img[src^='/media/']") for page in machines.everywhere("/fr/")]
    return [each and each["src"] for each in found]


def test_a_logo_uploaded_on_one_is_shown_by_both_and_taken_away_by_both(machines):
    first, second = machines.ports
    editor = machines.editor(first)
    assert logos(machines) == [None, None]
    texts = form_data(editor.get(first, TEXTS))
    sent = editor.post(first, TEXTS, texts, {"logo": chosen(image(300, 100), name="logo.png", kind="PNG")})
    assert sent.status == 302
    soon(lambda: all(logos(machines)))

    [address] = set(logos(machines))
    here, there = machines.everywhere(address)
    assert (here.status, there.status) == (200, 200)
    assert (here.content, here.headers["etag"]) == (there.content, there.headers["etag"])

    texts = form_data(editor.get(second, TEXTS)) | {"logo-clear": "on"}
    assert editor.post(second, TEXTS, texts).status == 302
    assert [file.status for file in machines.everywhere(address)] == [404, 404]
    soon(lambda: logos(machines) == [None, None])
