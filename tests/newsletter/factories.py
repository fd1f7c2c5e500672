"""What the tests of the newsletter write with."""

from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from newsletter.models import Consent, ConsentText, Delivery, Issue, Subscriber
from omep_site.lib.links import path_in

FORM = "application/x-www-form-urlencoded"
ADDRESS = "lectrice@example.org"


def make_subscriber(**fields) -> Subscriber:
    """Somebody who reads French and waits for the confirmation mail."""
    if fields.get("status") == "confirmed":
        fields.setdefault("confirmed_at", timezone.now())
    return Subscriber.objects.create(**{"email": ADDRESS, "language": "fr"} | fields)


def make_readers(**languages: int) -> list[Subscriber]:
    """So many confirmed readers of each language: fr0@example.org, fr1@example.org …"""
    return [
        make_subscriber(email=f"{language}{number}@example.org", language=language, status="confirmed")
        for language, count in languages.items()
        for number in range(count)
    ]


def make_issue(**fields) -> Issue:
    """A draft that is complete in both languages."""
    words = {
        "subject_fr": "La Lettre d’été",
        "subject_en": "The Summer Letter",
        "body_fr": "<p>Bonjour à toutes et à tous !</p>",
        "body_en": "<p>Good day to you all!</p>",
    }
    return Issue.objects.create(**words | fields)


def make_sending(**fields) -> Issue:
    """An issue that goes out from now on."""
    issue = make_issue(**fields)
    assert issue.send_now()
    return issue


def stands(issue: Issue) -> dict[str, int]:
    """How many deliveries there are of each status that has any."""
    return {status: count for status, count in issue.deliveries.counts().items() if count}


def of(address: str) -> Delivery:
    """The only delivery to this address."""
    return Delivery.objects.get(subscriber__email=address)


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
