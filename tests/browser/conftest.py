"""Debian's Chromium, driven as a person would; where there is none, these tests are skipped and say so."""

import os
import shutil

import pytest
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import expect, sync_playwright

# The shell is the same browser without windows, which nobody sees here and which cost as much again.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser"))), None)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 640}
PATIENCE = 120_000  # milliseconds until what is waited for and does not come fails a test; busy machines are slow

expect.set_options(timeout=PATIENCE)  # it would be five seconds

# Playwright runs an event loop in this thread; Django's own threads are another matter.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_collection_modifyitems(items):
    if not CHROMIUM:
        reason = "no Chromium on this machine (apt install chromium-headless-shell)"
        for item in items:
            if "/browser/" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="package", autouse=True)
def _as_it_was(django_db_setup, django_db_blocker):
    """Each test here leaves the tables empty; those that come after find what migrations had written."""
    with django_db_blocker.unblock():
        written = connection.creation.serialize_db_to_string()
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
        connection.creation.deserialize_db_from_string(written)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser):
    """Makes browsers that were never here before."""
    made = []

    def make(**options):
        made.append(browser.new_context(**options))
        made[-1].set_default_timeout(PATIENCE)
        return made[-1]

    yield make
    for context in made:
        context.close()


@pytest.fixture
def page(new_context):
    return new_context().new_page()


def follow(page, selector: str) -> None:
    """Clicks what leads to another page, and goes on when that page is there whole.

    A click alone returns when the answer begins: whoever then asks the page itself, and not one of its elements, may
    find a document with nothing in it yet.
    """
    with page.expect_navigation():
        page.locator(selector).first.click()


@pytest.fixture
def site(live_server, settings):
    """The address of the site, with its demo content."""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    settings.SITE_URL = live_server.url
    call_command("load_demo", verbosity=0)
    return live_server.url


@pytest.fixture
def phone(new_context):
    """A phone's browser without JavaScript."""
    return new_context(viewport=PHONE, java_script_enabled=False).new_page()
