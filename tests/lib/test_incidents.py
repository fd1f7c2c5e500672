"""What goes wrong is noted from anywhere, and stored when the database is there."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from omep_site.lib import incidents
from omep_site.models import Incident, Kind

NIGHT = datetime(2026, 11, 26, 3, 12, tzinfo=timezone.get_fixed_timezone(60))


@pytest.fixture
def at(monkeypatch):
    """`at(minutes)` sets the clock to so many minutes after the night's first."""

    def set_clock(minutes: float) -> None:
        monkeypatch.setattr(incidents.time, "time", lambda: (NIGHT + timedelta(minutes=minutes)).timestamp())

    set_clock(0)
    return set_clock


def stored() -> list[tuple]:
    """(kind, began, ended, times), in minutes of the night."""
    rows = Incident.objects.order_by("began", "pk").values_list("kind", "began", "ended", "times")
    return [(kind, *((each - NIGHT) / timedelta(minutes=1) for each in (b, e)), times) for kind, b, e, times in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [True, False])
def test_what_is_noted_less_than_ten_minutes_apart_is_one_incident(at, at_once):
    for minutes in (0, 0.5, 9, 18.9, 29):
        at(minutes)
        incidents.note(Kind.DATABASE_AWAY)
        if not at_once:
            incidents.store()
    incidents.store()
    incidents.store()
    assert stored() == [(Kind.DATABASE_AWAY, 0, 18.9, 4), (Kind.DATABASE_AWAY, 29, 29, 1)]


@pytest.mark.django_db
def test_kinds_are_kept_apart_and_what_another_process_stored_is_joined(at):
    incidents.note(Kind.FAULT)
    incidents.note("cache away")
    incidents.store()
    at(5)
    Incident.add(Kind.FAULT, NIGHT + timedelta(minutes=3), NIGHT + timedelta(minutes=4), 7)
    assert stored() == [(Kind.FAULT, 0, 4, 8), (Kind.CACHE_AWAY, 0, 0, 1)]


def test_noting_needs_no_database_and_never_fails():
    for _ in range(3):
        incidents.note(Kind.NOT_STORED)
    for number in range(2 * incidents.MOST):
        incidents.note(f"nonsense {number}")
    assert (len(incidents.noted()), incidents.noted()[0]) == (incidents.MOST, Kind.NOT_STORED)


@pytest.mark.django_db
def test_what_cannot_be_stored_waits_for_the_next_occasion(at, monkeypatch):
    def away(*args):
        raise OperationalError

    incidents.note(Kind.DATABASE_AWAY)
    with monkeypatch.context() as broken:
        broken.setattr(Incident, "add", away)
        with pytest.raises(OperationalError):
            incidents.store()
    assert stored() == []
    at(0.5)
    incidents.note(Kind.DATABASE_AWAY)
    incidents.store()
    assert stored() == [(Kind.DATABASE_AWAY, 0, 0.5, 2)]
