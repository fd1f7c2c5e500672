"""What stands in each language of an event, its rows included."""

import pytest

from events.completeness import keep_overview, overview, reports
from events.models import Event, Picture, Strategy
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def lines(event, language):
    report = next(each for each in reports(event) if each.language == language)
    return [(item.label, item.state.value, item.anchor) for item in report.items if item.state != "filled"]


def test_an_event_with_everything_is_filled_in_both_languages():
    event = make_event()
    assert event.language_states == overview(event) == {"fr": "filled", "en": "filled"}


def test_what_is_missing_is_named_with_the_place_of_its_field_in_the_form():
    event = make_event(summary_en="", place_fr="")
    Strategy.objects.create(event=event, text_fr="Les droits", text_en="Rights")
    Strategy.objects.create(event=event, text_fr="Les données", position=1)

    assert lines(event, "en") == [
        ("annonce", "missing", "id_summary_en"),
        ("stratégie 2", "missing", "id_strategies-1-text_en"),
    ]
    assert lines(event, "fr") == [("lieu", "missing", "id_place_fr")]
    assert [report.is_readable for report in reports(event)] == [True, False]


def test_a_changed_source_asks_for_its_translation():
    event = make_event()
    event.title_fr = "Un autre été"
    event.save()
    keep_overview(event)

    assert lines(event, "en") == [("titre", "out_of_date", "id_title_en")]
    assert Event.objects.get().language_states == {"fr": "filled", "en": "out_of_date"}


def test_a_picture_asks_for_its_words_unless_it_is_decoration():
    event = make_event()
    Picture.objects.create(event=event, file="pictures/a.jpg", width=3, height=2, alt_fr="Des enfants")
    Picture.objects.create(event=event, file="pictures/b.jpg", width=3, height=2, decorative=True, position=1)

    assert lines(event, "en") == [("image 1 (ce qu’on y voit)", "missing", "id_pictures-0-alt_en")]
    assert lines(event, "fr") == []


def test_an_empty_language_lacks_what_nobody_can_do_without():
    event = make_event(title_en="", summary_en="", body_en="", place_fr="", place_en="")
    assert [anchor for _label, _state, anchor in lines(event, "en")] == ["id_title_en", "id_summary_en", "id_body_en"]
