"""An editor deletes a row while another one has the same form open."""

import pytest

from events.models import Document, Partner, Picture, Strategy
from pages.models import SiteTexts, SocialLink
from tests.admin_forms import form_data
from tests.events.uploads import chosen, image
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def errors(response) -> list[str]:
    return [words(each) for each in soup(response).select("ul.errorlist")] if response.status_code == 200 else []


def test_a_row_that_was_deleted_meanwhile_is_kept_with_what_was_typed(editor):
    event = make_event()
    for position, text in enumerate(("Une", "Deux"), start=1):
        event.strategies.create(text_fr=text, text_en=f"{text} too", position=position)
    change = f"/admin/events/event/{event.pk}/change/"
    mine = form_data(editor.get(change))
    editor.post(change, form_data(editor.get(change)) | {"strategies-0-DELETE": "on"})
    assert [each.text_fr for each in event.strategies.all()] == ["Deux"]

    told = editor.post(change, mine | {"strategies-0-text_fr": "Une, à l’été"})
    assert len(soup(told).select(".overtaken")) == 1
    again = form_data(told)
    assert again["strategies-0-text_fr"].strip() == "Une, à l’été"
    assert editor.post(change, again | {"save_over": "on"}).status_code == 302
    assert [(each.text_fr, each.text_en) for each in event.strategies.all()] == [
        ("Une, à l’été", "Une too"),
        ("Deux", "Deux too"),
    ]


def test_a_row_that_was_deleted_meanwhile_and_holds_nothing_stays_deleted(editor):
    event = make_event()
    row = event.strategies.create(text_fr="Une", text_en="One")
    change = f"/admin/events/event/{event.pk}/change/"
    mine = form_data(editor.get(change))
    row.delete()
    emptied = mine | {"strategies-0-text_fr": "", "strategies-0-text_en": "", "save_over": "on"}
    assert editor.post(change, emptied).status_code == 302
    assert list(event.strategies.all()) == []


def test_a_row_that_both_editors_delete_is_deleted(editor):
    event = make_event()
    row = event.strategies.create(text_fr="Une", text_en="One")
    change = f"/admin/events/event/{event.pk}/change/"
    mine = form_data(editor.get(change))
    row.delete()
    assert editor.post(change, mine | {"strategies-0-DELETE": "on", "save_over": "on"}).status_code == 302
    assert list(event.strategies.all()) == []


def test_partners_and_links_that_were_deleted_meanwhile_are_kept_too(editor):
    event, site = make_event(), SiteTexts.objects.get()
    event.eventpartner_set.create(partner=Partner.objects.create(name="UNESCO"))
    changes = [f"/admin/events/event/{event.pk}/change/", f"/admin/pages/sitetexts/{site.pk}/change/"]
    links = list(SocialLink.objects.values_list("url"))
    typed = {change: form_data(editor.get(change)) for change in changes}
    event.eventpartner_set.all().delete()
    SocialLink.objects.all().delete()
    for change, data in typed.items():
        assert editor.post(change, data).status_code == 302
    assert [str(each) for each in event.partners.all()] == ["UNESCO"]
    assert list(SocialLink.objects.values_list("url")) == links


def test_a_picture_and_a_document_that_were_deleted_meanwhile_are_kept_with_their_files(editor, uploads):
    event = make_event()
    change = f"/admin/events/event/{event.pk}/change/"
    new = {
        "pictures-TOTAL_FORMS": "1",
        "pictures-0-file": chosen(image()),
        "pictures-0-alt_fr": "L’été",
        "pictures-0-alt_en": "Summer",
        "documents-TOTAL_FORMS": "1",
        "documents-0-file_fr": chosen(b"%PDF-1.4\n", name="programme.pdf"),
        "documents-0-title_fr": "Le programme",
    }
    assert errors(editor.post(change, form_data(editor.get(change)) | new)) == []
    files = Picture.objects.get().file.name, Document.objects.get().file_fr.name
    mine = form_data(editor.get(change))
    gone = {"pictures-0-DELETE": "on", "documents-0-DELETE": "on"}
    assert errors(editor.post(change, form_data(editor.get(change)) | gone)) == []
    assert (Picture.objects.count(), Document.objects.count()) == (0, 0)

    told = editor.post(change, mine | {"pictures-0-alt_fr": "L’été, au jardin"})
    assert len(soup(told).select(".overtaken")) == 1
    assert errors(editor.post(change, form_data(told) | {"save_over": "on"})) == []
    row = Picture.objects.get()
    assert (row.alt_fr, row.alt_en, row.width > 0) == ("L’été, au jardin", "Summer", True)
    assert (row.file.name, Document.objects.get().file_fr.name) == files


def test_the_row_of_another_event_is_not_taken_away_from_it(editor):
    event, other = make_event(), make_event()
    for each in (event, other):
        each.strategies.create(text_fr=f"De {each.pk}", text_en="One")
    change = f"/admin/events/event/{event.pk}/change/"
    mine = form_data(editor.get(change)) | {"strategies-0-id": other.strategies.get().pk}
    assert editor.post(change, mine).status_code == 302
    assert other.strategies.get().text_fr == f"De {other.pk}"
    assert Strategy.objects.filter(event=other).count() == 1
