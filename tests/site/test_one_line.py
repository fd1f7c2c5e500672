"""Titles and names are one line, whoever sends them: they stand in the subjects of mails and in files for calendars."""

import pytest

from events.models import Event
from pages.models import Page, SiteTexts
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

TEXTS = "/admin/pages/sitetexts/1/change/"
SENTENCE = {
    "en": "Write this on one line, without control characters.",
    "fr": "Écrivez ceci sur une seule ligne, sans caractères de contrôle.",
}
TURNED = "This contains invisible characters that change the direction of the text. Please type it again."


def refusals(response) -> list[str]:
    assert response.status_code == 200  # the form again
    return [words(each) for each in soup(response).select("ul.errorlist li")]


def send(editor, path, changes, language="en"):
    return editor.post(path, form_data(editor.get(path)) | changes, headers={"accept-language": language})


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("title", ["Été\nBcc: x@example.org", "Été\r\nÉté", "Été\tÉté", "Été\u2028Été", "Été\x1bÉté"])
def test_a_title_of_several_lines_is_refused_in_words(editor, title, language):
    event = make_event()
    path = f"/admin/events/event/{event.pk}/change/"

    assert refusals(send(editor, path, {"title_fr": title}, language)) == [SENTENCE[language]]
    assert Event.objects.get().title_fr == event.title_fr


@pytest.mark.parametrize("field", ["name_fr", "name_en", "tagline_fr", "links-0-label_fr"])
def test_the_words_at_the_head_of_every_page_are_lines(editor, field):
    columns = ["name_fr", "name_en", "tagline_fr", "links__label_fr"]
    before = SiteTexts.objects.values_list(*columns).get()

    assert refusals(send(editor, TEXTS, {field: "OM\nEP\r\nBcc: x@example.org"})) == [SENTENCE["en"]]
    assert refusals(send(editor, TEXTS, {field: "OM\u202eEP"})) == [TURNED]
    assert SiteTexts.objects.values_list(*columns).get() == before


def test_so_is_the_title_of_a_page(editor):
    page = make_page(title_fr="Adhérer à l’œuvre")
    path = f"/admin/pages/page/{page.pk}/change/"

    assert refusals(send(editor, path, {"title_fr": "Adhérer\nà l’œuvre"})) == [SENTENCE["en"]]
    assert Page.objects.get(pk=page.pk).title_fr == "Adhérer à l’œuvre"


def test_an_announcement_may_have_several_lines(editor):
    event = make_event()

    response = send(editor, f"/admin/events/event/{event.pk}/change/", {"summary_fr": "Une annonce.\nEncore une."})
    assert response.status_code == 302
    assert Event.objects.get().summary_fr.splitlines() == ["Une annonce.", "Encore une."]
