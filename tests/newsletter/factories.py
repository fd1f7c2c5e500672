"""What the tests of the newsletter write with."""

from urllib.parse import urlencode, urlsplit

from django.utils import timezone

from newsletter.models import Consent, ConsentText, Delivery, Issue, IssueEvent, Subscriber
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


def make_issue(*events, **fields) -> Issue:
    """A draft in both languages, with a card for each event."""
    words = {
        "subject_fr": "La Lettre de décembre",
        "subject_en": "The December letter",
        "body_fr": "<p>Chères lectrices, chers lecteurs, voici l’été austral.</p>",
        "body_en": "<p>Dear readers, here is the southern summer.</p>",
    }
    issue = Issue.objects.create(**words | fields)
    for position, event in enumerate(events, start=1):
        IssueEvent.objects.create(issue=issue, event=event, position=position)
    return issue


def make_sent_issue(*events, **fields) -> Issue:
    """One that has gone out."""
    now = timezone.now()
    return make_issue(*events, **{"status": "sent", "queued_at": now, "finished_at": now} | fields)


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
