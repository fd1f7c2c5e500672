import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import translation

from omep_site.lib import public


@pytest.fixture(autouse=True)
def _as_a_new_process(settings):
    """Each test begins as a new process does, with nothing remembered; and mail goes into the queue, as on the real
    site (Django's test runner would keep it in memory)."""
    public.shelf.clear(None)
    public.forget_version()
    ContentType.objects.clear_cache()
    translation.activate(settings.LANGUAGE_CODE)
    settings.EMAIL_BACKEND = "omep_site.lib.mail.QueueBackend"


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
