"""The list of events, as an editor asks for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event, Strategy
from omep_site.lib import public
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

LIST = "/admin/events/event/"
HOUR = timedelta(hours=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def events(now):
    """One event for each case, by its name."""
    old = {"starts_at": now - timedelta(days=30), "ends_at": now - timedelta(days=30) + HOUR}
    made = {
        "draft": make_event(status="draft"),
        "out tomorrow": make_event(publish_at=now + timedelta(days=1)),
        "out next month": make_event(publish_at=now + timedelta(days=30)),
        "public": make_event(starts_at=now + timedelta(days=3)),
        "past": make_event(**old),
        "postponed": make_event(event_status="postponed", **old),
        "cancelled": make_event(event_status="cancelled", starts_at=now + timedelta(days=20)),
        "no English": make_event(title_en="", summary_en="", body_en="", starts_at=now + timedelta(days=40)),
        "no English place": make_event(place_en="", starts_at=now + timedelta(days=50)),
    }
    stale = make_event(starts_at=now + timedelta(days=60))
    stale.title_fr = "Changé"
    stale.save()
    from events.completeness import keep_overview

    keep_overview(stale)
    return made | {"stale": stale}


def names(client, events, query) -> set[str]:
    found = {int(box["value"]) for box in soup(client.get(LIST, query)).select("input.action-select")}
    return {name for name, event in events.items() if event.pk in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"public": "draft"}, {"draft"}),
        ({"public": "soon"}, {"out tomorrow"}),
        ({"public": "later"}, {"out tomorrow", "out next month"}),
        ({"when": "week", "public": "now"}, {"public"}),
        ({"when": "past"}, {"past"}),
        ({"when": "changed"}, {"postponed", "cancelled"}),
        ({"language": "not-en"}, {"no English"}),
        ({"language": "not-fr"}, set()),
        ({"language": "gaps-en"}, {"no English", "no English place"}),
        ({"language": "check-en"}, {"stale"}),
        ({"language": "unfinished"}, {"no English", "no English place", "stale"}),
        ({"q": "Changé"}, {"stale"}),
        ({"q": "changé"}, {"stale"}),
    ],
)
def test_the_list_answers_what_an_editor_asks(editor, events, query, expected):
    assert names(editor, events, query) == expected


def test_a_postponed_event_is_still_to_come(editor, events):
    assert "postponed" in names(editor, events, {"when": "coming"})
    assert "past" not in names(editor, events, {"when": "coming"})


def test_an_unknown_choice_shows_the_whole_list(editor, events):
    assert names(editor, events, {"language": "check-xx"}) == set(events)


def test_the_matrix_says_the_state_of_each_language(editor, events):
    page = soup(editor.get(LIST))
    rows = {
        row.select_one("input.action-select")["value"]: [
            words(row.select_one(f".field-in_{code}")) for code in ("fr", "en")
        ]
        for row in page.select("#result_list tbody tr")
    }
    assert [words(each) for each in page.select("#result_list thead th")][-2:] == ["French", "English"]
    assert {name: rows[str(event.pk)] for name, event in events.items() if name in ("past", "stale", "no English")} == {
        "past": ["✓ filled", "✓ filled"],
        "stale": ["✓ filled", "↻ to be checked"],
        "no English": ["✓ filled", "○ incomplete"],
    }


@pytest.mark.parametrize("count", [10, 500])
def test_the_list_asks_the_database_ten_times_however_many_events_there_are(editor, django_assert_num_queries, count):
    fill(count)
    with django_assert_num_queries(10):
        response = editor.get(LIST)
    assert len(soup(response).select("#result_list tbody tr")) == min(count, 100)


@pytest.mark.parametrize(("count", "rows"), [(10, 1), (500, 30)])
def test_the_form_asks_the_database_as_often_for_many_events_and_rows(editor, django_assert_num_queries, count, rows):
    fill(count)
    event = Event.objects.first()
    for position in range(rows):
        Strategy.objects.create(event=event, text_fr="Les droits", position=position)
        event.speakers.create(name="Zoé Çağlar", role_fr="modère", position=position)
        event.pictures.create(file=f"pictures/{position}.jpg", width=9, height=9, alt_fr="un jardin", position=position)
    public.forget_version()
    with django_assert_num_queries(FORM_QUERIES):
        editor.get(f"{LIST}{event.pk}/change/")


FORM_QUERIES = 27


def fill(count):
    now = timezone.now()
    template = make_event()
    rows = [
        Event(
            title=f"Événement {number}",
            title_fr=f"Événement {number}",
            slug_fr=f"e-{number}",
            starts_at=now + number * HOUR,
            ends_at=now + number * HOUR + HOUR,
            language_states=template.language_states,
        )
        for number in range(count - 1)
    ]
    Event.objects.bulk_create(rows)
