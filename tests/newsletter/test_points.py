"""Letters that come back: points, at most one a day, and the end of sending."""

from datetime import timedelta

import pytest
from django.utils import timezone

from newsletter import points
from newsletter.models import Bounce, Delivery, Suppression, digest_of
from tests.newsletter.factories import make_issue, make_subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader():
    return make_subscriber(status="confirmed")


def came_back(reader, *bounces) -> None:
    """(kind, days ago)"""
    for number, (kind, days) in enumerate(bounces):
        points.record(reader, kind, "5.1.1", f"report {Bounce.objects.count()} {number}")
        latest = Bounce.objects.latest("pk")
        Bounce.objects.filter(pk=latest.pk).update(at=timezone.now() - timedelta(days=days))


@pytest.mark.parametrize(
    ("bounces", "expected"),
    [
        ([], 0),
        ([("hard", 0)], 1),
        ([("hard", 1), ("hard", 1), ("hard", 1)], 1),
        ([("soft", 1), ("hard", 1)], 1),
        ([("soft", 0)], 0.5),
        ([("soft", 3), ("soft", 2), ("soft", 1)], 1.5),
        ([("hard", 119)], 1),
        ([("hard", 121)], 0),
    ],
)
def test_each_day_counts_once_with_the_worst_that_happened(reader, bounces, expected):
    came_back(reader, *bounces)
    assert points.points_of(reader) == expected


@pytest.mark.parametrize(
    ("bounces", "status"),
    [
        ([("hard", 9), ("hard", 0)], "suppressed"),
        ([("hard", 0), ("hard", 0), ("hard", 0)], "confirmed"),
        ([("soft", 9), ("soft", 8), ("soft", 7)], "confirmed"),
        ([("soft", 9), ("soft", 8), ("soft", 7), ("soft", 0)], "suppressed"),
        ([("soft", 9), ("soft", 8), ("hard", 0)], "suppressed"),
        ([("hard", 130), ("hard", 0)], "confirmed"),
    ],
)
def test_two_points_end_the_sending_and_the_reason_is_kept(reader, bounces, status):
    came_back(reader, *bounces)
    reader.refresh_from_db()
    assert reader.status == status
    kept = list(Suppression.objects.values_list("digest", "reason", "detail"))
    assert kept == ([(digest_of(reader.email), "bounces", "5.1.1")] if status == "suppressed" else [])


@pytest.mark.parametrize("code", ["5.7.1", "4.7.0", "5.7.26", "5.1.8"])
def test_what_a_server_thinks_of_us_is_noted_and_costs_the_reader_nothing(reader, code):
    for number in range(5):
        points.record(reader, "hard", code, f"report {number}")
        Bounce.objects.filter(digest=f"report {number}").update(at=timezone.now() - timedelta(days=number))
    points.record(reader, "soft", code, "the last")
    reader.refresh_from_db()
    assert (Bounce.objects.count(), points.points_of(reader), reader.status) == (6, 0, "confirmed")


def test_what_came_back_from_the_earlier_address_costs_the_new_one_nothing(reader):
    came_back(reader, ("soft", 3), ("soft", 2), ("soft", 1))
    assert (points.points_of(reader), reader.move_to("nouvelle@example.org", "/fr/…/")) == (1.5, True)
    assert points.points_of(reader) == 0
    points.record(reader, "soft", "4.2.2", "the first at the new one")
    reader.refresh_from_db()
    assert (points.points_of(reader), reader.status) == (0.5, "confirmed")


def test_a_complaint_ends_the_sending_at_once(reader):
    points.record(reader, "complaint", "", "x")
    reader.refresh_from_db()
    assert (reader.status, Suppression.objects.get().reason) == ("suppressed", "complaint")


def test_the_same_report_counts_once(reader):
    assert [points.record(reader, "hard", "5.1.1", "the same") for _twice in range(2)] == [True, False]
    assert Bounce.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "kind", "becomes"),
    [
        ("sent", "hard", "bounced"),
        ("uncertain", "soft", "bounced"),
        ("sent", "complaint", "sent"),
        ("failed", "hard", "failed"),
        ("pending", "hard", "pending"),
    ],
)
def test_a_letter_that_went_out_is_marked_as_come_back(reader, status, kind, becomes):
    delivery = make_issue().deliveries.create(subscriber=reader, language="fr", status=status)
    points.record(reader, kind, "4.2.2", "x", delivery)
    assert Delivery.objects.get().status == becomes


@pytest.mark.parametrize(
    ("said", "code"),
    [("550 5.1.1 <…> unknown", "5.1.1"), ("550 unknown", "550"), ("421 4.3.2", "4.3.2"), ("", "")],
)
def test_the_code_of_a_refusal_is_found(said, code):
    assert points.code_in(said) == code
