"""What is filled, missing or out of date; tried on the rows of an event."""

import pytest

from events.models import Strategy
from omep_site.lib.translating import State, digest, note, overall, state, words_of
from tests.factories import make_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy():
    return Strategy.objects.create(event=make_event(), text_fr="Les données", text_en="Data")


def state_of(row, language="en", source="fr"):
    return state(Strategy.objects.get(pk=row.pk), "text", language, source)


def test_a_translation_is_filled_until_its_source_changes(strategy):
    assert (state_of(strategy), state_of(strategy, "fr")) == (State.FILLED, State.FILLED)

    strategy.text_fr = "Les données et leur évaluation"
    strategy.save()
    assert (state_of(strategy), state_of(strategy, "fr")) == (State.OUT_OF_DATE, State.FILLED)


def test_a_source_that_goes_back_to_what_was_translated_is_in_order_again(strategy):
    for words in ("Autre chose", "Les données"):
        strategy.text_fr = words
        strategy.save()
    assert state_of(strategy) == State.FILLED


def test_a_new_translation_is_made_from_the_source_of_today(strategy):
    strategy.text_fr = "Les données ouvertes"
    strategy.save()
    strategy.text_en = "Open data"
    strategy.save()
    assert state_of(strategy) == State.FILLED


def test_both_changed_at_once_are_in_order(strategy):
    strategy.text_fr, strategy.text_en = "Les droits", "Rights"
    strategy.save()
    assert state_of(strategy) == State.FILLED


def test_somebody_may_say_that_a_translation_still_stands(strategy):
    strategy.text_fr = "Les données."
    note(strategy, "fr", ["text_en"])
    strategy.save()
    assert state_of(strategy) == State.FILLED


def test_an_update_that_goes_past_save_is_seen_all_the_same(strategy):
    Strategy.objects.filter(pk=strategy.pk).update(text_fr="Été")
    assert state_of(strategy) == State.OUT_OF_DATE
    # An update of the translation counts as work on it at the next save.
    Strategy.objects.filter(pk=strategy.pk).update(text_en="Summer")
    Strategy.objects.get(pk=strategy.pk).save()
    assert state_of(strategy) == State.FILLED


@pytest.mark.parametrize(
    ("french", "english", "states"),
    [
        ("Les droits", "", (State.FILLED, State.MISSING)),
        ("", "Rights", (State.MISSING, State.FILLED)),
        ("", "", (None, None)),
    ],
)
def test_a_text_is_missing_where_another_language_has_it(french, english, states):
    row = Strategy(text_fr=french, text_en=english)
    assert (state(row, "text", "fr", "fr"), state(row, "text", "en", "fr")) == states
    assert state(Strategy(), "text", "en", "fr", required=True) == State.MISSING


def test_a_translation_whose_source_is_gone_is_not_blamed(strategy):
    strategy.text_fr = ""
    strategy.save()
    assert (state_of(strategy), state_of(strategy, "fr")) == (State.FILLED, State.MISSING)


def test_english_may_be_the_source():
    row = Strategy.objects.create(event=make_event(source_language="en"), text_fr="Les droits", text_en="Rights")
    row.text_en = "Rights of the child"
    row.save()
    assert (state_of(row, "fr", "en"), state_of(row, "en", "en")) == (State.OUT_OF_DATE, State.FILLED)


def swap(row, source):
    """The event is now translated from `source`."""
    row.event.source_language = source
    row.event.save()


def test_what_did_not_agree_does_not_agree_from_the_other_side_either(strategy):
    strategy.text_fr = "Les données et leur évaluation"
    strategy.save()
    for source, target in (("en", "fr"), ("fr", "en"), ("en", "fr")):
        swap(strategy, source)
        strategy.save()
        assert (state_of(strategy, target, source), state_of(strategy, source, source)) == (
            State.OUT_OF_DATE,
            State.FILLED,
        )


def test_a_row_that_was_not_saved_when_the_source_changed_knows_what_it_was_made_from(strategy):
    swap(strategy, "en")
    row = Strategy.objects.get()
    row.text_en = "Open data"
    row.save()
    assert state_of(strategy, "fr", "en") == State.OUT_OF_DATE


def test_a_translation_that_is_emptied_and_written_anew_agrees(strategy):
    strategy.text_fr = "Autre chose"
    for english in ("", "Something else"):
        strategy.text_en = english
        strategy.save()
    assert state_of(strategy) == State.FILLED


def test_only_words_count_not_their_form():
    assert digest("<p>Un  été</p>\n") == digest("Un été") == digest("<p>Un&nbsp;<strong>été</strong></p>")
    assert digest("Un été") != digest("Un Été")


def test_words_are_the_translated_fields_in_the_models_order_without_addresses_and_files():
    from events.models import Document, Event

    assert words_of(Event)[:3] == ["title", "summary", "body"]
    assert not {"slug", "recording_url"} & set(words_of(Event))
    assert words_of(Document) == ["title"]


def test_missing_weighs_more_than_out_of_date():
    assert overall([State.FILLED, State.OUT_OF_DATE, State.MISSING]) == State.MISSING
    assert overall([State.FILLED, State.OUT_OF_DATE]) == State.OUT_OF_DATE
    assert overall([]) == State.FILLED
