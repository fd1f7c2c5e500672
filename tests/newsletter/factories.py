"""What the tests of the newsletter write with."""

from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from newsletter.models import Consent, ConsentText, Subscriber
from omep_site.lib.links import path_in

FORM = "application/x-www-form-urlencoded"
ADDRESS = "lectrice@example.org"


def make_subscriber(**fields) -> Subscriber:
    """Somebody who reads French and waits for the confirmation mail."""
    if fields.get("status") == "confirmed":
        fields.setdefault("confirmed_at", timezone.now())
    return Subscriber.objects.create(**{"email": ADDRESS, "language": "fr"} | fields)


def status() -> str:
    """The status of the only subscriber."""
    return Subscriber.objects.get().status


def path_of(url: str) -> str:
    """The path of an absolute address of this site."""
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == "https://events.example.org"
    return parts.path


def form_path(language="fr") -> str:
    return path_in(language, "newsletter:subscribe")


def thanks_path(language="fr") -> str:
    return path_in(language, "newsletter:thanks")


def send(client, language="fr", /, headers=None, **answers):
    """Sends the form as a browser does, from the home page in `language`."""
    body = urlencode({"email": ADDRESS, "language": language, "page": f"/{language}/"} | answers)
    return client.post(form_path(language), body, content_type=FORM, headers=headers)


def everything() -> list:
    """All that the newsletter has stored, to show that nothing was changed."""
    return [list(model.objects.order_by("pk").values()) for model in (Subscriber, Consent, ConsentText)]


def a_list(*lines: str, encoding="utf-8", end="\n") -> bytes:
    """A file with these lines."""
    return "".join(line + end for line in lines).encode(encoding)


def bring(content: bytes, read=True, **fields):
    """A list that somebody brought, read unless it is said otherwise."""
    from newsletter import importing
    from newsletter.models import ImportJob

    fields = {"file_name": "liste.csv", "consent_source": "congrès de Bologne", "is_trial": False} | fields
    job = importing.begin(content, **fields)
    while read and importing.work():
        pass
    return ImportJob.objects.get(pk=job.pk)
