"""Typed words outlive what happens to a form; a form that was refused leads to what is to be put right."""

import time

import pytest
from playwright.sync_api import expect

from events.models import Event, Strategy
from tests.browser.conftest import PATIENCE, PHONE, follow
from tests.browser.test_edit import editor, write_rich  # noqa: F401 - a fixture
from tests.factories import make_event

pytestmark = pytest.mark.django_db(transaction=True)

OFFER = "Des textes que vous n’aviez pas enregistrés sont encore là."
BODY = ".fieldBox.field-body_fr [role=textbox]"
ADD = "/admin/events/event/add/"


def change(site, event) -> str:
    return f"{site}/admin/events/event/{event.pk}/change/"


def leave(page, act) -> list[str]:
    """Does what would leave the page, says yes to each question, and returns their kinds."""
    asked = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    with page.expect_navigation():
        act()
    page.remove_listener("dialog", answer)
    return asked


def put_back(page):
    expect(page.locator("#unsaved")).to_contain_text(OFFER)
    page.get_by_role("button", name="Les reprendre").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#unsaved")).to_have_text(
        "Vos textes sont de nouveau dans le formulaire. Ils ne sont pas encore enregistrés."
    )


def kept(page) -> list[str]:
    return page.evaluate("Object.keys(sessionStorage).filter(key => key.startsWith('unsaved:/')).sort()")


def expect_nothing_kept(page):
    """Asks again for a moment, because the script runs after its page is there.

    Asked from here: a function that the browser repeats by itself would be refused by the site's policy, which lets no
    page evaluate text.
    """
    until = time.monotonic() + PATIENCE / 1000
    while kept(page) and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert kept(page) == []


def test_the_switch_of_languages_loses_no_words(editor, site):  # noqa: F811
    event = make_event()
    Strategy.objects.create(event=event, text_fr="jouer", text_en="play", position=1)
    editor.goto(change(site, event))
    editor.fill("#id_title_fr", "L’été des œuvres")
    write_rich(editor, "body_fr", "Venez à la crèche. ")
    editor.check("#id_all_day")
    editor.get_by_role("button", name="Ajouter\xa0: Stratégie").click()
    editor.fill("#id_strategies-1-text_fr", "écouter")
    editor.fill("#id_strategies-0-text_fr", "rêver")
    # Once into English and back again
    assert leave(editor, lambda: editor.click(".house-languages [value=en]")) == ["beforeunload"]
    expect(editor.locator("#unsaved")).to_contain_text("Words that you had not saved are still here.")
    leave(editor, lambda: editor.click(".house-languages [value=fr]"))

    put_back(editor)

    expect(editor.locator("#id_title_fr")).to_have_value("L’été des œuvres")
    expect(editor.locator(BODY)).to_contain_text("Venez à la crèche.")
    assert "Venez à la crèche." in editor.locator("#id_body_fr").input_value()
    expect(editor.locator("#id_all_day")).to_be_checked()
    expect(editor.locator("#id_strategies-0-text_fr")).to_have_value("rêver")
    expect(editor.locator("#id_strategies-1-text_fr")).to_have_value("écouter")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    event.refresh_from_db()
    assert (event.title_fr, event.all_day) == ("L’été des œuvres", True)
    assert "Venez à la crèche." in event.body_fr
    assert [row.text_fr for row in event.strategies.all()] == ["rêver", "écouter"]
    expect_nothing_kept(editor)


def test_a_form_that_nobody_touched_asks_nothing(editor, site):  # noqa: F811
    event = make_event()
    Strategy.objects.create(event=event, text_fr="jouer", text_en="play", position=7)
    for page in (change(site, event), site + ADD, f"{site}/admin/pages/sitetexts/"):
        editor.goto(page)
        editor.locator("h1").first.click()
        assert leave(editor, lambda: editor.locator(".breadcrumbs a, nav a").first.click()) == []
    assert kept(editor) == []


def test_words_outlive_a_session_that_ended(editor, site):  # noqa: F811
    event = make_event()
    editor.goto(change(site, event))
    editor.fill("#id_title_fr", "Fête à l’œuvre")
    editor.context.clear_cookies(name="sessionid")
    editor.locator("input[name=_save]").first.click()
    editor.fill("#id_username", "claire")
    editor.fill("#id_password", "des-œuvres-pour-l’été")
    with editor.expect_navigation():
        editor.press("#id_password", "Enter")

    editor.goto(change(site, event))
    put_back(editor)

    expect(editor.locator("#id_title_fr")).to_have_value("Fête à l’œuvre")


def test_words_outlive_a_form_that_was_opened_before_signing_in_again(editor, site):  # noqa: F811
    editor.goto(site + ADD)
    editor.fill("#id_title_fr", "Fête à l’œuvre")
    editor.evaluate("document.querySelector('#event_form [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)")
    editor.locator("input[name=_save]").first.click()
    expect(editor.locator("#event_form")).to_have_count(0)

    editor.goto(site + ADD)
    put_back(editor)

    expect(editor.locator("#id_title_fr")).to_have_value("Fête à l’œuvre")


