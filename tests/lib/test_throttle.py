"""Limits: exact counts, whatever comes at once, and nothing in the tables that names anybody."""

from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import transaction

from omep_site.lib.throttle import Limit, take, tally, wait_for
from omep_site.models import Counter, DailyKey, forget_old_counters

pytestmark = pytest.mark.django_db

THREE = Limit("three", times=3, seconds=60)
NOON = datetime(2026, 3, 2, 12, 0, 0, tzinfo=UTC)


def test_a_limit_allows_its_number_and_no_more(clock):
    assert [THREE.hit("198.51.100.0/24") for _ in range(5)] == [0, 0, 0, 60, 60]


@pytest.mark.parametrize(("later", "wait"), [(0, 60), (0.1, 60), (1, 59), (45.5, 15), (59, 1), (59.9, 1)])
def test_the_wait_is_long_enough_to_be_let_in_and_no_longer_than_a_second_more(clock, later, wait):
    clock.forward(later)
    assert [THREE.hit("them") for _ in range(4)] == [0, 0, 0, wait]
    clock.forward(wait)
    assert THREE.hit("them") == 0


def test_each_network_and_each_limit_counts_for_itself(clock):
    other = Limit("other", times=1, seconds=60)
    assert [THREE.hit("a"), THREE.hit("a"), THREE.hit("a"), THREE.hit("b"), other.hit("a"), other.hit("a")] == [
        0,
        0,
        0,
        0,
        0,
        60,
    ]


def test_a_name_and_a_network_do_not_run_into_each_other(clock):
    once = [Limit("a", times=1, seconds=60), Limit("a|", times=1, seconds=60)]
    assert [once[0].hit("|b"), once[1].hit("b")] == [0, 0]


def test_of_several_limits_the_longest_wait_is_told_and_all_are_counted(clock):
    limits = [Limit("minute", times=1, seconds=60), Limit("hour", times=2, seconds=3600)]
    assert [wait_for(limits, "them") for _ in range(3)] == [0, 60, 3600]
    assert sorted(Counter.objects.values_list("count", flat=True)) == [3, 3]


def test_of_sixty_hits_at_once_none_is_lost(at_once):
    def hit():
        return Counter.add("same", NOON)

    assert sorted(at_once(hit, 60)) == list(range(1, 61))


def test_of_sixty_visitors_at_once_exactly_as_many_as_allowed_get_through(at_once):
    limit = Limit("crowd", times=25, seconds=10**9)  # one window for the whole test
    waits = at_once(lambda: limit.hit("them"), 60)
    assert (waits.count(0), len(waits)) == (25, 60)


def test_the_first_visitors_of_a_day_at_once_agree_on_its_key(at_once):
    keys = at_once(DailyKey.today, 20)
    assert (len(set(keys)), len(keys[0])) == (1, 32)


def test_who_comes_second_with_a_key_takes_the_first(clock, monkeypatch):
    DailyKey.objects.create(day=clock.now().date(), key=b"the first one's key")
    monkeypatch.setattr(
        type(DailyKey.objects), "filter", lambda manager, **_: manager.none()
    )  # looked a moment earlier
    assert DailyKey.today() == b"the first one's key"


def test_the_tables_hold_no_network_in_clear(clock):
    THREE.hit("198.51.100.0/24")
    rows = str([*Counter.objects.values(), *DailyKey.objects.values()])
    assert len(Counter.objects.get().key) == 64
    assert "198.51" not in rows
    assert "three" not in rows


def test_a_network_cannot_be_tied_to_its_counters_of_another_day(clock):
    THREE.hit("198.51.100.0/24")
    DailyKey.objects.all().delete()
    THREE.hit("198.51.100.0/24")
    assert list(Counter.objects.values_list("count", flat=True)) == [1, 1]


def test_a_day_keeps_its_key_and_the_next_has_another(clock):
    first = DailyKey.today()
    clock.forward(11.9 * 3600)
    assert DailyKey.today() == first
    clock.forward(0.2 * 3600)
    assert DailyKey.today() != first


