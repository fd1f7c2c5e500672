import sqlite3
from multiprocessing.pool import ThreadPool

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from django.utils import translation

from accounts import log
from comments.models import policy
from comments.templatetags import comment_words
from omep_site import fault_mails, gathering, morning
from omep_site.lib import incidents, mail, public, tallies, turns
from omep_site.models import DailyKey
from pages import site
from tests.machines.needs import why_no_machines


def pytest_addoption(parser):
    parser.addoption(
        "--only-database", action="store_true", help="leave out what asks no database, as it is everywhere the same"
    )


def pytest_collection_modifyitems(config, items):
    """The drill first: one after the other, its tests wait more than they work, and at the end nothing is left to do beside
    them."""
    items.sort(key=lambda item: "/drill/" not in item.nodeid)
    if not config.getoption("--only-database"):
        return
    asks = {"db", "transactional_db", "live_server"}
    kept = [
        item
        for item in items
        if item.get_closest_marker("django_db")
        or item.get_closest_marker("own_database")
        or asks & set(item.fixturenames)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    if not why_no_machines():
        from tests.machines.one_set import OneSetOfMachines

        return OneSetOfMachines(config, log)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The words that the migrations wrote for the head and foot of every page: a running process knows them."""
    with django_db_blocker.unblock():
        site.known()
    _SITE.append(site._remembered)


_SITE = []


@pytest.fixture(scope="session")
def _no_neighbours(tmp_path_factory):
    """Tests that run beside this one make pages of the same addresses."""
    return turns.OneMachine(tmp_path_factory.mktemp("pages") / "pages.lock")


@pytest.fixture(scope="session")
def _beside(tmp_path_factory):
    """Where backups would be: who unsubscribes is noted there."""
    return tmp_path_factory.mktemp("backups")


@pytest.fixture(autouse=True)
def _as_a_new_process(settings, monkeypatch, _no_neighbours, _beside):
    """Each test begins as a new process does, with nothing remembered but the site's own words and rules, so that counts of
    queries are about the page; and mail goes into the queue, as on the real site (Django's test runner would keep it
    in memory)."""
    public.forget()
    for each in (fault_mails, gathering, incidents, mail, tallies):
        each.forget()
    morning._told.clear()
    log._told.clear()
    monkeypatch.setattr(public, "neighbours", lambda: _no_neighbours)
    site._remembered = _SITE[0] if _SITE else None
    policy._remembered = (site._remembered[0], {}) if _SITE else None
    DailyKey.forget()
    ContentType.objects.clear_cache()
    caches["template_fragments"].clear()
    comment_words.ROWS.found.clear()
    translation.activate(settings.LANGUAGE_CODE)
    settings.EMAIL_BACKEND = "omep_site.lib.mail.QueueBackend"
    settings.BACKUPS = str(_beside)


@pytest.fixture
def django_assert_num_queries(django_assert_num_queries, monkeypatch):
    """Counts are the same on a busy machine, where a page may take longer than the version is remembered."""
    monkeypatch.setattr(public, "VERSION_MEMORY", 60)
    return django_assert_num_queries


@pytest.fixture
def visitor():
    """Somebody with no cookie and no token, as strictly treated as on the real site."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def editor(db):
    """An editor who has signed in, and reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(User.objects.create_superuser("claire", "claire@example.org", "x"))
    return client


@pytest.fixture
def uploads(settings, tmp_path):
    """An empty folder for uploaded files."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def at_once(transactional_db, monkeypatch, tmp_path):
    """`at_once(function, times)` calls it in that many threads, each with its own connection, and returns the answers.

    The tests' SQLite database is in memory, where connections refuse to wait for each other; the site's is a file.
    So the threads work on a copy of it in a file.
    """

    def call(function):
        try:
            return function()
        finally:
            connections.close_all()

    def run(function, times):
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            file = tmp_path / "db.sqlite3"
            copy = sqlite3.connect(file)
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode=WAL")  # as `make migrate` leaves it: the change itself cannot wait
            copy.close()
            options = connection.settings_dict["OPTIONS"] | {"timeout": 60}  # so that a slow disk fails no test
            changed = {"ENGINE": "omep_site.lib.sqlite", "NAME": str(file), "OPTIONS": options}
            monkeypatch.setitem(connections.settings, "default", connection.settings_dict | changed)
        with ThreadPool(times) as pool:
            return pool.map(call, [function] * times, chunksize=1)

    return run
