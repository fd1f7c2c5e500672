"""The whole page by keyboard, at any size and in any script: without a mouse, and without JavaScript."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment
from comments.views.author import WAITING
from events.models import Event, PreviewLink
from newsletter.models import Subscriber
from omep_site.lib.links import path_in, sign
from tests.browser.test_visit import EXAMPLE, LAUNCH
from tests.comments.factories import make_follow
from tests.factories import make_event
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db(transaction=True)

OTHER = {"fr": "en", "en": "fr"}
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
# What a browser lets pass and the site does not.
WRONG = {
    "comment": {"name": "—", "email": "a@b", "website": "http://localhost/", "body": " "},
    "newsletter": {"email": "a@b"},
}

# Where the keyboard is: which of the selectors that is, and whether one sees it there.
STOP = """known => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
    const there = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return [known.find(each => at.matches(each)) || at.outerHTML.slice(0, 80), drawn && there, at === document.body];
}"""


@pytest.fixture
def reader(new_context, site):
    """Somebody at a desk with a keyboard, in a browser that runs no script."""
    return new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False).new_page()


def tab_through(page, known: list[str]) -> tuple[list[str], list[str]]:
    """The stops of a whole round, and those at which the focus is not to be seen."""
    stops, hidden = [], []
    while len(stops) < 200:
        page.keyboard.press("Tab")
        stop, seen, is_over = page.evaluate(STOP, known)
        if is_over:
            return stops, hidden
        stops.append(stop)
        hidden += [] if seen else [stop]
    raise AssertionError(f"the keyboard does not leave the page: {stops[-5:]}")


def tab_to(page, selector: str) -> None:
    for _stop in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not come to {selector}")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_keyboard_goes_through_the_page_in_its_order_and_is_seen_at_each_stop(reader, site, language):
    events = path_in(language, "events:list")
    fields = [f"#comment_{name}" for name in ("name", "email", "website", "body")]
    order = [
        "a[href='#main']",
        f"header nav a[href='{events}']",
        f"header nav a[lang={OTHER[language]}]",
        *[*fields, "#comment-form button"],
        *["#newsletter_email", "#newsletter-form button"],
    ]
    reader.goto(site + LAUNCH[language])
    stops, hidden = tab_through(reader, order)

    assert hidden == []
    assert [stop for stop in stops if stop in order] == order


@pytest.mark.parametrize("language", ["fr", "en"])
def test_after_the_skip_link_the_keyboard_goes_on_in_the_content(reader, site, language):
    reader.goto(site + EXAMPLE[language])
    reader.keyboard.press("Tab")
    reader.keyboard.press("Enter")
    reader.keyboard.press("Tab")

    assert reader.evaluate("document.activeElement === document.querySelector('main a, main button, main input')")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_keyboard_switches_the_language_and_stays_on_the_event(reader, site, language):
    reader.goto(site + LAUNCH[language])
    tab_to(reader, f"header nav a[lang={OTHER[language]}]")
    reader.keyboard.press("Enter")

    expect(reader).to_have_url(site + LAUNCH[OTHER[language]])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("form", ["comment", "newsletter"])
def test_faults_are_come_to_and_corrected_by_keyboard(reader, site, language, form):
    reader.goto(site + LAUNCH[language])
    for name, typed in WRONG[form].items():
        tab_to(reader, f"#{form}_{name}")
        reader.keyboard.type(typed)
    tab_to(reader, f"#{form}-form button")
    reader.keyboard.press("Enter")

    summary = reader.locator(f"#{form}-errors")
    expect(summary).to_be_focused()
    expect(summary.locator("a")).to_have_count(len(WRONG[form]))
    reader.keyboard.press("Tab")
    expect(summary.locator("a").first).to_be_focused()
    for name, link in zip(WRONG[form], summary.locator("a").all(), strict=True):
        link.focus()
        reader.keyboard.press("Enter")
        field = reader.locator(f"#{form}_{name}")
        expect(field).to_be_focused()
        expect(field).to_be_in_viewport()
        expect(field).to_have_attribute("aria-invalid", "true")
        described = [reader.locator(f"#{each}") for each in field.get_attribute("aria-describedby").split()]
        error = reader.locator(f"#{form}_{name}_error")
        assert [each.count() for each in described] == [1] * len(described)
        assert error.get_attribute("id") in [each.get_attribute("id") for each in described]
        fault = error.inner_text().split("\xa0:" if language == "fr" else ":")[-1].strip()
        assert link.inner_text().endswith(fault)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_scrolls_sideways_at_four_hundred_per_cent(new_context, site, language):
    # 1280 × 1024 pixels at 400 % (WCAG 1.4.10), which is also the smallest phone.
    page = new_context(viewport={"width": 320, "height": 256}, device_scale_factor=4).new_page()
    wide = {}
    for path in pages(language):
        page.goto(site + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        wide |= {path: width} if width > 320 else {}
    for form in ("#comment-form", "#newsletter-form"):
        page.goto(site + LAUNCH[language])
        with page.expect_navigation():
            page.locator(form).evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        assert page.locator(".error-summary").count() == 1
        width = page.evaluate("document.documentElement.scrollWidth")
        wide |= {form: width} if width > 320 else {}

    assert wide == {}


def pages(language) -> list[str]:
    """Each kind of page, with the longest words that somebody may write."""
    long = {f"title_{code}": f"Une {LONG_WORD} à l’œuvre" for code in OTHER}
    event = make_event(**long, **{f"place_{code}": LONG_WORD for code in OTHER}, event_status="moved")
    draft = make_event(status="draft", **long)
    words = {"email": "a@example.org", "language": "fr", "body": f"https://example.org/{LONG_WORD}\n\n{LONG_WORD}"}
    comment = Comment.objects.create(event=event, name=LONG_WORD[:80], status=Comment.Status.APPROVED, **words)
    waiting = Comment.objects.create(event=event, name=LONG_WORD[:80], **words)
    follow = make_follow(waiting)
    page = make_page(
        title_fr="Fonctionnement anticonstitutionnel", title_en="Internationalisation, counterrevolutionary"
    )
    reader = Subscriber.objects.create(email="lectrice@example.org", language=language)

    def at(name, **kwargs):
        return path_in(language, name, **kwargs)

    return [
        *(at(f"events:{name}") for name in ("home", "list")),
        *(at("events:detail", slug=getattr(each, f"slug_{language}")) for each in Event.objects.published()),
        at("pages:page", slug=getattr(page, f"slug_{language}")),
        *(at(f"newsletter:{name}") for name in ("subscribe", "thanks")),
        at("newsletter:confirm", token=reader.confirm_url.split("/")[-2]),
        at("newsletter:unsubscribe", token=reader.unsubscribe_token),
        at("comments:waiting", token=sign(WAITING, comment.pk)),
        at("comments:edit", token=sign(WAITING, waiting.pk)),
        at("comments:withdraw", token=sign(WAITING, waiting.pk)),
        at("comments:confirm_address", token=follow.correspondent.confirm_url.split("/")[-2]),
        at("comments:stop_all", token=follow.correspondent.stop_token),
        at("comments:stop_one", token=follow.stop_token),
        at("events:preview", token=PreviewLink.objects.create(event=draft).token),
        at("events:preview", token="x"),
        f"/{language}/?q=%00",
    ]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", ["ليلى حداد (٢)", "נועה לוי (2)"])
def test_a_name_that_runs_from_right_to_left_leaves_its_line_as_it_is(reader, site, language, name):
    event = Event.objects.get(slug_fr__startswith="lancement")
    fields = {"event": event, "email": "a@example.org", "status": Comment.Status.APPROVED, "language": language}
    latin = Comment.objects.create(name="Élodie Çağlar (2)", body="Merci !", **fields)
    turned = Comment.objects.create(name=name, body="شكرا لكم" if "ل" in name else "תודה רבה", **fields)
    Comment.objects.create(name="Noa Lévi", body="Oui.", parent=turned, **fields)
    reader.goto(site + LAUNCH[language])

    def of(comment, selector):
        return reader.locator(f"#{comment.anchor} {selector}").first

    def direction(locator):
        return locator.evaluate("each => getComputedStyle(each).direction")

    names = [of(comment, "bdi") for comment in (latin, turned)]
    assert [each.bounding_box()["x"] for each in names] == [names[0].bounding_box()["x"]] * 2
    assert [direction(each) for each in names] == ["ltr", "rtl"]
    assert [direction(of(turned, selector)) for selector in (".comment-head", ".comment-body")] == ["ltr", "rtl"]
    answered = reader.locator(f"a[href='#{turned.anchor}'] bdi")
    assert (answered.inner_text(), direction(answered)) == (name, "rtl")
