import gc
import os
import shutil
import sqlite3
import time
from contextlib import ExitStack
from multiprocessing.pool import ThreadPool
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection, connections
from django.template import Template
from django.test import Client
from django.utils import translation

from accounts import log
from comments.models import policy
from comments.templatetags import comment_words
from omep_site import fault_mails, gathering, morning
from omep_site.lib import incidents, mail, public, tallies, turns
from omep_site.models import DailyKey
from pages import site
from tests import migrating, together
from tests.processes import NOT_COPIED, PATIENCE, Project, alone, once


def pytest_addoption(parser):
    parser.addoption(
        "--only-database", action="store_true", help="leave out what asks no database, as it is everywhere the same"
    )
    parser.addoption("--one-case", action="store_true", help="of a test with many cases, take the last")


def pytest_collection_modifyitems(config, items):
    """First what takes long, and at the end nothing would be left to do beside it: what one process does from its beginning
    to its end (tests/together.py), and tests that start processes."""
    items.sort(key=lambda item: (not item.nodeid.startswith(together.FOLDERS), not starts_processes(item)))
    gc.collect()
    gc.freeze()  # what is imported and collected stays: it need not be gone through again and again
    gc.set_threshold(20_000, 20, 20)
    kept = items
    if config.getoption("--only-database"):
        kept = [item for item in kept if uses_this_database(item) or item.get_closest_marker("own_database")]
    if config.getoption("--one-case"):
        last = {item.nodeid.partition("[")[0]: item for item in kept}
        kept = [item for item in kept if last[item.nodeid.partition("[")[0]] is item]
    config.hook.pytest_deselected(items=list(set(items) - set(kept)))
    items[:] = kept


def uses_this_database(item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"}
    return bool(item.get_closest_marker("django_db")) or not fixtures.isdisjoint(item.fixturenames)


def starts_processes(item) -> bool:
    """And leaves the database of this one alone: what uses it keeps the order that pytest-django gives it."""
    starts = item.get_closest_marker("own_database") or "copy" in item.fixturenames
    return bool(starts) and not uses_this_database(item)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return together.Together(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config):
    """One more than there are cores: tests that start processes wait more than they work."""
    return os.cpu_count() + 1


@pytest.fixture(scope="session", autouse=True)
def _no_contexts(django_test_environment):
    """Templates are rendered as on the site. Django would tell its client of each, which copies its context, a tenth of the
    suite's time, for `response.context`; tests look at what readers get."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
        yield


_SITE = []


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The words that the migrations wrote for the head and foot of every page: a running process knows them."""
    with django_db_blocker.unblock():
        site.known()
    _SITE.append(site._remembered)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, request):
    if "PYTEST_XDIST_WORKER" in os.environ:  # of several processes, which would all spend the time
        migrating.begin_with(request.getfixturevalue("migrated"))


def pytest_sessionfinish():
    if connection.vendor == "postgresql" and "PYTEST_XDIST_WORKER" not in os.environ:
        migrating.drop()


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory) -> Path:
    """One folder for all processes that run the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "real-processes"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def copy(shared_folder) -> Path:
    """A folder with the project."""
    with once(shared_folder / "copy") as first:
        if first:
            shutil.copytree(settings.BASE_DIR, shared_folder / "project", ignore=NOT_COPIED)
    return shared_folder / "project"


@pytest.fixture(scope="session")
def collected_copy(copy, shared_folder) -> Path:
    """The same with its static files hashed and compressed, which takes several seconds: once for all tests."""
    with once(shared_folder / "collected") as first:
        if first:
            code = "from omep_site.server import collect_static; collect_static()"
            assert Project(copy, shared_folder).run("shell", "-v0", "-c", code) == (0, "", "")
    return copy


@pytest.fixture(scope="session")
def migrated_file(copy, shared_folder) -> Path:
    """An empty, migrated SQLite database, to be copied."""
    file = shared_folder / "db.sqlite3"
    with once(shared_folder / "migrated-file") as first:
        if first:
            migrating.migrate(Project(copy, shared_folder), f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated(copy, shared_folder, request) -> Path | str:
    """An empty, migrated database of the kind that the tests run on, to be copied: a file, or a name on PostgreSQL."""
    if connection.vendor == "sqlite":
        return request.getfixturevalue("migrated_file")
    with once(shared_folder / "migrated") as first:
        if first:
            migrating.make(Project(copy, shared_folder))
    return migrating.original()


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


A_FEW = 12  # connections, which each process that runs tests may take at the same moment as all others


@pytest.fixture
def at_once(transactional_db, monkeypatch, tmp_path, shared_folder):
    """`at_once(function, times)` calls it in that many threads, each with its own connection, and returns the answers.

    The tests' SQLite database is in memory, where connections refuse to wait for each other; the site's is a file.
    So the threads work on a copy of it in a file. PostgreSQL has a hundred connections for all that run tests.
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
        with ExitStack() as stack:
            if connection.vendor == "postgresql" and times > A_FEW:
                stack.enter_context(alone(shared_folder / "at-once"))
                wait_for_connections(times)
            return stack.enter_context(ThreadPool(times)).map(call, [function] * times, chunksize=1)

    return run


def wait_for_connections(wanted: int) -> None:
    """Until PostgreSQL has as many to give, and ten for others: those of tests that have just ended are there a moment
    longer."""
    deadline = time.monotonic() + PATIENCE
    free = 0
    while free < wanted + 10:
        assert time.monotonic() < deadline, f"PostgreSQL has {free} connections to give, {wanted + 10} are needed"
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('max_connections')::int - count(*) FROM pg_stat_activity")
            [free] = cursor.fetchone()
        time.sleep(0.05)
