"""The morning mail: once a day, to administrators, where there is something to tell."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from post_office.models import STATUS, Email

from accounts.models import Preferences
from omep_site import gathering, morning
from omep_site.condition import Facts
from omep_site.models import Finding, Incident, Kind
from tests.accounts.factories import make_account

pytestmark = pytest.mark.django_db

SEVEN = datetime(2026, 11, 26, 6, 0, tzinfo=UTC)  # seven in Paris


@pytest.fixture(autouse=True)
def facts(monkeypatch):
    """All is well but for what a test says; yesterday's mail has gone out."""
    Finding.objects.create(key=Finding.MORNING, at=SEVEN - timedelta(days=1))
    found = Facts(now=SEVEN, worker_at=SEVEN)
    monkeypatch.setattr(gathering, "facts", lambda: found)
    return found


@pytest.fixture
def anna():
    return make_account("administrator", username="anna", email="anna@example.org", language="en")


def something_happened():
    Incident.add(Kind.DATABASE_AWAY, SEVEN - timedelta(hours=4), SEVEN - timedelta(hours=3.9), 9)


def mails() -> list[tuple[str, str]]:
    return [(mail.to[0], mail.subject) for mail in Email.objects.order_by("pk")]


def test_after_a_quiet_night_nobody_is_written_to(anna):
    assert morning.tell_if_due(SEVEN) == 0
    assert mails() == []


def test_each_administrator_with_an_address_is_told_in_their_language(anna):
    make_account("administrator", username="benoit", email="benoit@example.org", language="fr")
    User.objects.create_superuser("claire", "claire@example.org")
    make_account("administrator", username="without", email="")
    make_account("administrator", username="gone", email="gone@example.org", is_active=False)
    make_account("editor", "moderator", "newsletter", username="editor", email="editor@example.org")
    something_happened()
    assert morning.tell_if_due(SEVEN) == 3
    english, french = "something happened, and is over", "un incident a eu lieu, et tout est rentré dans l’ordre"
    assert [(to, re.split(r"\W:\W|: ", subject)[1]) for to, subject in mails()] == [
        ("anna@example.org", english),
        ("benoit@example.org", french),
        ("claire@example.org", french),
    ]


def test_it_says_what_the_page_says(anna, facts):
    facts.cache_answers = False
    something_happened()
    morning.tell_if_due(SEVEN)
    mail = Email.objects.get()
    assert mail.subject.endswith(": 1 thing is wrong this morning")
    assert mail.headers["X-Mail-Kind"] == "morning"
    told = [line for line in mail.message.splitlines() if line]
    assert told[:9] == [
        "How the site is, and what to do:",
        "https://events.example.org/admin/condition/",
        "What is wrong now",
        "* Redis, the memory that the parts of the site share, does not answer.",
        "  Visitors notice nothing: each process makes its pages by itself, a little more slowly.",
        "  Start it again:",
        "      systemctl restart redis-server",
        "What happened since yesterday",
        "* Thursday 26\xa0November, 03:00\xa0– 03:06: the database did not answer. Pages could still be read. Whoever sent something "
        "meanwhile was told that it was not stored.",
    ]


def test_it_goes_out_once_a_day_from_seven_on(anna, facts):
    facts.cache_answers = False
    written = []
    for hours in (-1, -0.01, 0, 0.01, 12, 16.9, 23.9, 24, 30):
        morning._told.clear()  # another worker, or this one started again
        written.append(morning.tell_if_due(SEVEN + timedelta(hours=hours)))
    assert written == [0, 0, 1, 0, 0, 0, 0, 1, 0]


def test_this_process_asks_nothing_once_it_knows_that_the_day_is_done(anna, django_assert_num_queries):
    morning.tell_if_due(SEVEN)
    with django_assert_num_queries(0):
        assert morning.tell_if_due(SEVEN + timedelta(hours=2)) == 0


def test_of_many_workers_one_tells(at_once, facts, monkeypatch):
    make_account("administrator", username="anna", email="anna@example.org", language="en")
    facts.cache_answers = False

    def tell():
        morning._told.clear()
        return morning.tell_if_due(SEVEN)

    assert sorted(at_once(tell, 6)) == [0, 0, 0, 0, 0, 1]


def test_what_happened_while_no_worker_ran_is_told_when_one_runs_again(anna):
    Finding.objects.update(at=SEVEN - timedelta(days=3))
    Incident.add(Kind.DISK_FULL, SEVEN - timedelta(days=2), SEVEN - timedelta(days=2), 1)
    assert morning.tell_if_due(SEVEN) == 1
    assert "a disk was full" in Email.objects.get().message


def test_what_was_told_yesterday_is_not_told_again(anna):
    something_happened()
    assert morning.tell_if_due(SEVEN) == 1
    assert morning.tell_if_due(SEVEN + timedelta(days=1)) == 0


def test_of_mails_that_failed_it_names_those_of_this_night(anna, facts):
    facts.failed_mails = 2
    for day, to in ((5, "old@example.org"), (0.5, "new@example.org")):
        failed = Email.objects.create(from_email="a@example.org", to=to, status=STATUS.failed)
        Email.objects.filter(pk=failed.pk).update(last_updated=SEVEN - timedelta(days=day))
    morning.tell_if_due(SEVEN)
    told = Email.objects.exclude(status=STATUS.failed).get()
    assert "* 1 e-mail could not be delivered." in told.message
    Email.objects.filter(status=STATUS.failed).update(last_updated=SEVEN - timedelta(days=5))
    morning._told.clear()
    assert morning.tell_if_due(SEVEN + timedelta(days=1)) == 0


def test_without_a_choice_it_is_written_in_the_sites_first_language(anna, facts):
    Preferences.objects.all().delete()
    facts.cache_answers = False
    morning.tell_if_due(SEVEN)
    assert Email.objects.get().headers["Content-Language"] == "fr"
    assert Finding.objects.get(key=Finding.MORNING).at == SEVEN


def test_a_site_that_was_made_today_has_had_no_night_to_tell_of(anna, facts):
    Finding.objects.all().delete()
    facts.worker_at = None
    assert morning.tell_if_due(SEVEN + timedelta(hours=13)) == 0
    assert morning.tell_if_due(SEVEN + timedelta(days=1)) == 1


def test_after_a_restore_it_does_not_tell_again_what_was_told(anna, facts, monkeypatch):
    something_happened()
    monkeypatch.setattr("django.utils.timezone.now", lambda: SEVEN + timedelta(hours=2))
    assert morning.begin_anew(SEVEN - timedelta(hours=3)) == []
    assert morning.tell_if_due(SEVEN + timedelta(hours=3)) == 0
    morning._told.clear()
    assert morning.tell_if_due(SEVEN + timedelta(days=1)) == 0
