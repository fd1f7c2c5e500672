"""What the tests of comments write with."""

from urllib.parse import urlencode

from django.utils.translation import override

from comments.models import Comment
from omep_site.lib.links import path_in
from tests.factories import make_event

FORM = "application/x-www-form-urlencoded"
ANSWER = {
    "name": "Zoé Lefèvre",
    "email": "zoe.lefevre@example.org",
    "website": "",
    "body": "Merci d’avoir pensé aux crèches !\nÀ bientôt.",
    "parent": "",
}


def make_comment(**fields) -> Comment:
    """A waiting comment in French, on an event of its own if none is given."""
    created_at = fields.pop("created_at", None)
    fields.setdefault("event", None)
    defaults = {
        "name": "Zoé Lefèvre",
        "email": "zoe.lefevre@example.org",
        "body": "Merci d’avoir pensé aux crèches.",
        "language": "fr",
    }
    comment = Comment.objects.create(**defaults | fields | {"event": fields["event"] or make_event()})
    if created_at:
        Comment.objects.filter(pk=comment.pk).update(created_at=created_at)
        comment.refresh_from_db()
    return comment


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
