"""The address of a comment: it leads to wherever the comment stands now, and tells nothing of those that are not shown."""

from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Comment, Policy
from events.models import Event
from omep_site.lib import public
from omep_site.lib.links import path_in
from tests.comments.factories import event_path, make_comment, place
from tests.factories import make_event
from tests.pages import soup

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 1, 5, 8, tzinfo=UTC)


def permalink(number, language="fr") -> str:
    return path_in(language, "comments:permalink", number=number)


def test_the_addresses_are_words_of_their_languages():
    assert permalink(7, "fr") == "/fr/commentaires/7/"
    assert permalink(7, "en") == "/en/comments/7/"
    assert path_in("fr", "comments:reply", number=7) == "/fr/commentaires/7/repondre/"
    assert path_in("en", "comments:reply", number=7) == "/en/comments/7/reply/"


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("newest_first", [False, True])
def test_each_comment_is_on_the_page_to_which_its_address_leads(client, language, newest_first):
    event = make_event()
    Policy.objects.create(event=event, page_size=5, newest_first=newest_first)
    starts = [place(event, created_at=THEN + timedelta(minutes=number)) for number in range(6)]
    for number in range(6):
        parent = starts[number % 3]
        starts.append(place(event, parent=parent, created_at=THEN + timedelta(hours=1, minutes=number)))
    starts[1].trash()  # its empty place counts, for others stand below
    pages = set()
    for comment in starts[:1] + starts[2:]:
        answer = client.get(permalink(comment.pk, language))
        assert answer.status_code == 302
        page, _hash, fragment = answer["Location"].partition("#")
        assert fragment == comment.anchor
        assert page.partition("?")[0] == event_path(event, language)
        assert len(soup(client.get(page)).select(f"article#{fragment}")) == 1
        pages.add(page)
    assert len(pages) == 3


def test_it_leads_on_when_the_comment_comes_to_another_page(client):
    event = make_event()
    Policy.objects.create(event=event, page_size=5, newest_first=True)
    comment = place(event, created_at=THEN)
    assert client.get(permalink(comment.pk))["Location"] == f"{event_path(event)}#{comment.anchor}"
    for number in range(5):
        place(event, created_at=THEN + timedelta(days=1, minutes=number))
    assert client.get(permalink(comment.pk))["Location"] == f"{event_path(event)}?comments=2#{comment.anchor}"


def test_nothing_keeps_where_it_led(client):
    comment = make_comment(status="approved")
    for read in (client.get, client.head):
        answer = read(permalink(comment.pk))
        assert (answer.status_code, "no-store" in answer["Cache-Control"], dict(answer.cookies)) == (302, True, {})
    assert client.post(permalink(comment.pk)).status_code == 405


@pytest.mark.parametrize("name", ["permalink", "reply"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_is_not_shown_is_not_told_from_what_never_was(client, name, language):
    event = make_event()
    answered = make_comment(event=event, status="approved")
    make_comment(event=event, parent=answered, status="approved")
    answered.trash()  # its empty place is on the page
    hidden = [make_comment(event=event, status=status).pk for status in ("pending", "spam", "trash")]
    of_a_draft = make_comment(event=make_event(status="draft", publish_at=None), status="approved").pk
    numbers = [*hidden, answered.pk, of_a_draft, 10**6, 10**18, 10**40, 0]
    answers = [client.get(path_in(language, f"comments:{name}", number=number)) for number in numbers]
    assert [answer.status_code for answer in answers] == [404] * len(numbers)
    assert len({answer.content for answer in answers}) == 1
    assert len({str(sorted(answer.items())) for answer in answers}) == 1


def test_a_withdrawn_event_takes_the_addresses_of_its_comments_along(client):
    comment = make_comment(status="approved")
    assert client.get(permalink(comment.pk)).status_code == 302
    Event.objects.get(pk=comment.event_id).withdraw()
    assert client.get(permalink(comment.pk)).status_code == 404


def test_the_time_of_a_comment_links_to_its_address(client):
    comment = make_comment(status="approved")
    link = soup(client.get(event_path(comment.event, "en"))).select_one(f"#{comment.anchor} a:has(time)")
    assert link["href"] == permalink(comment.pk, "en")


def test_it_is_found_with_as_few_queries_whatever_the_number_of_comments(client, django_assert_num_queries):
    event = make_event()
    comment = place(event, created_at=THEN)
    for count in (0, 30):
        for number in range(count):
            place(event, created_at=THEN - timedelta(minutes=number))
        public.forget_version()
        with django_assert_num_queries(
            4
        ):  # the version, the comment with its event, the rules, how many stand before it
            client.get(permalink(comment.pk))
    assert Comment.objects.count() == 31


@pytest.mark.parametrize(("status", "leads_to"), [("approved", "/en/comments/{}/"), ("pending", "/en/events/{}/")])
def test_the_admin_links_to_where_a_comment_is_read(editor, status, leads_to):
    comment = make_comment(status=status, event=make_event(slug_en="launch"))
    page = soup(editor.get(f"/admin/comments/comment/{comment.pk}/change/"))
    links = [link["href"] for link in page.select(".facts a")]
    assert links == [leads_to.format(comment.pk if status == "approved" else "launch")]
