"""What only a browser shows of a conversation: its shape on a small phone, and the way to a reply by keyboard."""

from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Comment
from events.models import Event
from tests.browser.conftest import follow
from tests.browser.test_visit import LAUNCH
from tests.comments.factories import place

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "Unmotquinefinitpas" * 12
THEN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def talk(site):
    event, parent, made = Event.objects.get(slug_fr=LAUNCH["fr"].split("/")[3]), None, []
    for number in range(3):
        words = {"body": f"{LONG} https://example.org/{LONG}", "name": f"Zoé {number} {LONG[:60]}"}
        parent = place(event, parent=parent, created_at=THEN + timedelta(minutes=number), **words)
        made.append(parent)
    return made


@pytest.mark.parametrize("language", ["fr", "en"])
def test_three_levels_of_long_words_fit_a_phone_of_320_pixels(new_context, site, talk, language):
    page = new_context(viewport={"width": 320, "height": 640}).new_page()
    page.goto(site + LAUNCH[language])

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    boxes = [page.locator(f"#{comment.anchor}").bounding_box() for comment in talk]
    lefts = [box["x"] for box in boxes]
    assert [round(left - lefts[0]) for left in lefts] == [0, 16, 32]
    assert {round(box["x"] + box["width"]) for box in boxes} == {round(lefts[0] + boxes[0]["width"])}
    bodies = [page.locator(f"#{comment.anchor} .comment-body").bounding_box()["width"] for comment in talk]
    assert min(bodies) >= 200
    page.goto(
        f"{site}/{language}/"
        + {"fr": "commentaires/{}/repondre/", "en": "comments/{}/reply/"}[language].format(talk[2].pk)
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_the_keyboard_goes_from_a_comment_to_its_reply_and_sends_it(phone, site, talk):
    Comment.objects.filter(pk=talk[2].pk).update(name="Zoé", body="Qu’en pensez-vous ? https://example.org")
    phone.goto(site + LAUNCH["fr"])
    link = phone.locator(f"#{talk[2].anchor} .reply a").first
    phone.locator(f"#{talk[2].anchor} .comment-body a").focus()
    phone.keyboard.press("Tab")
    assert link.evaluate("link => link === document.activeElement")
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    with phone.expect_navigation():
        phone.keyboard.press("Enter")

    assert phone.locator("h1").inner_text() == "Répondre à Zoé"
    phone.fill("#comment_name", "Émile")
    phone.fill("#comment_email", "emile@example.org")
    phone.fill("#comment_body", "Oui.")
    follow(phone, "#comment-form button")
    assert phone.locator("h1").inner_text() == "Votre commentaire"
    assert list(Comment.objects.filter(status="pending").values_list("name", "parent")) == [("Émile", talk[2].pk)]
    assert phone.context.cookies() == []


def test_the_address_of_a_comment_brings_it_before_ones_eyes(phone, site, talk):
    for number in range(25):
        place(talk[0].event, created_at=THEN + timedelta(hours=1, minutes=number))
    last = place(talk[0].event, name="Dernière", created_at=THEN + timedelta(hours=2))
    phone.goto(f"{site}/fr/commentaires/{last.pk}/")
    assert phone.url == f"{site}{LAUNCH['fr']}?comments=2#{last.anchor}"
    box = phone.locator(f"#{last.anchor}").bounding_box()
    assert -1 <= box["y"] <= 640 - 100
