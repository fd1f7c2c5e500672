"""Counted in memory, added up in the database."""

import pytest
from django.db import OperationalError

from omep_site.lib import tallies
from omep_site.models import Tally


def stored() -> dict:
    return dict(Tally.objects.order_by("name").values_list("name", "value"))


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(tallies, "_quick", [])
    return tallies.Quick("kept")


@pytest.mark.django_db
def test_what_each_process_counted_adds_up(quick):
    for _ in range(3):
        tallies.count("mails", "sent")
        quick.one_more()
    tallies.store()
    assert stored() == {"mails|sent": 3, "kept": 3}
    tallies.count("mails", "sent", by=4)
    quick.one_more()
    tallies.store()
    tallies.store()
    assert stored() == {"mails|sent": 7, "kept": 4}


@pytest.mark.django_db
def test_where_the_database_is_away_nothing_is_forgotten_and_nothing_counted_twice(quick, monkeypatch):
    def away(more):
        raise OperationalError

    tallies.count("mails", "sent")
    quick.one_more()
    with monkeypatch.context() as broken:
        broken.setattr(Tally, "add", away)
        for _ in range(2):
            with pytest.raises(OperationalError):
                tallies.store()
    quick.one_more()
    tallies.store()
    assert stored() == {"mails|sent": 1, "kept": 2}


@pytest.mark.django_db
def test_durations_are_counted_by_the_bound_that_they_stay_within():
    for seconds in (0.004, 0.01, 0.3, 7):
        tallies.took("renders", seconds)
    tallies.store()
    assert stored() == {
        "renders|seconds": pytest.approx(7.314),
        "renders|within|+Inf": 1,
        "renders|within|0.01": 2,
        "renders|within|0.5": 1,
    }


def test_many_who_count_at_once_lose_nothing(at_once):
    def add(number):
        for _ in range(10):
            Tally.add({"a": 1, "b": 2} if number % 2 else {"b": 2, "a": 1})
        return stored()

    assert max(at_once(add_numbered(add), 8), key=lambda found: found["a"]) == {"a": 80, "b": 160}


def add_numbered(add):
    numbers = iter(range(100))
    return lambda: add(next(numbers))
