"""The time between two looks at something."""

from omep_site.lib import intervals


def test_it_is_over_before_it_began_after_its_seconds_and_when_it_is_ended(monkeypatch):
    moments = iter([0.0, 0.0, 0.0, 299.9, 300.0, 300.0, 599.9, 600.0])
    monkeypatch.setattr(intervals.time, "monotonic", lambda: next(moments))
    one = intervals.Interval(300)
    assert one.is_over()
    one.begin()
    assert [one.is_over() for _moment in range(3)] == [False, False, True]
    one.begin()
    assert one.lasted() == 599.9 - 300.0
    one.end()
    assert one.is_over()
