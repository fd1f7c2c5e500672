import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture(autouse=True)
def _queue(settings):
    """Django's test runner puts mail into memory; here it goes into the queue, as on the real site."""
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
