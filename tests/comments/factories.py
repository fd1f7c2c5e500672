"""What the tests of comments write with."""

import time
from functools import cache
from urllib.parse import urlencode

from django.utils.translation import override
from post_office.models import Email

from comments.models import Comment, Correspondent, Follow, Move
from comments.views.author import WAITING
from omep_site.lib.links import path_in, sign
from tests.factories import make_event

FORM = "application/x-www-form-urlencoded"
ANSWER = {
    "name": "Zoé Lefèvre",
    "email": "zoe.lefevre@example.org",
    "website": "",
    "body": "Merci d’avoir pensé aux crèches !\nÀ bientôt.",
    "parent": "",
    "subject": "",
    "stamp": "",
}
BROWSER = {"sec-fetch-site": "same-origin", "origin": "http://testserver"}


def make_comment(**fields) -> Comment:
    """A waiting comment in French, on an event of its own if none is given."""
    fields.setdefault("event", None)
    defaults = {
        "name": "Zoé Lefèvre",
        "email": "zoe.lefevre@example.org",
        "body": "Merci d’avoir pensé aux crèches.",
        "language": "fr",
    }
    return Comment.objects.create(**defaults | fields | {"event": fields["event"] or make_event()})


def place(event, *, created_at, **fields) -> Comment:
    """An approved comment whose place in the conversation is that of `created_at`."""
    given = {"name": "Zoé", "email": "zoe@example.org", "body": "Oui.", "language": "fr", "status": "approved"}
    return Comment.objects.create(event=event, created_at=created_at, **given | fields)


def write_path(event, language="fr") -> str:
    return path_in(language, "comments:write", event_id=event.pk)


def event_path(event, language="fr") -> str:
    with override(language):
        return path_in(language, "events:detail", slug=event.slug)


def send(client, event, language="fr", headers=None, **answers):
    """Sends the form as a browser does; what is not said is a good answer."""
    body = urlencode(ANSWER | answers)
    return client.post(write_path(event, language), body, content_type=FORM, headers=headers)


def own_path(comment, page="waiting", language="fr") -> str:
    """A page of the comment's author: waiting, edit, withdraw, send_again, follow."""
    return path_in(language, f"comments:{page}", token=_token(comment.pk))


@cache
def _token(pk: int) -> str:
    """The same in one test, however many seconds it takes: there is a time in it."""
    return sign(WAITING, pk)


def stop_the_clock(monkeypatch) -> None:
    """Ten seconds into a minute, for what is counted by the minute."""
    moment = int(time.time()) // 60 * 60 + 10
    monkeypatch.setattr("omep_site.lib.throttle.time.time", lambda: moment)


def press(client, path, headers=None, **fields):
    """Sends a form as a browser does."""
    return client.post(path, urlencode(fields), content_type=FORM, headers=headers)


def make_correspondent(**fields) -> Correspondent:
    """An address that reads French and said yes."""
    return Correspondent.objects.create(
        **{"email": "zoe.lefevre@example.org", "language": "fr", "status": "confirmed"} | fields
    )


def make_follow(comment=None, correspondent=None, **fields) -> Follow:
    """Somebody who wants to know all of a comment; by default its author."""
    comment = comment or make_comment()
    if correspondent is None:
        correspondent = Correspondent.objects.at(comment.email).first() or make_correspondent(email=comment.email)
    wishes = {"publication": True, "replies": True}
    return Follow.objects.create(comment=comment, correspondent=correspondent, **wishes | fields)


def path_of(url: str) -> str:
    """The path of an absolute address of this site."""
    assert url.startswith("https://events.example.org/")
    return url.removeprefix("https://events.example.org")


def everything() -> list:
    """All that the app and the queue of mail have stored, to show that nothing was changed."""
    models = (Comment, Move, Correspondent, Follow, Email)
    return [list(model.objects.order_by("pk").values()) for model in models]


def queued(kind: str) -> list[Email]:
    """The mails of one kind, in the order in which they were written."""
    return [each for each in Email.objects.order_by("pk") if each.headers["X-Mail-Kind"] == kind]
