"""Each box of a translated form says its language; words are checked for their spelling, addresses are not."""

import pytest

from events.models import Strategy
from events.row_forms import RowForm
from tests.factories import make_event
from tests.pages import soup

SAID = ("lang", "dir", "spellcheck")


def said(form, name) -> list:
    return [form.fields[name].widget.attrs.get(key) for key in SAID]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_boxes_of_a_row_say_their_language(language):
    form_class = type(
        "Form", (RowForm,), {"Meta": type("Meta", (), {"model": Strategy, "fields": ["text_fr", "text_en"]})}
    )
    form = form_class(instance=Strategy(event=make_event()))
    assert said(form, f"text_{language}") == [language, "ltr", "true"]
    assert f'lang="{language}"' in str(form[f"text_{language}"])


@pytest.mark.django_db
def test_words_of_an_event_are_checked_for_spelling_in_their_language_and_addresses_are_not(editor):
    page = soup(editor.get(f"/admin/events/event/{make_event().pk}/change/"))

    def box(name):
        return [page.select_one(f"#id_{name}").get(key) for key in SAID]

    assert box("title_fr") == ["fr", "ltr", "true"]
    assert box("body_en") == ["en", "ltr", "true"]
    assert box("slug_en") == ["en", "ltr", None]
    assert box("timezone") == [None, None, None]


@pytest.mark.django_db
def test_the_admin_serves_the_words_of_the_rich_text_editor_in_french(editor):
    words = editor.get("/admin/jsi18n/", headers={"accept-language": "fr"}).content.decode()
    assert r'"Numbered list": "Liste num\u00e9rot\u00e9e"' in words
    assert '"Update": "Valider"' in words
    assert '"Today": "Aujourd' in words  # Django's own words are still there
