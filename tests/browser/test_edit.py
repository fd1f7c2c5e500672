"""An editor's work in the admin, in French, from a clean browser to the public page."""

import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone
from playwright.sync_api import expect

from accounts.roles import write_roles
from events.models import Event, Strategy, Subject
from tests.browser.conftest import PATIENCE
from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "des-œuvres-pour-l’été"
WORD = (
    "<html><body><!--StartFragment--><p class=MsoNormal style='margin:0'><b><span style='font-family:Calibri'>Venez"
    "</span></b> nombreuses<o:p></o:p></p><h1 style='color:red'>Programme</h1><ul><li>accueil</li></ul>"
    "<p><a href='javascript:alert(1)'>clic</a> <a href='https://example.org/'>lien</a><img src=x onerror=alert(1)></p>"
    "<!--EndFragment--></body></html>"
)


@pytest.fixture
def editor(site, new_context):
    """Claire, who edits events and reads French, signed in with her password."""
    write_roles()
    claire = User.objects.create_user("claire", password=PASSWORD, is_staff=True, first_name="Claire")
    claire.groups.add(Group.objects.get(name="editor"))
    page = new_context(locale="fr-FR", viewport={"width": 1200, "height": 900}).new_page()
    page.goto(f"{site}/admin/login/")
    page.fill("#id_username", "claire")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    expect(page.locator("body.dashboard")).to_be_visible()
    return page


def write_rich(page, field, text):
    page.locator(f".fieldBox.field-{field} [role=textbox]").click()
    page.keyboard.type(text)


def let_the_editor_see(page):
    """
    Wait as long as a hand does between two keys: until the rich-text editor knows where the caret stands. The browser
    tells it with its next frame, and 20 ms after a click the editor puts the caret back to where it believed it to be
    (ProseMirror's `handlers.focus`). On a machine with much to do, keys that come at once come before both.
    """
    page.evaluate("""new Promise((done) =>
        setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 50))""")


