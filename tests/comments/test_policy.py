from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from comments.models import Policy, Rules, next_closing
from omep_site.lib import public
from tests.factories import make_event

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_without_a_word_the_rules_are_the_defaults(django_assert_num_queries):
    event = make_event()
    with django_assert_num_queries(1):
        assert Policy.objects.in_force(event) == Rules()
    assert Policy.objects.in_force() == Rules()
    assert (Rules().hold, Rules().levels, Rules().repeat_minutes) == ("all", 3, 10)


def test_an_events_rules_go_before_the_sites_and_these_before_the_defaults(django_assert_num_queries):
    event, other = make_event(), make_event()
    Policy.objects.create(event=event, levels=1, newest_first=True, spam_words="")
    Policy.objects.create(levels=2, page_size=50, spam_words="casino\n\n  pilule miracle \n", links_to_spam=0)
    with django_assert_num_queries(1):
        rules = Policy.objects.in_force(event)
    assert (rules.levels, rules.page_size, rules.newest_first, rules.links_to_spam) == (1, 50, True, 0)
    assert rules.words_of_spam == ["casino", "pilule miracle"]
    assert Policy.objects.in_force(other).levels == Policy.objects.in_force().levels == 2


def test_the_site_and_each_event_have_one_row():
    event = make_event()
    for fields in ({}, {"event": event}):
        Policy.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Policy.objects.create(**fields)


def test_numbers_out_of_range_are_refused():
    with pytest.raises(ValidationError) as caught:
        Policy(levels=0, page_size=1000, min_seconds=61).full_clean()
    assert sorted(caught.value.message_dict) == ["levels", "min_seconds", "page_size"]


# opening, days, hours since the event's end, postponed → open
@pytest.mark.parametrize(
    ("opening", "days", "since", "event_status", "is_open"),
    [
        ("open", 0, 10_000, "planned", True),
        ("closed", 90, -10, "planned", False),
        ("days", 2, 47, "planned", True),
        ("days", 2, 49, "planned", False),
        ("days", 0, -1, "planned", True),
        ("days", 0, 1, "planned", False),
        ("days", 0, 1, "postponed", True),
    ],
)
def test_comments_close_as_the_rules_say(opening, days, since, event_status, is_open):
    ends_at = NOW - timedelta(hours=since)
    event = make_event(starts_at=ends_at - timedelta(hours=1), ends_at=ends_at, event_status=event_status)
    assert Rules(opening=opening, closes_after=days).is_open(event, NOW) is is_open


def test_the_clock_knows_the_next_closing_of_any_public_event(django_assert_num_queries):
    ends = {
        name: NOW + timedelta(days=days) for name, days in {"past": -30, "sooner": -4, "later": 1, "own": 20}.items()
    }
    events = {name: make_event(starts_at=at - timedelta(hours=1), ends_at=at) for name, at in ends.items()}
    draft = make_event(status="draft", publish_at=None, starts_at=NOW - timedelta(days=4))
    public.forget_version()
    with django_assert_num_queries(1):  # the version
        assert next_closing(NOW) is None
    public.bump()
    with django_assert_num_queries(2):  # the version and the rules, once
        assert next_closing(NOW) is None
    with django_assert_num_queries(0):
        assert next_closing(NOW) is None
    site = Policy.objects.create(opening="days", closes_after=7)
    Policy.objects.create(event=events["own"], closes_after=0)
    Policy.objects.create(event=draft, closes_after=5)
    assert next_closing(NOW) == ends["sooner"] + timedelta(days=7)
    with django_assert_num_queries(1):
        assert next_closing(NOW) == ends["sooner"] + timedelta(days=7)
    assert next_closing(ends["sooner"] + timedelta(days=7)) == ends["later"] + timedelta(days=7)
    site.delete()
    assert next_closing(NOW) is None
    Policy.objects.get(event=events["own"]).delete()
    Policy.objects.create(event=events["own"], opening="days", closes_after=0)
    assert next_closing(NOW) == ends["own"]
