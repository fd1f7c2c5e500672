"""Draft, published, published from a moment on; and which languages of an event are public."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from events.models import JOIN_EARLY, Event, next_change
from omep_site.models import ContentVersion
from tests.factories import make_event

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db

FRENCH_ONLY = {"title_en": "", "summary_en": "", "slug_en": None, "body_en": ""}
NOTHING_WRITTEN = FRENCH_ONLY | {"title_fr": "", "summary_fr": "", "slug_fr": None, "body_fr": ""}


@pytest.mark.parametrize(
    ("case", "fields", "public"),
    [
        ("draft", {"status": "draft", "publish_at": None}, False),
        ("draft with a moment that has passed", {"status": "draft", "publish_at": NOW - HOUR}, False),
        ("published an hour ago", {"publish_at": NOW - HOUR}, True),
        ("published this very moment", {"publish_at": NOW}, True),
        ("published from an hour on", {"publish_at": NOW + HOUR}, False),
        ("only in French", {"publish_at": NOW - HOUR, **FRENCH_ONLY}, True),
        ("in no language", {"publish_at": NOW - HOUR, **NOTHING_WRITTEN}, False),
        ("without an English slug", {"publish_at": NOW - HOUR, "slug_en": None}, True),
    ],
)
def test_the_queryset_and_the_row_agree_on_what_is_public(case, fields, public):
    event = make_event(**fields)

    assert list(Event.objects.published(NOW)) == ([event] if public else [])
    assert event.is_published(NOW) is public


@pytest.mark.parametrize("field", ["title", "slug", "summary", "body"])
@pytest.mark.parametrize("empty", ["", None])
def test_a_language_is_complete_with_its_title_slug_summary_and_body(field, empty):
    if field == "slug" and empty == "":
        empty = None
    event = make_event(**{f"{field}_en": empty})

    assert event.complete_languages() == ["fr"]
    assert event.missing_in("en") == [field]
    assert list(Event.objects.complete_in("fr")) == [event]
    assert list(Event.objects.complete_in("en")) == []


def test_two_events_may_both_lack_an_english_slug():
    make_event(slug_en=None)
    make_event(slug_en=None)

    assert Event.objects.filter(slug_en=None).count() == 2


@pytest.mark.parametrize(
    ("status", "verb", "moved", "afterwards"),
    [
        ("draft", "publish", True, "published"),
        ("published", "publish", False, "published"),
        ("draft", "withdraw", False, "draft"),
        ("published", "withdraw", True, "draft"),
    ],
)
def test_each_verb_moves_from_one_state_only(status, verb, moved, afterwards):
    event = make_event(status=status)
    before = ContentVersion.current()

    assert getattr(event, verb)() is moved
    event.refresh_from_db()
    assert event.status == afterwards
    assert ContentVersion.current() == before + moved


@pytest.mark.parametrize(
    ("case", "fields", "published"),
    [
        ("both languages", {}, True),
        ("one language, nobody agreed", FRENCH_ONLY, False),
        ("one language, an editor agreed", FRENCH_ONLY | {"publish_incomplete": True}, True),
        ("no language, an editor agreed", NOTHING_WRITTEN | {"publish_incomplete": True}, False),
    ],
)
def test_publishing_asks_for_every_language_or_for_somebodys_word(case, fields, published):
    event = make_event(status="draft", publish_at=None, **fields)

    assert event.publish(at=NOW) is published
    event.refresh_from_db()
    assert event.publish_at == (NOW if published else None)


def test_the_next_change_is_the_first_publication_opening_start_or_end_to_come():
    assert next_change(NOW) is None

    make_event(starts_at=NOW + 5 * HOUR, publish_at=NOW - HOUR)
    assert next_change(NOW) == NOW + 5 * HOUR - JOIN_EARLY
    assert next_change(NOW + 5 * HOUR - JOIN_EARLY) == NOW + 5 * HOUR
    assert next_change(NOW + 5 * HOUR) == NOW + 6 * HOUR

    make_event(starts_at=NOW + 9 * HOUR, publish_at=NOW + 2 * HOUR)
    assert next_change(NOW) == NOW + 2 * HOUR
    assert next_change(NOW + 2 * HOUR) == NOW + 5 * HOUR - JOIN_EARLY

    make_event(starts_at=NOW, publish_at=None, status="draft")
    assert next_change(NOW + 9 * HOUR) == NOW + 10 * HOUR
    assert next_change(NOW + 10 * HOUR) is None


def test_an_event_is_over_at_its_end_and_not_before():
    event = make_event(starts_at=NOW)

    assert list(Event.objects.coming(NOW + HOUR - timedelta(seconds=1))) == [event]
    assert list(Event.objects.past(NOW + HOUR)) == [event]
    assert event.has_ended(NOW + HOUR - timedelta(seconds=1)) is False
    assert event.has_ended(NOW + HOUR) is True


def test_what_comes_is_listed_soonest_first_and_what_was_latest_first():
    later, sooner, older, newer = (
        make_event(starts_at=NOW + hours * HOUR, publish_at=NOW) for hours in (9, 2, -90, -20)
    )

    assert list(Event.objects.published(NOW + HOUR).coming(NOW)) == [sooner, later]
    assert list(Event.objects.past(NOW)) == [newer, older]


def test_a_script_in_the_body_is_removed_also_where_no_form_is_used():
    event = make_event(body_fr='<p onclick="x()">Bonjour <strong>à tous</strong><script>alert(1)</script></p>')

    event.refresh_from_db()
    assert event.body_fr == "<p>Bonjour <strong>à tous</strong></p>"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_saving_an_event_fills_no_missing_language_with_another_ones_words(language):
    with translation.override(language):
        event = make_event(body_en="", summary_en="", title_en="")
        event.save()

    event.refresh_from_db()
    assert event.missing_in("en") == ["title", "summary", "body"]
