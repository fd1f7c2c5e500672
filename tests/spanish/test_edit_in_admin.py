"""Three languages side by side, and what is asked of each."""

import pytest

from events.completeness import keep_overview
from events.models import Event
from tests.admin_forms import form_data
from tests.events.test_edit_in_admin import COMPLETE, errors
from tests.factories import make_event
from tests.pages import soup, words
from tests.spanish.factories import NO_ENGLISH, SPANISH, make_launch

pytestmark = pytest.mark.django_db

ADD = "/admin/events/event/add/"
IN_SPANISH = {"title_es": "Un verano", "summary_es": "Un anuncio.", "body_es": "<p>Vengan</p>"}


def form_of(event) -> str:
    return f"/admin/events/event/{event.pk}/change/"


def states(page, *fields) -> dict[str, str]:
    """What the line under each field says."""
    return {field: words(page.select_one(f"#id_{field}").find_next(class_="word-state")) for field in fields}


@pytest.mark.parametrize("field", ["title", "summary", "body", "place", "registration_label", "recording_url", "slug"])
def test_the_languages_of_a_field_stand_in_one_row(editor, field):
    page = soup(editor.get(form_of(make_launch())))
    rows = [page.select_one(f"#id_{field}_{code}").find_parent(class_="form-row") for code in ("fr", "en", "es")]
    assert rows[0] is rows[1] is rows[2]
    labels = [words(page.select_one(f"label[for=id_{field}_{code}]")) for code in ("fr", "en", "es")]
    name = labels[0].partition(" – ")[0]
    assert [label.rstrip(" :") for label in labels] == [
        f"{name} – {each}" for each in ("français", "anglais", "espagnol")
    ]
    assert [page.select_one(f"#id_{field}_{code}")["lang"] for code in ("fr", "en", "es")] == ["fr", "en", "es"]


def test_rows_have_a_cell_for_each_language_which_says_its_own(editor):
    page = soup(editor.get(form_of(make_launch())))
    cells = page.select("#objectives-group .empty-form td:has(textarea)")
    assert [(words(cell.select_one(".cell-language")), cell.textarea["lang"]) for cell in cells] == [
        ("français", "fr"),
        ("anglais", "en"),
        ("espagnol", "es"),
    ]


def test_each_language_says_what_it_lacks_and_what_is_to_be_checked(editor):
    event = make_launch(summary_es="", source_language="es", title_es="Primero")
    event.title_es = "Segundo"
    event.save()
    keep_overview(event)
    assert event.language_states == {"fr": "out_of_date", "en": "out_of_date", "es": "missing"}

    page = soup(editor.get(form_of(event)))
    found = states(page, "title_fr", "title_en", "title_es", "summary_fr", "summary_en", "summary_es")
    assert {field: words_.partition(" Le texte")[0] for field, words_ in found.items()} == {
        "title_fr": "↻",
        "title_en": "↻",
        "title_es": "✓ rempli",
        "summary_fr": "✓ rempli",
        "summary_en": "✓ rempli",
        "summary_es": "○ manquant",
    }
    assert found["title_fr"] == "↻ Le texte en espagnol a changé depuis. Cette traduction reste juste"


def test_a_tick_for_one_translation_leaves_the_other_to_be_checked(editor):
    event = make_launch(source_language="es")
    event.title_es = "Otro"
    event.save()
    data = form_data(editor.get(form_of(event))) | {"still_right": ["title_fr"]}
    assert editor.post(form_of(event), data).status_code == 302
    assert Event.objects.get().language_states == {"fr": "filled", "en": "out_of_date", "es": "filled"}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {},
            "Complétez les champs signalés, ou cochez cette case pour publier sans ces langues : espagnol. "
            "Espagnol : titre, annonce, invitation",
        ),
        (
            {"title_en": "", "title_es": "Un verano", "summary_es": "Un anuncio."},
            "Complétez les champs signalés, ou cochez cette case pour publier sans ces langues : anglais et espagnol. "
            "Anglais : titre Espagnol : invitation",
        ),
    ],
)
def test_the_gate_names_each_language_that_is_missing(editor, given, sentence):
    response = editor.post(ADD, COMPLETE | given)
    assert Event.objects.count() == 0
    assert errors(response)[-1] == sentence


def test_an_event_goes_out_complete_or_with_a_tick(editor):
    assert editor.post(ADD, COMPLETE | IN_SPANISH).status_code == 302
    assert editor.post(ADD, COMPLETE | {"publish_incomplete": "on"}).status_code == 302
    assert list(Event.objects.order_by("pk").values_list("slug_es", "status", "publish_incomplete")) == [
        ("un-verano", "published", False),
        (None, "published", True),
    ]


def test_a_tick_that_was_given_for_spanish_is_none_for_english(editor):
    event = make_event(publish_incomplete=True)
    data = form_data(editor.get(form_of(event))) | {"title_en": ""}
    response = editor.post(form_of(event), data)
    assert "Personne n’a encore accepté de publier sans anglais." in words(soup(response))
    assert Event.objects.get().title_en == event.title_en


def test_an_address_is_another_event_s_in_whichever_language(editor):
    make_launch()
    response = editor.post(ADD, COMPLETE | IN_SPANISH | {"slug_en": "lanzamiento-de-la-estrategia"})
    assert "Un autre événement a déjà cette adresse." in errors(response)
    editor.post(ADD, COMPLETE | IN_SPANISH | {"title_en": "Lanzamiento de la Estrategia"})
    assert Event.objects.order_by("pk").last().slug_en == "lanzamiento-de-la-estrategia-2"


def test_the_matrix_has_a_column_for_each_language(editor):
    make_launch()
    make_event()
    make_event(**SPANISH | NO_ENGLISH | {"slug_es": "verano"})
    page = soup(editor.get("/admin/events/event/"))
    head = [words(cell) for cell in page.select("#result_list thead th")][-3:]
    rows = [[words(cell) for cell in row.select("td")][-3:] for row in page.select("#result_list tbody tr")]
    assert head == ["Français", "Anglais", "Espagnol"]
    assert sorted(rows) == [
        ["✓ rempli", "○ incomplet", "✓ rempli"],
        ["✓ rempli", "✓ rempli", "○ incomplet"],
        ["✓ rempli", "✓ rempli", "✓ rempli"],
    ]


@pytest.mark.parametrize(("chosen", "count"), [("not-es", 1), ("not-en", 1), ("not-fr", 0), ("gaps-es", 1)])
def test_the_list_is_filtered_by_each_language(editor, chosen, count):
    make_launch()
    make_event()
    make_event(**SPANISH | NO_ENGLISH | {"slug_es": "verano"})
    page = soup(editor.get("/admin/events/event/", {"language": chosen}))
    assert len(page.select("#result_list tbody tr")) == count


def test_the_preview_stands_in_each_language(editor):
    event = make_launch(status="draft")
    for code in ("fr", "en", "es"):
        page = soup(editor.get(f"/admin/events/event/{event.pk}/preview/{code}/"))
        assert (page.html["lang"], words(page.h1)) == (code, getattr(event, f"title_{code}"))
        assert len(page.select("nav.languages li")) == 3


def test_the_house_itself_can_be_read_in_spanish(editor):
    editor.post("/admin/language/", {"language": "es"})
    page = soup(editor.get("/admin/events/event/"))
    assert (page.html["lang"], page.select_one("#result_list, #changelist") is not None) == ("es", True)
