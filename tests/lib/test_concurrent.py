"""Two editors with the same event open: whoever saves second is told."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from events.models import Event
from omep_site.lib.history import record
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def paul(db):
    client = Client(headers={"accept-language": "fr"})
    client.force_login(User.objects.create_superuser("paul", first_name="Paul", last_name="Désiré"))
    return client


def test_whoever_saves_second_is_told_who_was_quicker_and_loses_no_word(editor, paul):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    mine, theirs = form_data(editor.get(change)), form_data(paul.get(change))
    assert paul.post(change, theirs | {"title_en": "Theirs"}).status_code == 302

    response = editor.post(change, mine | {"title_fr": "Le mien"})
    assert response.status_code == 200
    page = soup(response)
    [box] = page.select(".overtaken")
    assert words(box.p).startswith("Paul Désiré has saved this page since you opened it (today, ")
    assert page.select_one("#id_title_fr")["value"] == "Le mien"
    assert Event.objects.get().title_en == "Theirs"

    again = form_data(response) | {"save_over": "on"}
    assert editor.post(change, again).status_code == 302
    assert (Event.objects.get().title_fr, Event.objects.get().title_en) == ("Le mien", mine["title_en"])
    lines = [words(each) for each in soup(editor.get(f"/admin/events/event/{event.pk}/history/")).select(".brief")]
    assert lines == ["Title: French Title: English", "Title: English"]


def test_the_sentence_is_in_the_editors_language(editor, paul):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    data = form_data(paul.get(change))
    editor.post(change, form_data(editor.get(change)) | {"title_en": "Theirs"})

    [box] = soup(paul.post(change, data | {"title_fr": "Été"})).select(".overtaken")
    assert words(box.p).startswith("claire a enregistré cette page depuis que vous l’avez ouverte (aujourd’hui, ")
    assert words(box.label) == "Enregistrer quand même ma version ; l’autre reste dans l’historique"


def test_ones_own_second_save_is_not_refused(editor):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    for title in ("un", "deux"):
        data = form_data(editor.get(change)) | {"title_fr": title, "_continue": "1"}
        assert editor.post(change, data).status_code == 302


def test_a_change_that_nobody_made_in_the_admin_is_told_without_a_name(editor):
    event = make_event(status="draft")
    record(event)
    change = f"/admin/events/event/{event.pk}/change/"
    data = form_data(editor.get(change))
    event.title_en = "By a command"
    event.save()

    [box] = soup(editor.post(change, data)).select(".overtaken")
    assert words(box.p).startswith("This page was changed since you opened it (today, ")


@pytest.mark.parametrize("opened", ["", "yesterday", "2026-99-99T00:00", "2021-01-01T00:00:00", "2021-01-01", None])
def test_a_form_that_does_not_say_when_it_was_opened_is_saved(editor, opened):
    event = make_event(status="draft")
    change = f"/admin/events/event/{event.pk}/change/"
    data = form_data(editor.get(change)) | {"title_fr": "Été", "opened": opened}
    data = {name: value for name, value in data.items() if value is not None}

    assert editor.post(change, data).status_code == 302


def test_whoever_was_quicker_is_told_by_the_hours_of_the_history(editor, paul):
    event = make_event(timezone="Asia/Tokyo")
    change = f"/admin/events/event/{event.pk}/change/"
    mine, theirs = form_data(editor.get(change)), form_data(paul.get(change))
    paul.post(change, theirs | {"title_en": "Theirs"})
    [box] = soup(editor.post(change, mine | {"title_fr": "Le mien"})).select(".overtaken")
    [line] = soup(editor.get(f"/admin/events/event/{event.pk}/history/")).select(".versions li:first-child time")
    assert f"({words(line).lower()})" in words(box.p)
