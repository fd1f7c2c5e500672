from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.utils.translation import override

from omep_site.lib import public
from omep_site.lib.links import path_in
from tests.comments.factories import event_path, make_comment, place
from tests.factories import make_event

pytestmark = pytest.mark.django_db


def read_page(client, event, language="fr"):
    answer = client.get(event_path(event, language))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content.decode(), "html.parser")


def words(tag) -> str:
    return " ".join(tag.get_text().split())


def test_a_comment_shows_its_name_its_time_and_its_lines(client):
    comment = make_comment(
        name="Zoé", body="Un.\nDeux.\n\nTrois.", status="approved", created_at=datetime(2021, 12, 1, 12, 30, tzinfo=UTC)
    )
    article = read_page(client, comment.event).find(id=f"comment-{comment.pk}")
    assert article.name == "article"
    assert str(article.find("h3")) == "<h3><bdi>Zoé</bdi></h3>"
    assert article.find("time")["datetime"] == "2021-12-01T13:30:00+01:00"
    body = article.find(class_="comment-body")
    assert body.attrs == {"class": ["comment-body"], "dir": "auto"}
    assert [str(p) for p in body.find_all("p")] == ["<p>Un.<br/>Deux.</p>", "<p>Trois.</p>"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "mercredi 1er décembre 2021, 13 h 30 (UTC+1)"), ("en", "Wednesday 1 December 2021, 13:30 (UTC+1)")],
)
def test_the_time_is_in_words_of_the_page_and_hours_of_the_event(client, language, sentence):
    comment = make_comment(status="approved", created_at=datetime(2021, 12, 1, 12, 30, 59, 999999, tzinfo=UTC))
    time = read_page(client, comment.event, language).select_one("article.comment time")
    assert words(time) == sentence
    assert time["datetime"] == "2021-12-01T13:30:59+01:00"


def test_words_in_the_other_language_are_marked(client):
    event = make_event()
    make_comment(event=event, language="fr", status="approved")
    make_comment(event=event, language="en", status="approved")
    for language, langs in {"fr": [None, "en"], "en": ["fr", None]}.items():
        bodies = read_page(client, event, language).select(".comment-body")
        assert [body.get("lang") for body in bodies] == langs


@pytest.mark.parametrize(
    ("count", "french", "english"),
    [
        (0, "Pas encore de commentaire", "No comments yet"),
        (1, "1 commentaire", "1 comment"),
        (2, "2 commentaires", "2 comments"),
    ],
)
def test_the_heading_counts_what_visitors_can_see(client, count, french, english):
    event = make_event()
    for _ in range(count):
        make_comment(event=event, status="approved")
    for status in ("pending", "spam", "trash"):
        make_comment(event=event, status=status)
    assert words(read_page(client, event, "fr").find(id="comments-title")) == french
    assert words(read_page(client, event, "en").find(id="comments-title")) == english


def test_only_approved_comments_of_this_event_are_shown_oldest_first(client):
    event = make_event()
    later = place(event, created_at=datetime(2026, 2, 2, tzinfo=UTC))
    sooner = place(event, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    make_comment(status="approved")
    for status in ("pending", "spam", "trash"):
        make_comment(event=event, status=status)
    shown = [article["id"] for article in read_page(client, event).select("article.comment")]
    assert shown == [f"comment-{sooner.pk}", f"comment-{later.pk}"]


def test_markup_in_a_comment_is_shown_and_never_obeyed(client):
    attack = "<script>alert('é')</script><img src=x onerror=alert(1)>&lt;b&gt; {{ 7|add:7 }}"
    comment = make_comment(name='"><svg onload=alert(1)>', body=attack, status="approved")
    article = read_page(client, comment.event).find(id=f"comment-{comment.pk}")
    assert {tag.name for tag in article.find_all(True)} == {"header", "h3", "bdi", "p", "a", "time", "div", "span"}
    assert article.find("bdi").get_text() == '"><svg onload=alert(1)>'
    assert article.select_one(".comment-body p").get_text() == attack


def test_a_website_is_a_link_that_search_engines_do_not_follow(client):
    comment = make_comment(name="Zoé", website="https://example.org/?a=1&b='", status="approved")
    link = read_page(client, comment.event).select_one(f"#comment-{comment.pk} h3 a")
    assert link.attrs == {"href": "https://example.org/?a=1&b='", "rel": ["nofollow", "ugc", "noopener"]}
    assert link.find("bdi").get_text() == "Zoé"


def test_a_reply_names_and_links_what_it_answers_while_that_is_visible(client):
    parent = make_comment(name="Émile", status="approved")
    reply = make_comment(event=parent.event, parent=parent, status="approved")
    with override("en"):
        link = read_page(client, parent.event, "en").select_one(f"#comment-{reply.pk} a[href='#comment-{parent.pk}']")
    assert words(link) == "In reply to Émile"
    link = read_page(client, parent.event, "fr").select_one(f"#comment-{reply.pk} a[href='#comment-{parent.pk}']")
    assert words(link) == "En réponse à Émile"
    parent.trash()
    assert "Émile" not in read_page(client, parent.event).get_text()


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        (
            "fr",
            "Laisser un commentaire",
            "Votre adresse e-mail ne sera pas publiée. Les champs obligatoires sont indiqués avec *",
        ),
        (
            "en",
            "Leave a comment",
            "Your e-mail address will not be published. Required fields are marked *",
        ),
    ],
)
def test_the_form_says_what_is_required_and_what_stays_private(client, language, heading, sentence):
    event = make_event()
    form = read_page(client, event, language).find("form", id="comment-form")
    assert words(form.find("h2")) == heading
    assert words(form.find("p")) == sentence
    assert form["method"] == "post"
    assert form["action"] == path_in(language, "comments:write", event_id=event.pk)
    fields = {field["name"]: ("required" in field.attrs, field.get("value", "")) for field in form.select("[name]")}
    assert fields == {
        "parent": (False, ""),
        "name": (True, ""),
        "email": (True, ""),
        "website": (False, ""),
        "body": (True, ""),
        "subject": (False, ""),
        "stamp": (False, ""),
    }
    for field in form.select("[name]:not([type=hidden])"):
        assert len(form.select(f"label[for={field['id']}]")) == 1


def test_the_event_page_asks_the_same_queries_with_1_and_with_50_comments(client, django_assert_num_queries):
    event = make_event()
    parent = make_comment(event=event, status="approved")
    client.get(event_path(event))  # after a change: the site’s words and rules are read once
    public.forget()
    with django_assert_num_queries(EVENT_PAGE) as queries:
        client.get(event_path(event))
    assert sum("comments_comment" in query["sql"] for query in queries) == 1
    for number in range(49):
        make_comment(event=event, parent=parent if number % 2 else None, status="pending").approve()
    for page in ("", "?comments=2"):
        public.bump()
        # After a change also: the site’s texts, links, pages, addresses, the rules of commenting.
        with django_assert_num_queries(EVENT_PAGE + 5 + bool(page)) as queries:
            assert client.get(event_path(event) + page).content.count(b'<article class="comment"') == 20
        assert sum("comments_comment" in query["sql"] for query in queries) == 1 + bool(page)


# version, event, pictures, documents, strategies, objectives, subjects, speakers, partners; the comments of the page, with
# their number; the next change of the clock. Related events, where it has a subject, are two more.
EVENT_PAGE = 11
