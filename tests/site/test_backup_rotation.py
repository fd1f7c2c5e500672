"""Which archives are kept, and which go."""

from datetime import UTC, datetime, timedelta

import pytest

from omep_site import archives, backup_faults, rotation

NEWEST = datetime(2026, 11, 26, 3, 12, 5, tzinfo=UTC)  # a Thursday


def days(*ages: float) -> list[datetime]:
    return [NEWEST - timedelta(days=age) for age in ages]


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        ([], []),
        ([0], [0]),
        ([0, 0.01, 0.1], [0]),  # the last of each day
        # Of daily ones: 7 days, the Sundays of 3 weeks before (4 with this one), the last days of 5 months before.
        (range(400), [0, 1, 2, 3, 4, 5, 6, 11, 18, 26, 57, 87, 118, 149]),
        ([0, 1, 1.1, 8, 9], [0, 1, 8, 9]),  # fewer than seven days with a backup
        ([0, 200, 201, 500], [0, 200, 201, 500]),  # after months without any, the last ones before are still there
    ],
)
def test_of_these_ages_in_days_those_are_kept(ages, kept):
    assert sorted(rotation.kept(days(*ages)), reverse=True) == days(*kept)


def test_a_backup_each_night_for_two_years_leaves_at_most_seventeen():
    there: set[datetime] = set()
    for night in range(730):
        there = rotation.kept(there | {NEWEST + timedelta(days=night)})
        assert NEWEST + timedelta(days=night) in there
        assert len(there) <= 17
    months = {(at.year, at.month) for at in there}
    assert len(months) == 6


def test_only_archives_of_that_folder_go(tmp_path):
    old, older, new = (archives.name_at(at) for at in days(0.05, 0.1, 0))
    others = [
        "last.json",
        "before-restore-2020-01-01T000000Z.tar.gz",
        "omep-2020-01-01T000000Z.tar.gz.part",
        "omep-x.tar.gz",
    ]
    for name in [old, older, new, *others]:
        (tmp_path / name).touch()
    (tmp_path / archives.name_at(NEWEST - timedelta(days=900))).mkdir()

    assert [path.name for path in rotation.drop_old(tmp_path)] == sorted([old, older])
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {new, *others}


def test_for_one_that_is_to_come_the_newest_and_the_newest_that_is_whole_stay(tmp_path, monkeypatch):
    newest, damaged, whole, old, older = (archives.name_at(at) for at in days(0, 0.01, 0.02, 0.03, 0.04))
    for name in (newest, damaged, whole, old, older):
        (tmp_path / name).touch()

    def verify(path):
        if path.name in (newest, damaged):
            raise backup_faults.Fault("damaged", what=path.name)

    monkeypatch.setattr(archives, "verify", verify)
    coming = NEWEST + timedelta(hours=1)  # of the same day, so that it would take the place of all
    assert [path.name for path in rotation.drop_for(coming, tmp_path)] == sorted([damaged, old, older])
    assert {path.name for path in tmp_path.iterdir()} == {newest, whole}


def test_where_each_of_them_is_kept_none_is_read_for_one_that_is_to_come(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "verify", lambda path: pytest.fail("it was read"))
    (tmp_path / archives.name_at(NEWEST)).touch()
    assert rotation.drop_for(NEWEST + timedelta(days=1), tmp_path) == []
