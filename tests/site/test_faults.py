"""A form of the admin that was not saved says why at its top, and leads to each place."""

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from events.models import Strategy
from omep_site.lib.faults import first
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    """Claire, who may do everything and reads French."""
    client.force_login(User.objects.create_superuser("claire"))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def change(event) -> str:
    return f"/admin/events/event/{event.pk}/change/"


def send(client, event, **typed):
    """Opens the form, changes what is given and sends it."""
    return soup(client.post(change(event), form_data(client.get(change(event))) | typed))


def listed(page) -> list[tuple[str, str]]:
    """Where each line leads, and what it says."""
    return [(item.a["href"] if item.a else "", words(item)) for item in page.select(".faults li")]


def test_the_list_leads_to_fields_rows_and_the_first_box_of_a_date(editor):
    event = make_event()
    for position, text in enumerate(["la crèche", "l’œuvre"], start=1):
        Strategy.objects.create(event=event, text_fr=text, text_en=text, position=position)

    page = send(
        editor,
        event,
        title_fr="",
        ends_at_0="01/01/2020",
        registration_url="pas une adresse",
        **{"strategies-1-text_fr": "", "strategies-1-text_en": ""},
    )

    assert [anchor for anchor, _ in listed(page)] == [
        "#id_title_fr",
        "#id_ends_at_0",
        "#id_registration_url",
        "#id_publish_incomplete",
        "#strategies-1",
    ]
    for anchor, _ in listed(page):
        assert len(page.select(anchor)) == 1
    assert listed(page)[2][1] == "Lien d’inscription Saisissez une URL valide."
    assert listed(page)[4][1].startswith("Stratégie 2 ")
    [box] = page.select(".faults[role=alert][tabindex='-1']")
    assert words(box.p) == "Rien n’est encore enregistré : il reste 5 points à corriger."


def test_a_form_that_opens_has_no_list_and_one_that_was_saved_neither(editor):
    event = make_event()

    assert listed(soup(editor.get(change(event)))) == []
    assert listed(send(editor, event, title_fr="Été à la crèche")) == []


def test_a_warning_is_listed_without_its_tick(editor):
    add = "/admin/events/event/add/"
    day = {f"{name}_at_0": "06/12/2021" for name in ("starts", "ends")}
    hours = {"starts_at_1": "9h", "ends_at_1": "10h"}

    page = soup(editor.post(add, form_data(editor.get(add)) | {"title_fr": "Été"} | day | hours))

    assert [line for line in listed(page) if line[0] == "#id_starts_at_0"] == [
        ("#id_starts_at_0", "Début Cette date est passée.")
    ]


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ("Une phrase. Une autre.", "Une phrase."),
        ("À 9 h 30 env. cela commence.", "À 9 h 30 env. cela commence."),
        ("Trop court ! Écrivez plus.", "Trop court !"),
        ("a < b & c", "a < b & c"),
    ],
)
def test_the_first_sentence_of_a_message(message, sentence):
    assert first(message) == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Choose your files again: browsers do not keep them when a form comes back."),
        (
            "fr",
            "Choisissez de nouveau vos fichiers : le navigateur ne les garde pas quand un formulaire revient.",
        ),
    ],
)
def test_files_are_asked_for_again_in_the_list_and_at_their_field(editor, language, sentence):
    editor.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    event = make_event()
    row = {
        "documents-TOTAL_FORMS": "1",
        "documents-0-title_fr": "Le cahier d’été",
        "documents-0-file_fr": SimpleUploadedFile("cahier.pdf", b"%PDF-1.4 ..."),
        "documents-0-position": "1",
    }

    page = send(editor, event, title_fr="", **row)

    [said] = [text for anchor, text in listed(page) if anchor == "#id_documents-0-file_fr"]
    assert said.endswith(sentence)
    assert said.startswith("Document 1, f")
    [field] = page.select("#id_documents-0-file_fr_helptext")
    assert words(field).startswith(sentence)


def test_a_saved_form_asks_for_no_file(editor, uploads):
    event = make_event()
    file = SimpleUploadedFile("cahier.pdf", b"%PDF-1.4 ...")
    row = {"documents-TOTAL_FORMS": "1", "documents-0-title_fr": "Été", "documents-0-file_fr": file}
    data = form_data(editor.get(change(event))) | row | {"documents-0-position": "1"}

    assert editor.post(change(event), data).status_code == 302


def test_of_two_who_edit_the_notice_stands_alone_where_nothing_else_is_wrong(editor):
    event = make_event()
    late = form_data(editor.get(change(event)))
    editor.post(change(event), late | {"title_fr": "Le premier"})

    page = soup(editor.post(change(event), late | {"title_fr": "Le second"}))

    assert len(page.select(".overtaken[role=alert][tabindex='-1']")) == 1
    assert listed(page) == []


def test_without_javascript_the_form_says_that_it_adds_no_rows(editor):
    page = soup(editor.get("/admin/events/event/add/"))

    assert [words(each) for each in page.select("#content-main noscript")] == [
        "Pour ajouter des lignes, des images ou des documents, il faut activer JavaScript."
    ]
