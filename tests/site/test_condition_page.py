"""/admin/condition/: how the site is, for administrators."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from newsletter import server_state
from omep_site import backup, gathering
from omep_site.lib.shared_cache import RedisCache
from omep_site.models import Finding, Incident, Kind
from tests.accounts.factories import make_account, signed_in
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
PAGE = "/admin/condition/"


@pytest.fixture(autouse=True)
def _much_room(monkeypatch):
    monkeypatch.setattr(gathering.shutil, "disk_usage", lambda _path: (10**12, 0, 10**12))


@pytest.fixture
def worker():
    Finding.keep(Finding.WORKER)


def shown(language="en"):
    response = signed_in(make_account("administrator"), language).get(PAGE)
    assert response.status_code == 200
    return soup(response)


@pytest.mark.parametrize(
    ("language", "well", "past"),
    [
        ("en", "All is well.", "Nothing. Everything went its way."),
        ("fr", "Tout va bien.", "Rien. Tout a suivi son cours."),
    ],
)
def test_where_nothing_is_wrong_and_nothing_happened_it_says_so(worker, language, well, past):
    page = shown(language)
    assert (words(page.select_one(".well")), page.select(".wrong")) == (well, [])
    assert words(page.select_one("section:has(#past) > p")) == past


def test_what_is_wrong_stands_on_top_with_where_to_go_and_what_to_type(worker, settings):
    Email.objects.create(from_email="a@example.org", to="zoe@example.org", status=STATUS.failed)
    server_state.note_down("421")
    Finding.objects.update(at=timezone.now() - timedelta(hours=1))
    settings.SERVED = True
    page = shown()
    assert words(page.select_one("h2")) == "4 things are wrong now"
    told = [words(each) for each in page.select(".wrong h3")]
    assert told[0].startswith("The background process has shown no sign of life since ")
    assert told[1].startswith("The mail server has accepted nothing since ")
    assert told[2:] == ["1 e-mail could not be delivered.", "There is no backup yet."]
    link = page.select_one(".wrong a")["href"]
    assert link == f"/admin/omep_site/queuedmail/?status__exact={STATUS.failed}"
    assert words(page.select_one(".wrong code")) == "systemctl restart omep-worker"


def test_the_link_to_mails_that_failed_shows_these_and_no_other(worker):
    for status in (STATUS.sent, STATUS.requeued, STATUS.failed):
        Email.objects.create(from_email="a@example.org", to="zoe@example.org", subject=f"no. {status}", status=status)
    client = signed_in(make_account("administrator"), "en")
    listed = soup(client.get(soup(client.get(PAGE)).select_one(".wrong a")["href"]))
    assert [words(each) for each in listed.select("#result_list .field-headline")] == [f"no. {STATUS.failed}"]


def test_what_happened_is_told_for_thirty_days_the_newest_first(worker):
    now = timezone.now()
    for kind, days in ((Kind.DATABASE_AWAY, 1), (Kind.CACHE_AWAY, 29), (Kind.FAULT, 31)):
        Incident.add(kind, now - timedelta(days=days, minutes=2), now - timedelta(days=days), 1)
    assert [words(each.select_one(".what")) for each in shown().select(".past li")] == [
        "The database did not answer.",
        "Redis, the memory that the parts of the site share, did not answer.",
    ]


@pytest.mark.parametrize("role", ["editor", "moderator", "newsletter"])
def test_it_is_for_administrators_alone(role):
    client = signed_in(make_account(role))
    assert client.get(PAGE).status_code == 403
    assert PAGE not in {each["href"] for each in soup(client.get("/admin/")).select(".house-parts a")}


def test_it_is_listed_on_the_first_page_and_asks_whoever_is_not_signed_in_to_do_so(client):
    page = soup(signed_in(make_account("administrator")).get("/admin/"))
    assert words(page.select_one(f'.house-parts a[href="{PAGE}"]')) == "How the site is"
    assert client.get(PAGE)["Location"] == f"/admin/login/?next={PAGE}"


def test_it_is_only_to_be_read(worker):
    assert signed_in(make_account("administrator")).post(PAGE).status_code == 405


# --- Facts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(gathering.LOOKS))
def test_a_check_that_fails_says_so_and_hides_no_other(worker, monkeypatch, name):
    def fail(found):
        raise ValueError("zoe@example.org")

    monkeypatch.setitem(gathering.LOOKS, name, fail)
    Email.objects.create(from_email="a@example.org", to="zoe@example.org", status=STATUS.failed)
    found = gathering.facts()
    assert found.unknown == [name]
    assert (found.failed_mails, found.worker_at is None) == (0 if name == "mails" else 1, name == "worker")


def test_redis_that_is_set_and_does_not_answer_is_known(settings, monkeypatch):
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    assert gathering.facts().cache_answers is None
    backend = {"BACKEND": "omep_site.lib.shared_cache.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": backend}
    assert gathering.facts().cache_answers is False
    monkeypatch.setattr(RedisCache, "get", lambda self, key: None)
    assert gathering.facts().cache_answers is True


def test_the_database_has_the_clock_of_this_machine():
    assert abs(gathering.facts().drift) < 5
    assert connection.vendor in ("sqlite", "postgresql")


@pytest.mark.parametrize(("hours", "ends", "trouble"), [(2, True, ""), (4, False, "")])
def test_what_was_found_of_the_certificate_is_believed_for_three_hours(settings, hours, ends, trouble):
    settings.HTTPS = True
    Finding.keep(Finding.CERTIFICATE, ends=timezone.now().timestamp(), trouble="")
    Finding.objects.update(at=timezone.now() - timedelta(hours=hours))
    found = gathering.facts()
    assert (found.certificate_ends is not None, found.certificate_trouble) == (ends, trouble)


@pytest.mark.parametrize(
    ("served", "last", "at", "ok"),
    [
        (False, None, "none is expected", None),
        (True, None, None, True),
        (True, SimpleNamespace(at=timezone.now(), ok=False, sentence="No room.", missing=0), "its moment", False),
    ],
)
def test_a_backup_is_expected_where_the_site_is_served(settings, monkeypatch, served, last, at, ok):
    monkeypatch.setattr(backup, "last", lambda: last)
    settings.SERVED = served
    found = gathering.facts().backup
    if not served:
        assert found is None
        return
    assert (found.at, found.ok) == (last and last.at, ok)


def test_the_mailbox_that_cannot_be_read_is_known_where_there_is_one(settings):
    Finding.keep(Finding.MAILBOX, trouble="TimeoutError")
    settings.BOUNCE_MAILBOX = None
    assert gathering.facts().mailbox_trouble == ""
    settings.BOUNCE_MAILBOX = {"host": "mail.example.org"}
    assert gathering.facts().mailbox_trouble == "TimeoutError"


def test_many_refused_sign_ins_are_wrong_for_as_long_as_they_last():
    now = timezone.now()
    Incident.add(Kind.SIGN_INS_REFUSED, now - timedelta(minutes=30), now - timedelta(minutes=11), 200)
    assert gathering.facts().sign_ins_refused is False
    Incident.add(Kind.SIGN_INS_REFUSED, now - timedelta(minutes=2), now, 200)
    assert gathering.facts().sign_ins_refused is True


def test_the_first_page_looks_at_most_every_twenty_seconds(monkeypatch):
    clock = 100.0
    monkeypatch.setattr(gathering.time, "monotonic", lambda: clock)
    first = gathering.recent_facts()
    clock += gathering.REMEMBERED
    assert gathering.recent_facts() is first
    clock += 0.1
    assert gathering.recent_facts() is not first


def a_mail(status, minutes, failure="", **more) -> None:
    """Written so many minutes ago, and last refused with this."""
    mail = Email.objects.create(from_email="a@example.org", to="zoe@example.org", status=status, **more)
    Email.objects.filter(pk=mail.pk).update(created=NOW - timedelta(minutes=minutes), last_updated=NOW)
    if failure:
        Log.objects.create(email=mail, status=STATUS.failed, exception_type=failure, message="550")


NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def test_the_oldest_mail_is_also_one_that_waits_for_its_next_try_and_none_that_is_for_later():
    a_mail(STATUS.queued, 50, scheduled_time=LATER)
    assert gathering.oldest_mail(NOW) is None
    a_mail(STATUS.queued, 3)
    assert gathering.oldest_mail(NOW) == NOW - timedelta(minutes=3)
    a_mail(STATUS.requeued, 40, "ConnectionRefusedError", number_of_retries=6, scheduled_time=LATER)
    assert gathering.oldest_mail(NOW) == NOW - timedelta(minutes=40)


@pytest.mark.parametrize("failure", ["AddressRefused", "SMTPRecipientsRefused"])
def test_a_mistyped_address_is_nothing_wrong_with_the_site_but_where_no_other_mail_goes_out(failure):
    a_mail(STATUS.requeued, 40, failure, number_of_retries=2, scheduled_time=LATER)
    a_mail(STATUS.failed, 40, failure)
    assert gathering.failed_mails() == 0
    assert gathering.oldest_mail(NOW) == NOW - timedelta(minutes=40)
    a_mail(STATUS.sent, 20)
    assert gathering.oldest_mail(NOW) is None
