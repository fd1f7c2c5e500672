import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import translation

from comments.models import policy
from omep_site.lib import public
from pages import site


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The words that the migrations wrote for the head and foot of every page: a running process knows them."""
    with django_db_blocker.unblock():
        site.known()
    _SITE.append(site._remembered)


_SITE = []


@pytest.fixture(autouse=True)
def _as_a_new_process(settings):
    """Each test begins as a new process does, with nothing remembered but the site's own words and rules, so that counts of
    queries are about the page; and mail goes into the queue, as on the real site (Django's test runner would keep it
    in memory)."""
    public.shelf.clear(None)
    public.forget_version()
    site._remembered = _SITE[0] if _SITE else None
    policy._remembered = (site._remembered[0], {}) if _SITE else None
    ContentType.objects.clear_cache()
    translation.activate(settings.LANGUAGE_CODE)
    settings.EMAIL_BACKEND = "omep_site.lib.mail.QueueBackend"


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
