"""A moderator without a mouse, and one on a bus."""

from pathlib import Path

import axe_playwright_python
import pytest
from django.conf import settings
from django.contrib.auth.models import Permission, User
from django.test import Client

from comments.models import Comment
from tests.browser.conftest import PHONE, follow
from tests.comments.factories import make_comment
from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
LIST = "/admin/comments/comment/"
LONG = "\n\n".join(["Nous accueillons soixante-dix enfants de deux à six ans, été comme hiver."] * 20)


@pytest.fixture
def moderator(live_server, new_context):
    """Makes browsers in which a moderator has signed in."""
    user = User.objects.create_user("zoé", password="x", is_staff=True)
    may = ["view_comment", "change_comment", "delete_comment"]
    user.user_permissions.set(Permission.objects.filter(codename__in=may))
    client = Client()
    client.force_login(user)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": client.cookies[settings.SESSION_COOKIE_NAME].value}

    def make(language="fr", **options):
        context = new_context(locale=language, base_url=live_server.url, **options)
        context.add_cookies([cookie | {"url": f"{live_server.url}/admin/"}])
        return context.new_page()

    return make


def three_comments() -> list[Comment]:
    event = make_event(title_fr="Été à Bologne", title_en="Summer in Bologna")
    make_comment(event=event, name="Amélie", status="approved")
    return [
        make_comment(event=event, name="Zoé", body=LONG, parent=Comment.objects.get()),
        make_comment(event=event, name="Émile", body="شكرا جزيلا", held_for=["links:2", "website", "new_address"]),
        make_comment(event=event, name="Noé", website="https://noe.example.org", language="en"),
    ]


def statuses() -> dict[str, str]:
    return dict(Comment.objects.values_list("name", "status"))


def focused(page) -> str:
    return page.locator(":focus").inner_text().strip()


def tab_to(page, words: str, at_most: int = 12) -> None:
    """Presses Tab until something with these words has the focus, which must then be in sight and visible."""
    for _press in range(at_most):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and focused(page) == words:
            break
    assert focused(page) == words
    box, height = page.locator(":focus").bounding_box(), page.viewport_size["height"]
    assert 0 <= box["y"] <= height - box["height"]
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_three_comments_are_decided_and_one_decision_undone_with_the_keyboard_alone(moderator):
    three_comments()
    page = moderator()
    page.goto(LIST)
    page.locator(".who a", has_text="Noé").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, "Aller au contenu principal", at_most=1)
    page.keyboard.press("Enter")
    decided = [("Noé", "Approuver"), ("Émile", "Marquer comme indésirable"), ("Zoé", "Mettre à la corbeille")]
    for name, button in decided:
        assert page.locator("h1 bdi").inner_text() == name
        tab_to(page, button, at_most=6)  # the page opened at its content
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.url.partition("#")[0].endswith(LIST)
    assert statuses() == {"Amélie": "approved", "Noé": "approved", "Émile": "spam", "Zoé": "trash"}

    tab_to(page, "Annuler", at_most=1)  # the first thing in the content
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(".messagelist li").inner_text() == "C’est annulé\xa0: 1 commentaire a repris sa place."
    assert page.locator("h1 bdi").inner_text() == "Zoé"
    assert statuses() == {"Amélie": "approved", "Noé": "approved", "Émile": "spam", "Zoé": "pending"}


def test_in_the_list_the_keyboard_goes_on_at_the_next_row_and_the_undo_stays_in_sight(moderator):
    three_comments()
    page = moderator("en")
    page.goto(LIST)
    page.locator(".who a", has_text="Noé").focus()
    tab_to(page, "Approve")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # from the row that is next: its tick, then its author
    page.keyboard.press("Tab")
    assert focused(page) == "Émile"
    tab_to(page, "Mark as spam")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert statuses() == {"Amélie": "approved", "Noé": "approved", "Émile": "spam", "Zoé": "pending"}
    undo = page.locator("form.undo button").bounding_box()
    assert 0 <= undo["y"] < page.viewport_size["height"]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 900}])
def test_the_pages_fit_their_window_and_axe_finds_nothing_serious(moderator, language, size):
    comments = three_comments()
    page = moderator(language, viewport=size)
    said = []
    page.on("console", lambda message: said.append(message.text))
    one = [f"{LIST}{comment.pk}/change/" for comment in comments]
    for path in (LIST, f"{LIST}?status__exact=all", f"{LIST}?q=zzz&language__exact=fr", *one):
        said.clear()
        page.goto(path, wait_until="networkidle")
        assert (path, said) == (path, [])  # by the policy, say; axe itself then tries what the policy refuses
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
        assert serious(page) == [], path
    follow(page, "button.move")
    assert page.locator("form.undo").count() == 1
    assert serious(page) == []


def serious(page) -> list[tuple]:
    """What axe finds in our part of the page; the header and the side bar are the theme's."""
    page.evaluate(AXE)
    found = page.evaluate("axe.run('main').then(result => result.violations)")
    return [
        (each["id"], [node["html"] for node in each["nodes"]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]


def test_on_a_phone_the_first_comments_buttons_are_large_and_wide_enough_for_a_thumb(moderator):
    [comment, *_others] = three_comments()
    page = moderator(viewport=PHONE)
    for path in (LIST, f"{LIST}{comment.pk}/change/"):
        page.goto(path)
        boxes = [button.bounding_box() for button in page.locator("button.move").all()]
        assert min(min(box["height"], box["width"]) for box in boxes) >= 44
