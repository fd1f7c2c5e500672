"""A visitor on a phone, without JavaScript, and one who uses the keyboard alone."""

import pytest

from comments.models import Comment
from newsletter.models import Subscriber
from tests.browser.conftest import follow

pytestmark = pytest.mark.django_db(transaction=True)

LAUNCH = {
    "fr": "/fr/evenements/lancement-strategie-partenariat-mondial-petite-enfance/",
    "en": "/en/events/launch-global-partnership-strategy-early-childhood/",
}
EXAMPLE = {"fr": "/fr/evenements/exemple-webinaire-jeu-plein-air/", "en": "/en/events/example-webinar-outdoor-play/"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_first_screen_of_a_phone_shows_what_when_where_the_languages_and_the_button(phone, site, language):
    phone.goto(site + EXAMPLE[language])

    for part in (
        "h1",
        ".facts dd > time",
        ".facts div:nth-child(2) dd",
        ".facts div:nth-child(3) dd",
        ".facts a.button",
    ):
        box = phone.locator(part).bounding_box()
        assert (part, box["y"] + box["height"] <= 640, box["x"] + box["width"] <= 360) == (part, True, True)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_no_page_is_wider_than_its_window(new_context, site, language, width):
    page = new_context(viewport={"width": width, "height": 640}).new_page()
    for path in (f"/{language}/", LAUNCH[language], f"/{language}/x/"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(("language", "words"), [("fr", "Aller au contenu principal"), ("en", "Skip to main content")])
def test_the_keyboard_reaches_the_skip_link_first_and_goes_to_the_content(page, site, language, words):
    page.goto(site + LAUNCH[language])

    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == words
    assert focused.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_comment_is_corrected_and_sent_without_javascript_or_cookie(phone, site):
    phone.goto(site + LAUNCH["fr"])
    phone.fill("#comment_name", "Élodie Çağlar")
    phone.fill("#comment_email", "elodie@example.org")
    phone.fill("#comment_website", "http://localhost/")
    phone.fill("#comment_body", "Œuvrons ensemble !")
    follow(phone, "#comment-form button")

    assert phone.title().startswith("Erreur\xa0: Lancement")
    assert phone.locator("#comment_body").input_value() == "Œuvrons ensemble !"
    field = phone.locator("#comment_website")
    assert field.get_attribute("aria-invalid") == "true"
    described = field.get_attribute("aria-describedby").split()
    assert [phone.locator(f"#{name}").count() for name in described] == [1] * len(described)

    phone.fill("#comment_website", "")
    follow(phone, "#comment-form button")
    assert phone.locator("h1").inner_text() == "Votre commentaire"
    assert phone.locator(".comment-body").inner_text() == "Œuvrons ensemble !"
    assert list(Comment.objects.values_list("name", "status")) == [("Élodie Çağlar", "pending")]
    assert phone.context.cookies() == []


def test_a_reader_subscribes_and_confirms_without_javascript_or_cookie(phone, site):
    phone.goto(f"{site}/en/")
    phone.fill("#newsletter_email", "reader@example.org")
    follow(phone, "#newsletter-form button")
    subscriber = Subscriber.objects.get()
    phone.goto(subscriber.confirm_url)
    assert (Subscriber.objects.get().status, phone.locator("form").count()) == ("pending", 1)

    follow(phone, "main form button")
    assert Subscriber.objects.get().status == "confirmed"
    assert phone.context.cookies() == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_nothing_is_asked_of_anybody_else_and_nothing_is_refused_by_the_policy(page, site, language):
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto(site + LAUNCH[language], wait_until="networkidle")

    assert [url for url in asked if not url.startswith(site)] == []
    assert said == []
    assert page.context.cookies() == []


def test_switching_the_language_stays_on_the_event(phone, site):
    phone.goto(site + LAUNCH["fr"])
    follow(phone, ".languages a[lang=en]")

    assert phone.url == site + LAUNCH["en"]
