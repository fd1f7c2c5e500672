"""A film and the Facebook page, in place after a click: whom the browser asks, and when."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

FILM = "https://youtu.be/dQw4w9WgXcQ?t=90"
PLAYER = "https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"
FACEBOOK = (
    "https://www.facebook.com/plugins/page.php?href=https%3A%2F%2Fwww.facebook.com%2Fworldomep"
    "&tabs=timeline&height=500&small_header=true&width="
)
WORDS = {
    "fr": ("Regarder ici", "Fermer le lecteur", "Enregistrement sur YouTube", "Afficher la page ici"),
    "en": ("Watch here", "Close the player", "Recording on YouTube", "Show the page here"),
}


@pytest.fixture
def path(site):
    """The address of a past event with a film, in one language."""
    event = make_event(starts_at=timezone.now() - timedelta(days=7), recording_url_fr=FILM, recording_url_en=FILM)
    return {"fr": f"{site}/fr/evenements/{event.slug_fr}/", "en": f"{site}/en/events/{event.slug_en}/"}.__getitem__


@pytest.fixture
def visitor(new_context, site):
    """A browser that reaches this site alone; what it asks of others is refused and written down in `page.asked`."""

    def visit(**options):
        page = new_context(**options).new_page()
        page.asked, page.said = [], []
        page.route(lambda url: not url.startswith(site), lambda route: route.abort())
        page.on("request", lambda request: page.asked.append(request) if not request.url.startswith(site) else None)
        page.on("console", lambda message: page.said.append(message.text))
        return page

    return visit


def addresses(page) -> list[str]:
    return [request.url for request in page.asked]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nobody_is_asked_before_the_click_and_the_player_alone_after_it(visitor, path, language):
    watch, close, title, _show = WORDS[language]
    page = visitor()
    page.goto(path(language), wait_until="networkidle")
    assert (page.locator("iframe").count(), addresses(page), page.said) == (0, [], [])

    page.get_by_role("button", name=watch).focus()
    with page.expect_request(PLAYER):
        page.keyboard.press("Enter")
    page.wait_for_timeout(300)  # in which somebody else could be asked
    assert addresses(page) == [PLAYER]
    # YouTube plays only where it is told who asks; it is told the site and no more.
    assert page.asked[0].headers["referer"] == "/".join(path(language).split("/")[:3]) + "/"
    frame = page.locator("iframe")
    assert (frame.get_attribute("title"), frame.get_attribute("allow")) == (
        title,
        "fullscreen; encrypted-media; picture-in-picture",
    )
    assert page.evaluate("document.activeElement.localName") == "iframe"
    assert page.get_by_role("button", name=watch).count() == 0
    box = frame.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(16 / 9, abs=0.02)

    page.get_by_role("button", name=close).focus()
    page.keyboard.press("Space")
    assert page.locator("iframe").count() == 0
    assert page.locator(":focus").inner_text() == watch
    assert page.get_by_role("button", name=close).count() == 0
    assert (page.context.cookies(), page.evaluate("localStorage.length + sessionStorage.length")) == ([], 0)


def test_nothing_is_remembered_from_one_visit_to_the_next(visitor, path):
    page = visitor()
    page.goto(path("en"))
    with page.expect_event("requestfailed"):  # asked, and refused
        page.get_by_role("button", name="Watch here").click()
    page.reload(wait_until="networkidle")

    assert (page.locator("iframe").count(), addresses(page)) == (0, [PLAYER])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [1280, 320])
def test_the_facebook_page_comes_as_wide_as_there_is_room(visitor, site, language, width):
    page = visitor(viewport={"width": width, "height": 640})
    page.goto(f"{site}/{language}/", wait_until="networkidle")
    assert addresses(page) == []

    with page.expect_request(lambda request: not request.url.startswith(site)):
        page.get_by_role("button", name=WORDS[language][3]).click()
    page.wait_for_timeout(300)  # in which somebody else could be asked
    room = page.evaluate("document.querySelector('.embed').clientWidth")
    assert (room < 320) == (width == 320)
    assert addresses(page) == [f"{FACEBOOK}{min(room, 500)}"]
    assert page.locator("iframe").bounding_box()["width"] == pytest.approx(min(room, 500), abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_policy_refuses_a_frame_that_the_page_did_not_offer(visitor, path):
    page = visitor()
    page.goto(path("en"))
    page.evaluate("document.querySelector('[data-frame]').dataset.frame = 'https://evil.example/'")
    with page.expect_console_message(lambda message: "frame-src https://www.youtube-nocookie.com" in message.text):
        page.evaluate(
            "document.body.append(Object.assign(document.createElement('iframe'), {src: 'https://www.facebook.com/plugins/x'}))"
        )
    page.wait_for_timeout(300)  # in which it could be asked all the same

    assert addresses(page) == []


def test_the_place_of_the_offer_is_kept_so_that_nothing_moves(visitor, path):
    page = visitor()
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => list.getEntries().forEach((each) => { shift += each.value; }))"
        ".observe({ type: 'layout-shift', buffered: true })"
    )
    page.goto(path("fr"), wait_until="networkidle")

    assert page.evaluate("shift") == 0


@pytest.mark.parametrize("language", ["fr", "en"])
def test_without_javascript_there_is_a_plain_link_and_nothing_that_does_not_work(visitor, path, language):
    page = visitor(java_script_enabled=False)
    page.goto(path(language), wait_until="networkidle")

    assert page.locator(".recording a").get_attribute("href") == FILM
    assert page.locator(".embed").get_by_role("button").count() == 0
    assert page.locator(".embed").is_visible() is False
    assert addresses(page) == []