def test_what_is_forgotten_does_not_come_back(editor, site):  # noqa: F811
    editor.goto(site + ADD)
    editor.fill("#id_title_fr", "À oublier")
    leave(editor, lambda: editor.goto(f"{site}/admin/"))
    editor.goto(site + ADD)
    editor.get_by_role("button", name="Les oublier").click()
    expect(editor.locator("#unsaved")).to_have_text("")

    assert kept(editor) == []
    editor.reload()
    expect(editor.locator("#unsaved")).to_have_text("")


def test_nothing_is_left_after_a_preview_or_after_signing_out(editor, site):  # noqa: F811
    editor.goto(site + ADD)
    editor.fill("#id_title_fr", "L’été des œuvres")
    days = {"#id_starts_at_0": "06/12/2027", "#id_ends_at_0": "06/12/2027"}
    hours = {"#id_starts_at_1": "9:00", "#id_ends_at_1": "10:00"}
    for field, typed in (days | hours).items():
        editor.fill(field, typed)
    editor.locator("input[name=_preview]").first.click()
    expect(editor.locator("aside.preview")).to_be_visible()
    expect_nothing_kept(editor)

    editor.goto(site + ADD)
    editor.fill("#id_title_fr", "À moi seule")
    leave(editor, lambda: editor.click("#logout-form button"))
    expect(editor.locator("#logout-form")).to_have_count(0)
    expect_nothing_kept(editor)


def test_whoever_saved_meanwhile_is_told_of_when_words_come_back(editor, site):  # noqa: F811
    event = make_event()
    editor.goto(change(site, event))
    editor.fill("#id_title_fr", "Le mien")
    leave(editor, lambda: editor.goto(f"{site}/admin/"))
    event.title_en = "Theirs"
    event.save()
    editor.goto(change(site, event))
    put_back(editor)
    editor.locator("input[name=_save]").first.click()

    expect(editor.locator(".overtaken")).to_be_focused()
    expect(editor.locator(".errornote:visible")).to_have_count(1)
    assert Event.objects.get(pk=event.pk).title_fr != "Le mien"


def test_a_refused_form_leads_to_each_fault(editor, site):  # noqa: F811
    event = make_event(status="draft")
    Strategy.objects.create(event=event, text_fr="jouer", text_en="play", position=1)
    editor.goto(change(site, event))
    editor.fill("#id_title_fr", "")
    editor.fill("#id_title_en", "")
    editor.fill("#id_ends_at_0", "01/01/2020")
    editor.fill("#id_strategies-0-text_fr", "")
    editor.fill("#id_strategies-0-text_en", "")
    editor.locator("input[name=_save]").first.click()

    faults = editor.locator(".faults")
    expect(faults).to_be_focused()
    expect(editor.locator(".errornote")).to_be_hidden()
    faults.get_by_role("link", name="Fin").press("Enter")
    expect(editor.locator("#id_ends_at_0")).to_be_focused()
    expect(editor.locator(".field-ends_at .errorlist, .errorlist:has(+ .field-ends_at)").first).to_be_in_viewport()
    faults.get_by_role("link", name="Stratégie 1").press("Enter")
    expect(editor.locator("#id_strategies-0-text_fr")).to_be_focused()
    # What was refused is not saved either.
    assert leave(editor, lambda: editor.goto(f"{site}/admin/")) == ["beforeunload"]


def test_what_a_language_lacks_is_a_link_to_the_editor_and_into_closed_parts(editor, site):  # noqa: F811
    event = make_event(body_en="", status="draft", transcript_fr="<p>Un été</p>")
    editor.goto(change(site, event))
    expect(editor.locator(".fieldBox.field-body_en [role=textbox]")).to_be_visible()
    editor.locator(".reports a[href='#id_body_en']").click()
    expect(editor.locator(".fieldBox.field-body_en [role=textbox]")).to_be_focused()
    expect(editor.locator("label[for=id_body_en]")).to_be_in_viewport()

    editor.locator(".reports a[href='#id_transcript_en']").click()
    expect(editor.locator(".fieldBox.field-transcript_en [role=textbox]")).to_be_focused()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_event_begins_with_the_title_in_its_first_language(editor, site, language):  # noqa: F811
    follow(editor, f".house-languages [value={language}]")
    editor.goto(site + ADD)
    expect(editor.locator(f"#id_title_{language}")).to_be_focused()


def test_rows_are_named_and_a_phone_says_what_the_tick_does(editor, site):  # noqa: F811
    event = make_event()
    for position, text in enumerate(["un", "deux"], start=1):
        Strategy.objects.create(event=event, text_fr=text, text_en=text, position=position)
    editor.set_viewport_size(PHONE)
    editor.goto(change(site, event))
    second = editor.locator("#strategies-1")
    expect(second.get_by_text("Supprimer", exact=True)).to_be_visible()
    expect(editor.get_by_role("checkbox", name="Supprimer\xa0: stratégie 2")).to_be_visible()
    editor.get_by_role("button", name="Monter\xa0: stratégie 2").press("Enter")
    expect(second.get_by_role("button", name="Monter\xa0: stratégie 1")).to_be_focused()
    second.get_by_text("Supprimer", exact=True).click()
    expect(editor.locator("#id_strategies-1-DELETE")).to_be_checked()
    assert editor.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