def paste(page, selector, kind, text):
    let_the_editor_see(page)
    page.locator(selector).evaluate(
        """(element, [kind, text]) => {
            const data = new DataTransfer();
            data.setData(kind, text);
            element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        [kind, text],
    )


def test_an_event_is_announced_in_two_languages_from_nothing_previewed_and_published(editor, site, page):
    day = timezone.localdate() + timedelta(days=60)
    editor.goto(f"{site}/admin/events/event/add/")
    editor.fill("#id_title_fr", "L’été des œuvres enfantines")
    editor.fill("#id_title_en", "The summer of children’s works")
    editor.fill("#id_summary_fr", "Une journée pour jouer dehors.")
    editor.fill("#id_summary_en", "A day for outdoor play.")
    write_rich(editor, "body_fr", "Venez à Dakar, c’est ouvert à toutes et à tous.")
    editor.select_option("#id_timezone", "Africa/Dakar")
    for field in ("starts_at", "ends_at"):
        editor.fill(f"#id_{field}_0", day.strftime("%d/%m/%Y"))
    editor.fill("#id_starts_at_1", "9h30")
    editor.fill("#id_ends_at_1", "11:00")
    editor.locator("#id_timezone").focus()
    expect(editor.locator("#read-back")).to_contain_text("heure de Dakar")
    expect(editor.locator("#read-back")).to_contain_text("heure de Sydney")
    editor.get_by_role("button", name="Ajouter\xa0: Stratégie").click()
    paste(editor, "#id_strategies-0-text_fr", "text/plain", "1. jouer\n2. écouter\n3. grandir")
    paste(editor, "#id_strategies-0-text_en", "text/plain", "• play\n• listen\n• grow")
    expect(editor.locator("#id_strategies-2-text_en")).to_have_value("grow")

    # Without the English invitation it does not go out, and says why.
    editor.check("#id_status input[value=published]")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".field-publish_incomplete .errorlist")).to_contain_text("Anglais\xa0: invitation")
    assert Event.objects.filter(title_fr__startswith="L’été").count() == 0

    write_rich(editor, "body_en", "Come to Dakar, it is open to everybody.")
    editor.check("#id_status input[value=draft]")
    editor.locator("input[name=_preview]").first.click()
    expect(editor.locator("h1")).to_have_text("L’été des œuvres enfantines")
    event = Event.objects.get(title_fr__startswith="L’été")
    editor.get_by_role("link", name="English").click()
    expect(editor.locator("h1")).to_have_text("The summer of children’s works")
    address = f"{site}/fr/evenements/{event.slug_fr}/"
    assert page.goto(address).status == 404

    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    editor.check("#id_status input[value=published]")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    assert page.goto(address).status == 200
    expect(page.locator(".facts")).to_contain_text("de 9\xa0h\xa030 à 11\xa0h")
    assert page.locator("#strategies + ol li").all_inner_texts() == ["jouer", "écouter", "grandir"]


def test_what_is_pasted_from_word_is_cleaned(editor, site):
    event = make_event(body_fr="")
    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    editor.locator(".fieldBox.field-body_fr [role=textbox]").click()
    paste(editor, ".fieldBox.field-body_fr [role=textbox]", "text/html", WORD)
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()

    event.refresh_from_db()
    html = event.body_fr
    assert "<strong>Venez</strong> nombreuses" in html
    assert "<li><p>accueil</p></li>" in html
    assert 'href="https://example.org/"' in html
    assert not [bad for bad in ("style", "Mso", "javascript", "onerror", "<img", "o:p", "font") if bad in html]


def test_an_event_moves_and_yesterdays_version_comes_back(editor, site, page):
    start = (timezone.now() + timedelta(days=30)).replace(hour=10, minute=0, second=0, microsecond=0)
    event = make_event(title_fr="Fête de la crèche", starts_at=start, timezone="UTC")
    Strategy.objects.create(event=event, text_fr="les droits", text_en="rights", position=1)
    address = f"{site}/fr/evenements/{event.slug_fr}/"
    change = f"{site}/admin/events/event/{event.pk}/change/"

    later = start + timedelta(days=7)
    editor.goto(change)
    for field in ("starts_at", "ends_at"):
        editor.fill(f"#id_{field}_0", later.strftime("%d/%m/%Y"))
    editor.check("#id_event_status input[value=moved]")
    editor.fill("#id_title_fr", "Grande fête")
    editor.check("#id_strategies-0-DELETE")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Grande fête")
    expect(page.locator(".became")).to_contain_text("Il était d’abord annoncé pour le")

    editor.goto(f"{site}/admin/events/event/{event.pk}/history/")
    editor.locator(".versions li").last.get_by_role("button", name="Rétablir").click()
    expect(editor.locator(".messagelist")).to_be_visible()
    page.goto(address)
    expect(page.locator("h1")).to_have_text("Fête de la crèche")
    expect(page.locator(".became")).to_have_count(0)
    assert page.locator("#strategies + ol li").all_inner_texts() == ["les droits"]
    event.refresh_from_db()
    assert (event.starts_at, event.status, event.event_status) == (start, "published", "planned")


def test_rows_are_ordered_with_the_keyboard(editor, site):
    event = make_event()
    for position, text in enumerate(["un", "deux", "trois"], start=1):
        Strategy.objects.create(event=event, text_fr=text, text_en=text, position=position)
    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    up = editor.locator("#strategies-2").get_by_role("button", name="Monter")
    up.focus()
    editor.keyboard.press("Enter")
    editor.keyboard.press("Enter")
    expect(editor.locator("#editors-said")).to_have_text("Maintenant numéro 1")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()

    assert [row.text_fr for row in event.strategies.all()] == ["trois", "un", "deux"]


def test_rows_are_ordered_by_dragging(editor, site):
    event = make_event()
    for position, text in enumerate(["un", "deux"], start=1):
        Strategy.objects.create(event=event, text_fr=text, text_en=text, position=position)
    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    # The rich-text editor comes when the page is there already, and moves what is below.
    expect(editor.locator(".fieldBox.field-body_fr [role=textbox]")).to_be_visible()
    first, second = (editor.locator(f"#strategies-{number} td.original p") for number in (0, 1))
    second.scroll_into_view_if_needed()
    box, goal = second.bounding_box(), first.bounding_box()
    editor.mouse.move(box["x"] + 8, box["y"] + 8)
    editor.mouse.down()
    # The rows' script begins a moment after the mouse, and overlooks what comes before: a hand goes on until it sees.
    until, moved = time.monotonic() + PATIENCE / 1000, editor.locator("#strategies-1 ~ #strategies-0")
    while not moved.count() and time.monotonic() < until:
        editor.mouse.move(goal["x"] + 8, goal["y"] + 4, steps=12)
        editor.mouse.move(goal["x"] + 8, goal["y"] - 2, steps=4)
    editor.mouse.up()
    expect(editor.locator("#id_strategies-1-position")).to_have_value("1")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()

    assert [row.text_fr for row in event.strategies.all()] == ["deux", "un"]


def test_a_form_that_failed_keeps_every_typed_word(editor, site):
    event = make_event()
    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    editor.fill("#id_title_fr", "Mot précieux")
    write_rich(editor, "body_fr", "Encore un mot. ")
    editor.fill("#id_ends_at_0", "01/01/2020")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".field-ends_at .errorlist, .errorlist").first).to_be_visible()
    expect(editor.locator("#id_title_fr")).to_have_value("Mot précieux")
    expect(editor.locator(".fieldBox.field-body_fr [role=textbox]")).to_contain_text("Encore un mot.")


@pytest.mark.parametrize("field", ["topics", "cities", "interpretation_languages"])
def test_what_is_ticked_in_an_event_stands_side_by_side_where_there_is_room(editor, site, field):
    for name in ("Enfance", "Éducation", "Paix"):
        Subject.objects.create(name_fr=name, name_en=name)
    event = make_event()
    editor.goto(f"{site}/admin/events/event/{event.pk}/change/")
    tops = editor.locator(f"#id_{field} label").evaluate_all(
        "labels => labels.slice(0, 2).map((each) => each.getBoundingClientRect().top)"
    )
    assert len(tops) == 2
    assert tops[0] == tops[1]
