"""No address that somebody gave in confidence, and no name of an editor, is on anything that visitors may read."""

import pytest
from django.contrib.auth.models import User

from comments.models import Comment
from omep_site.lib.links import in_every_language, path_in
from pages import site
from tests.comments.factories import make_comment
from tests.comments.factories import send as send_comment
from tests.factories import make_event
from tests.newsletter.factories import make_subscriber
from tests.pages_app.factories import make_page

pytestmark = pytest.mark.django_db

SECRET = "confidentiel"  # in every address and account that a test makes
LANGUAGES = ("fr", "en")


@pytest.fixture(autouse=True)
def _fresh(settings):
    site.forget()
    settings.MODERATORS = [f"moderation@{SECRET}.example"]


def tell_everything():
    """All that has an address: comments in each state, subscribers, editors; and an event that editors have worked on."""
    event = make_event()
    User.objects.create_superuser(f"claire-{SECRET}", f"claire@{SECRET}.example", "x", first_name=SECRET)
    parent = make_comment(event=event, status="approved", email=f"zoe@{SECRET}.example")
    for status in Comment.Status.values:
        make_comment(event=event, parent=parent, status=status, email=f"{status}@{SECRET}.example")
    for status in ("pending", "confirmed", "unsubscribed", "suppressed"):
        make_subscriber(email=f"{status}@{SECRET}.example", status=status)
    return event, make_page()


def public_paths(event, page) -> list[str]:
    month = f"{event.starts_at:%Y-%m}"
    found = ["/sitemap.xml", "/robots.txt"]
    for language in LANGUAGES:
        slug = getattr(event, f"slug_{language}")
        found += [
            f"/{language}/",
            path_in(language, "events:list"),
            path_in(language, "events:list") + f"?q={SECRET[:4]}",
            path_in(language, "events:feed"),
            path_in(language, "events:calendar"),
            path_in(language, "events:month", month=month),
            path_in(language, "events:detail", slug=slug),
            path_in(language, "events:event_calendar", slug=slug),
            path_in(language, "events:picture", slug=slug),
            path_in(language, "comments:feed"),
            path_in(language, "comments:event_feed", slug=slug),
            path_in(language, "pages:page", slug=getattr(page, f"slug_{language}")),
            path_in(language, "newsletter:subscribe"),
        ]
    return found


def test_no_page_feed_or_calendar_holds_one(client):
    event, page = tell_everything()
    for path in public_paths(event, page):
        response = client.get(path)
        assert (path, response.status_code) == (path, 200)
        assert (path, SECRET in response.content.decode(errors="replace")) == (path, False)
        assert (path, SECRET in str(response.headers)) == (path, False)


def test_pages_for_errors_and_for_what_was_sent_hold_none_of_anybody_else(client):
    event, _page = tell_everything()
    answers = [client.get(f"/{language}/nowhere/") for language in LANGUAGES]
    answers += [send_comment(client, event, body=""), client.get(path_in("fr", "newsletter:thanks"))]
    answers += [client.get(each.path) for each in in_every_language("comments:waiting", token="x")]
    assert [answer.status_code for answer in answers] == [404, 404, 422, 200, 404, 404]
    assert not any(SECRET in answer.content.decode() for answer in answers)


def test_the_pages_would_show_it_if_it_were_in_what_they_show(client):
    """So that the test above cannot pass by asking the wrong pages."""
    event, page = tell_everything()
    make_comment(event=event, status="approved", name=SECRET)
    shown = [path for path in public_paths(event, page) if SECRET in client.get(path).content.decode(errors="replace")]
    assert shown == [
        path_in(language, name, **args)
        for language in LANGUAGES
        for name, args in (
            ("events:detail", {"slug": getattr(event, f"slug_{language}")}),
            ("comments:feed", {}),
            ("comments:event_feed", {"slug": getattr(event, f"slug_{language}")}),
        )
    ]