def test_counters_are_deleted_when_their_window_is_over_and_keys_after_a_day():
    for minutes in (-60, -1, 0, 1):
        Counter.add(f"{minutes}", NOON + timedelta(minutes=minutes))
    for day in (27, 28):
        DailyKey.objects.create(day=date(2026, 2, day), key=b"x")
    for day in (1, 2):
        DailyKey.objects.create(day=date(2026, 3, day), key=b"x")
    forget_old_counters(NOON)
    assert sorted(Counter.objects.values_list("key", flat=True)) == ["0", "1"]
    assert sorted(DailyKey.objects.values_list("day", flat=True)) == [date(2026, 3, 1), date(2026, 3, 2)]


def test_a_key_is_asked_for_once_in_a_day_and_forgotten_with_its_row(clock, django_assert_num_queries):
    DailyKey.today()
    DailyKey.forget()  # another process
    first = DailyKey.today()
    with django_assert_num_queries(0):
        assert DailyKey.today() == first
    DailyKey.objects.filter(day=clock.now().date()).delete()
    assert DailyKey.today() != first


def test_a_key_that_is_taken_back_with_its_transaction_is_not_remembered(clock):
    with transaction.atomic():
        keys = [DailyKey.today() for _ in range(3)]
        transaction.set_rollback(True)
    assert len(set(keys)) == 1
    assert DailyKey.today() != keys[0]


def test_other_keys_are_counted_in_the_same_statement(clock, django_assert_num_queries):
    once = Limit("once", times=1, seconds=60)
    DailyKey.today()
    DailyKey.forget()
    DailyKey.today()
    with django_assert_num_queries(1):
        assert tally([THREE, once], "them", {"é": NOON}) == (0, {"é": 1})
    assert tally([THREE, once], "them", {"é": NOON}) == (60, {"é": 2})
    assert tally([], "them", {}) == (0, {})


def counts() -> list[int]:
    return sorted(Counter.objects.values_list("count", flat=True))


def test_what_is_taken_counts_in_all_limits_or_in_none(clock):
    both = [(THREE, "them"), (Limit("hour", times=2, seconds=3600), "them")]
    assert [take(both).wait for _each in range(4)] == [0, 0, 3600, 3600]
    assert counts() == [2, 2]


def test_what_is_given_back_was_never_taken(clock):
    taken = [take([(THREE, "them")]) for _each in range(4)]
    assert [each.wait for each in taken] == [0, 0, 0, 60]
    for each in taken:
        each.give_back()
    assert [take([(THREE, "them")]).wait for _each in range(4)] == [0, 0, 0, 60]


def test_it_is_given_back_to_the_time_in_which_it_was_taken(clock):
    taken = take([(THREE, "them")])
    clock.forward(60)
    take([(THREE, "them")])
    taken.give_back()
    taken.give_back()
    assert counts() == [0, 1]


def test_what_was_forgotten_meanwhile_cannot_be_given_back(clock):
    taken = take([(THREE, "them")])
    THREE.forget("them")
    taken.give_back()
    assert counts() == []


def test_what_is_refused_is_looked_up_and_writes_nothing(clock, django_assert_num_queries):
    for _each in range(3):
        take([(THREE, "them")])
    DailyKey.forget()
    DailyKey.today()
    with django_assert_num_queries(1):
        assert take([(THREE, "them")]).wait == 60


# --- Many at once: each looks at the counts when all have done what they do ------------------------------------------


def everybody(at_once, times, function):
    all_are_done = Barrier(times)

    def one():
        answer = function()
        all_are_done.wait(60)
        return answer, counts()

    answers = at_once(one, times)
    [seen] = {tuple(seen) for _answer, seen in answers}
    return [answer for answer, _seen in answers], seen


def test_of_sixty_who_take_at_once_exactly_as_many_as_allowed_get_it_and_none_is_counted_besides(at_once):
    crowd = [(Limit("crowd", times=25, seconds=10**9), "them"), (Limit("more", times=30, seconds=10**9), "them")]
    waits, seen = everybody(at_once, 60, lambda: take(crowd).wait)
    assert (waits.count(0), seen) == (25, (25, 25))


def test_all_who_give_back_at_once_are_heard(at_once):
    crowd = [(Limit("crowd", times=50, seconds=10**9), "them"), (Limit("more", times=50, seconds=10**9), "them")]
    _answers, seen = everybody(at_once, 40, lambda: take(crowd).give_back())
    assert seen == (0, 0)
