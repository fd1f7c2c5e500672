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


def write_path(event, language="fr") -> str:
    return path_in(language, "comments:write", event_id=event.pk)


def event_path(event, language="fr") -> str:
    with override(language):
        return path_in(language, "events:detail", slug=event.slug)


def send(client, event, language="fr", headers=None, **answers):
    """Sends the form as a browser does; what is not said is a good answer."""
    body = urlencode(ANSWER | answers)
    return client.post(write_path(event, language), body, content_type=FORM, headers=headers)
