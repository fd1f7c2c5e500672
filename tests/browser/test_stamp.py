"""The stamp of the comments' form: fetched at the first touch, sent with the words, and gone afterwards."""

from playwright.sync_api import expect

from comments.models import Comment, Policy
from comments.stamps import read
from tests.browser.conftest import PHONE, follow
from tests.browser.test_visit import LAUNCH
from tests.comments.factories import ANSWER


def fill(page, body: str = ANSWER["body"]):
    page.fill("[name=name]", ANSWER["name"])
    page.fill("#comment-form [name=email]", ANSWER["email"])
    page.fill("[name=body]", body)


def stamp_of(page) -> str:
    return page.input_value("[name=stamp]")


def touch(page, answers: str):
    """Touch the form, and wait for the stamp. (`wait_for_function` evaluates text, which the page's policy forbids.)"""
    with page.expect_response(answers):
        page.focus("[name=name]")
    expect(page.locator("[name=stamp]")).not_to_have_value("")


def test_the_page_asks_at_the_first_touch_of_the_form_and_once(new_context, site):
    page, asked = new_context(viewport=PHONE).new_page(), []
    page.on("request", lambda request: asked.append(request.url) if "/horodatage/" in request.url else None)
    page.goto(site + LAUNCH["fr"], wait_until="load")
    assert (asked, stamp_of(page)) == ([], "")
    touch(page, "**/horodatage/**")
    fill(page)
    event = Comment._meta.get_field("event").related_model.objects.get(slug_fr=LAUNCH["fr"].split("/")[-2])
    assert asked == [f"{site}/fr/commentaires/horodatage/?event={event.pk}"]
    assert read(stamp_of(page), event.pk).fault == ""
    page.wait_for_timeout(3100)  # what a person needs at least, with the tenth to which a stamp is rounded
    follow(page, "#comment-form button")
    assert Comment.objects.latest("pk").held_for == ["new_address"]


def test_who_goes_back_and_writes_again_has_a_stamp_of_its_own(new_context, site):
    Policy.objects.create(min_seconds=60)  # too fast on a slow machine, too
    page = new_context().new_page()
    page.goto(site + LAUNCH["en"], wait_until="load")
    for words in ("Once.", "Twice."):
        touch(page, "**/stamp/**")
        fill(page, words)
        follow(page, "#comment-form button")
        page.go_back(wait_until="load")
        assert stamp_of(page) == ""
    codes = Comment.objects.order_by("pk").values_list("held_for", flat=True)
    assert [[code.partition(":")[0] for code in held] for held in list(codes)[-2:]] == [["too_fast", "new_address"]] * 2


def test_without_a_script_the_form_works_and_the_decoy_cannot_be_seen_or_reached(phone, site):
    phone.goto(site + LAUNCH["fr"])
    decoy = phone.locator("[name=subject]")
    assert (decoy.is_visible(), decoy.input_value()) == (False, "")
    phone.focus("[name=website]")
    phone.keyboard.press("Tab")
    assert phone.evaluate("document.activeElement.name") == "body"
    fill(phone)
    follow(phone, "#comment-form button")
    assert Comment.objects.latest("pk").held_for == ["no_stamp", "new_address"]
