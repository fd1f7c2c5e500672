"""Ordered rows in the event's form: a pasted list becomes rows."""

import pytest

from events.models import Objective, Strategy
from events.row_forms import lines_of
from tests.events.test_edit_in_admin import COMPLETE, START, errors
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def save(editor, event, rows, **more):
    """Posts the event's form with strategies, given as dicts."""
    old = [row for row in rows if "id" in row]
    data = COMPLETE | {"slug_fr": event.slug_fr, "slug_en": event.slug_en} | more
    data |= {"strategies-TOTAL_FORMS": len(rows), "strategies-INITIAL_FORMS": len(old)}
    for index, row in enumerate([*old, *(row for row in rows if "id" not in row)]):
        data |= {f"strategies-{index}-{name}": value for name, value in row.items()} | {
            f"strategies-{index}-event": event.pk
        }
    return editor.post(f"/admin/events/event/{event.pk}/change/", data)


def strategies(event):
    return [(row.text_fr, row.text_en) for row in Strategy.objects.filter(event=event)]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("un", ["un"]),
        ("1. un", ["1. un"]),
        ("1. un\n2. deux", ["un", "deux"]),
        ("• un\r\n\r\n•\tdeux\n", ["un", "deux"]),
        ("a) été\nb) œuvre", ["été", "œuvre"]),
        ("(iv) un\n– deux", ["un", "deux"]),
        ("2021 : l’année\n3 enfants", ["2021 : l’année", "3 enfants"]),
        ("A. Myrdal\nV. Hugo", ["A. Myrdal", "V. Hugo"]),
        ("", []),
    ],
)
def test_a_list_is_split_at_its_lines_and_loses_its_bullets(text, lines):
    assert lines_of(text) == lines


def test_a_list_pasted_into_one_cell_becomes_rows_in_its_place(editor):
    event = make_event(starts_at=START)
    first = Strategy.objects.create(event=event, text_fr="avant", position=1)
    last = Strategy.objects.create(event=event, text_fr="après", position=2)
    rows = [
        {
            "id": first.pk,
            "text_fr": "• les droits\n• les données\n• l’équité",
            "text_en": "rights\ndata",
            "position": 1,
        },
        {"id": last.pk, "text_fr": "après", "text_en": "", "position": 2},
    ]
    response = save(editor, event, rows)
    assert (errors(response) if response.status_code == 200 else []) == []

    assert strategies(event) == [("les droits", "rights"), ("les données", "data"), ("l’équité", ""), ("après", None)]
    event.refresh_from_db()
    assert event.language_states == {"fr": "filled", "en": "missing"}


def test_a_list_pasted_into_a_new_row_comes_after_the_others(editor):
    event = make_event(starts_at=START)
    Strategy.objects.create(event=event, text_fr="avant", position=1)
    old = Strategy.objects.get()
    rows = [{"id": old.pk, "text_fr": "avant", "position": 1}, {"text_fr": "un\ndeux", "text_en": "one\ntwo"}]
    response = save(editor, event, rows)
    assert (errors(response) if response.status_code == 200 else []) == []

    assert strategies(event) == [("avant", None), ("un", "one"), ("deux", "two")]


def test_a_line_that_is_too_long_is_refused_and_nothing_is_lost(editor):
    event = make_event(starts_at=START)
    response = save(editor, event, [{"text_fr": "court\n" + "é" * 501}])

    assert response.status_code == 200
    assert "“éééééééééééééééééééééééééééééé…” is too long: 501 characters, at most 500." in errors(response)
    assert "court\n" + "é" * 501 in response.content.decode()
    assert strategies(event) == []


def test_a_deleted_row_makes_no_further_rows(editor):
    event = make_event(starts_at=START)
    row = Strategy.objects.create(event=event, text_fr="un", position=1)
    assert (
        save(editor, event, [{"id": row.pk, "text_fr": "un\ndeux", "position": 1, "DELETE": "on"}]).status_code == 302
    )

    assert strategies(event) == []


def test_saying_that_a_translation_still_stands_is_saved_although_no_word_changed(editor):
    event = make_event(starts_at=START)
    row = Strategy.objects.create(event=event, text_fr="Les droits", text_en="Rights", position=1)
    row.text_fr = "Les droits !"
    row.save()
    unchanged = {"id": row.pk, "text_fr": "Les droits !", "text_en": "Rights", "position": 1}

    save(editor, event, [unchanged])
    event.refresh_from_db()
    assert event.language_states["en"] == "out_of_date"
    save(editor, event, [unchanged | {"still_right": "text_en"}])
    event.refresh_from_db()
    assert event.language_states["en"] == "filled"


def test_objectives_are_made_from_lists_too(editor):
    event = make_event(starts_at=START)
    data = {"objectives-TOTAL_FORMS": 1, "objectives-0-text_en": "- one\n- two", "objectives-0-event": event.pk}
    assert save(editor, event, [], **data).status_code == 302

    assert [row.text_en for row in Objective.objects.all()] == ["one", "two"]


def test_a_list_that_is_far_too_long_is_refused(editor):
    event = make_event(starts_at=START)
    response = save(editor, event, [{"text_fr": "\n".join(f"été {number}" for number in range(61))}])
    assert "This list has 61 lines; at most 60 are taken at once." in errors(response)
