"""Which changes of an event calendars hear of: SEQUENCE (RFC 5545, 3.8.7.4) counts them, and nothing else."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from django.utils import timezone

from events.calendar_digest import IN_CALENDARS
from events.duplicate import duplicate
from events.models import Event
from omep_site.lib.history import record, versions_of
from tests.admin_forms import form_data
from tests.factories import make_event

pytestmark = pytest.mark.django_db

START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)
LONG_AGO = datetime(2027, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)

HEARD = [
    {"title_fr": "Hiver"},
    {"title_en": "Winter"},
    {"place_fr": "Dakar"},
    {"place_en": ""},
    {"starts_at": START - HOUR},
    {"ends_at": START + 3 * HOUR},
    {"timezone": "Africa/Dakar"},
    {"all_day": True},
    {"event_status": "postponed"},
    {"event_status": "moved"},
    {"event_status": "cancelled"},
    {"attendance_mode": "both"},
    {"conference_url": "https://example.org/z"},
    {"title_fr": "Hiver", "place_fr": "Dakar", "starts_at": START - HOUR, "event_status": "moved"},
]
NOT_HEARD = [
    {},
    {"summary_fr": "Venez."},
    {"body_en": "<p>Come.</p>"},
    {"slug_fr": "hiver"},
    {"cities": ["Europe/Paris"], "interpretation_languages": ["fr"]},
    {"registration_url": "https://example.org/", "registration_closes_at": START},
    {"recording_url_fr": "https://example.org/", "credit_en": "CC BY"},
    {"status": "draft"},
    {"publish_at": LONG_AGO},
    {"starts_at": START + timedelta(milliseconds=3)},
]


def known_event(**fields) -> Event:
    """As it is stored, its last change long ago."""
    event = make_event(**{"starts_at": START, "title_fr": "Été", "title_en": "Summer"} | fields)
    Event.objects.filter(pk=event.pk).update(calendar_changed_at=LONG_AGO)
    return Event.objects.get(pk=event.pk)


def numbers(event) -> tuple:
    """Its sequence, and whether it has changed since long ago, as they are stored."""
    event = Event.objects.get(pk=event.pk)
    return event.sequence, event.calendar_changed_at != LONG_AGO


def save(event, **fields) -> None:
    for name, value in fields.items():
        setattr(event, name, value)
    event.save()


def test_a_new_event_begins_at_nought_with_a_name_of_its_own():
    first, second = make_event(), make_event()
    assert (first.sequence, second.sequence) == (0, 0)
    assert first.uid != second.uid
    assert timezone.now() - first.calendar_changed_at < timedelta(minutes=5)


@pytest.mark.parametrize("change", HEARD, ids=str)
def test_what_a_calendar_shows_raises_it_once(change):
    event = known_event()
    uid = event.uid

    save(event, **change)
    event.save()
    assert (numbers(event), event.sequence) == ((1, True), 1)
    assert Event.objects.get(pk=event.pk).uid == uid


def test_every_field_that_a_calendar_shows_is_among_them():
    changed = {name for change in HEARD for name in change}
    assert {name.removesuffix("_fr").removesuffix("_en") for name in changed} == set(IN_CALENDARS)


@pytest.mark.parametrize("change", NOT_HEARD, ids=str)
def test_what_only_the_page_shows_does_not(change):
    event = known_event()

    save(event, **change)
    assert numbers(event) == (0, False)


def test_pictures_and_publishing_do_not():
    event = known_event(status="draft")
    event.pictures.create(file="pictures/a.jpg", width=9, height=9, alt_fr="un jardin")

    assert (event.publish(), event.withdraw()) == (True, True)
    assert numbers(event) == (0, False)


def test_opening_and_saving_the_form_does_not_and_a_new_date_does(editor):
    event = known_event(place_fr="", place_en="")
    change = f"/admin/events/event/{event.pk}/change/"

    assert editor.post(change, form_data(editor.get(change))).status_code == 302
    assert numbers(event) == (0, False)
    data = form_data(editor.get(change)) | {"event_status": "moved", "starts_at_0": "05/12/2027"}
    assert editor.post(change, data).status_code == 302
    assert numbers(event) == (1, True)


def test_a_change_and_its_undoing_are_two_changes():
    event = known_event()
    save(event, title_fr="Hiver")
    save(event, title_fr="Été")
    assert numbers(event)[0] == 2


# Two who save


def test_who_saves_what_was_read_before_counts_on():
    event = known_event()
    early, late = (Event.objects.get(pk=event.pk) for _reader in range(2))

    save(early, title_fr="Hiver")
    save(late, title_fr="Automne")
    assert numbers(event) == (2, True)
    save(early, body_fr="<p>Venez.</p>")  # and takes the title back with it
    assert (numbers(event), early.sequence) == ((3, True), 3)


def test_an_unchanged_copy_from_before_does_not_take_the_number_back():
    event = known_event()
    copy = Event.objects.get(pk=event.pk)
    save(event, title_fr="Hiver")

    save(copy, title_fr="Hiver")
    assert numbers(event) == (1, True)
    assert copy.calendar_changed_at == event.calendar_changed_at


def test_eight_who_save_at_once_have_eight_numbers(at_once):
    event, titles = make_event(), count()

    def change():
        mine = Event.objects.get(pk=event.pk)
        save(mine, title_fr=f"Titre {next(titles)}")
        return mine.sequence

    assert sorted(at_once(change, 8)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_an_update_that_went_past_is_seen_at_the_next_save():
    event = known_event()
    Event.objects.filter(pk=event.pk).update(place_fr="Dakar")
    save(Event.objects.get(pk=event.pk))
    assert numbers(event) == (1, True)


@pytest.mark.parametrize(("change", "expected"), [({}, (0, False)), ({"title_fr": "Hiver"}, (1, True))])
def test_a_row_that_is_older_than_its_digest_is_compared_with_itself(change, expected):
    event = known_event()
    Event.objects.filter(pk=event.pk).update(calendar_digest="")

    save(Event.objects.get(pk=event.pk), **change)
    assert numbers(event) == expected
    save(Event.objects.get(pk=event.pk))
    assert numbers(event) == expected


# Copies, and the history


def test_a_copy_has_a_name_of_its_own_and_begins_at_nought():
    event = known_event()
    save(event, title_fr="Hiver")
    copy = duplicate(event, starts_at=START, ends_at=START + HOUR, zone="UTC", all_day=False)

    assert (copy.sequence, copy.uid == event.uid) == (0, False)
    assert copy.calendar_changed_at > event.calendar_changed_at
    assert numbers(event)[0] == 1


def test_bringing_an_old_version_back_raises_it_again(editor):
    event = known_event()
    uid = event.uid
    record(event)
    [then] = versions_of(Event, event.pk)
    for title in ("Printemps", "Automne", "Hiver"):
        save(event, title_fr=title)

    assert editor.post(f"/admin/events/event/{event.pk}/history/{then.pk}/").status_code == 302
    event.refresh_from_db()
    assert (event.title_fr, event.sequence, event.uid) == ("Été", 4, uid)


def test_bringing_back_what_calendars_do_not_show_leaves_it(editor):
    event = known_event()
    record(event)
    [then] = versions_of(Event, event.pk)
    save(event, body_fr="<p>Autre chose.</p>")

    assert editor.post(f"/admin/events/event/{event.pk}/history/{then.pk}/").status_code == 302
    event.refresh_from_db()
    assert (event.body_fr, event.sequence) == ("<p>Venez nombreuses et nombreux.</p>", 0)


def test_a_deleted_event_comes_back_under_its_name_and_counts_on(editor):
    event = known_event()
    uid, pk = event.uid, event.pk
    save(event, title_fr="Hiver")
    editor.post(f"/admin/events/event/{pk}/delete/", {"post": "yes"})
    gone = versions_of(Event, pk).first()

    assert editor.post(f"/admin/events/event/deleted/{gone.pk}/").status_code == 302
    back = Event.objects.get(pk=pk)
    assert (back.title_fr, back.uid, back.sequence) == ("Hiver", uid, 2)
