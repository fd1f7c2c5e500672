"""A conversation as visitors read it: its order, its pages, and what is left of what was removed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.conversation import conversation
from comments.models import Comment, Policy, Rules
from omep_site.lib import public
from tests.comments.factories import event_path, place
from tests.factories import make_event
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 1, 5, 8, tzinfo=UTC)
SITE = "https://events.example.org"


def say(event, name, minutes, parent=None, **fields) -> Comment:
    return place(event, name=name, parent=parent, created_at=THEN + timedelta(minutes=minutes), **fields)


@pytest.fixture
def talk():
    """Two conversations, of which the first has four levels and an answer that came last."""
    event = make_event()
    a = say(event, "Ada", 0)
    b = say(event, "Bo", 1)
    a1 = say(event, "Ada 1", 2, a)
    b1 = say(event, "Bo 1", 3, b)
    a11 = say(event, "Ada 1.1", 4, a1)
    a111 = say(event, "Ada 1.1.1", 5, a11)
    a2 = say(event, "Ada 2", 6, a)
    return {"event": event, "a": a, "a1": a1, "a11": a11, "a111": a111, "a2": a2, "b": b, "b1": b1}


def rows(page) -> list[tuple[str, str | None]]:
    """Each row's name, or what stands in its place, and how far it is indented."""
    found = page.select("#comments article, #comments p.empty")
    return [(words(row.select_one("h3") or row), row.get("data-level")) for row in found]


def read(client, event, query="", language="fr"):
    answer = client.get(event_path(event, language) + query)
    assert answer.status_code == 200
    return soup(answer)


def test_answers_stand_below_what_they_answer_and_as_deep_as_the_rules_say(client, talk):
    expected = [
        ("Ada", None),
        ("Ada 1", "2"),
        ("Ada 1.1", "3"),
        ("Ada 1.1.1", "3"),
        ("Ada 2", "2"),
        ("Bo", None),
        ("Bo 1", "2"),
    ]
    assert rows(read(client, talk["event"])) == expected
    Policy.objects.create(levels=2)
    public.bump()
    levels = [level for _name, level in rows(read(client, talk["event"]))]
    assert levels == [None, "2", "2", "2", "2", None, "2"]


def test_the_newest_conversation_may_stand_first_with_its_answers_in_their_order(client, talk):
    Policy.objects.create(event=talk["event"], newest_first=True)
    names = [name for name, _level in rows(read(client, talk["event"]))]
    assert names == ["Bo", "Bo 1", "Ada", "Ada 1", "Ada 1.1", "Ada 1.1.1", "Ada 2"]


@pytest.mark.parametrize(
    ("language", "removed", "answered"),
    [
        ("fr", "Un commentaire a été retiré.", "En réponse à un commentaire retiré"),
        ("en", "A comment was removed.", "In reply to a comment that was removed"),
    ],
)
def test_what_was_removed_leaves_an_empty_place_while_something_stands_below_it(
    client, talk, language, removed, answered
):
    talk["a1"].trash()
    talk["b1"].trash()
    page = read(client, talk["event"], language=language)
    assert rows(page)[:4] == [("Ada", None), (removed, "2"), ("Ada 1.1", "3"), ("Ada 1.1.1", "3")]
    assert rows(page)[-1] == ("Bo", None)
    assert page.find(id=talk["a1"].anchor).attrs == {"class": ["empty"], "id": talk["a1"].anchor, "data-level": "2"}
    assert words(page.find(id=talk["a11"].anchor).select("header p")[1]) == answered
    assert words(page.find(id="comments-title")) == {"fr": "5 commentaires", "en": "5 comments"}[language]
    for comment in ("a11", "a111"):
        talk[comment].mark_spam()
    assert [name for name, _level in rows(read(client, talk["event"]))] == ["Ada", "Ada 2", "Bo"]


@pytest.mark.parametrize("verb", ["trash", "mark_spam", "restore", "erase"])
def test_an_empty_place_says_nothing_of_whoever_wrote_there(client, talk, verb):
    Comment.objects.filter(pk=talk["a1"].pk).update(
        name="Secrète", body="mot secret", website="https://secret.example/"
    )
    getattr(talk["a1"], verb)()
    html = client.get(event_path(talk["event"])).content.decode().casefold()
    assert "secr" not in html


def test_a_reply_to_what_was_deleted_for_good_says_that_it_is_gone(client, talk):
    Comment.objects.filter(pk=talk["b"].pk).delete()
    public.bump()
    page = read(client, talk["event"])
    assert words(page.find(id=talk["b1"].anchor).select("header p")[1]) == "En réponse à un commentaire retiré"


# Pages


@pytest.fixture
def paged(talk):
    Policy.objects.create(event=talk["event"], page_size=3)
    return talk


def test_a_page_holds_so_many_rows_and_says_what_its_first_reply_answers(client, paged):
    event = paged["event"]
    assert [name for name, _level in rows(read(client, event))] == ["Ada", "Ada 1", "Ada 1.1"]
    second = read(client, event, "?comments=2")
    assert rows(second) == [("Ada 1.1.1", "3"), ("Ada 2", "2"), ("Bo", None)]
    links = [article.select("header a")[1] for article in second.select("article.comment")[:2]]
    assert [(words(link), link["href"]) for link in links] == [
        ("En réponse à Ada 1.1", f"/fr/commentaires/{paged['a11'].pk}/"),
        ("En réponse à Ada", f"/fr/commentaires/{paged['a'].pk}/"),
    ]
    third = read(client, event, "?comments=3")
    assert rows(third) == [("Bo 1", "2")]
    assert words(third.find(id="comments-title")) == "7 commentaires"


def test_pages_lead_to_each_other_and_the_first_has_no_parameter(client, paged):
    path = event_path(paged["event"])

    def ways(query):
        page = read(client, paged["event"], query)
        return words(page.select_one("#comments .pages span")), {
            link["rel"][0]: link["href"] for link in page.select("#comments .pages a")
        }

    assert ways("") == ("Page 1 sur 3", {"next": f"{path}?comments=2#comments"})
    assert ways("?comments=2") == ("Page 2 sur 3", {"prev": f"{path}#comments", "next": f"{path}?comments=3#comments"})
    assert ways("?comments=3") == ("Page 3 sur 3", {"prev": f"{path}?comments=2#comments"})
    Policy.objects.update(page_size=7)
    public.bump()
    assert read(client, paged["event"]).select("#comments .pages") == []


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "L’été – commentaires, page 2 – OMEP"),
        ("en", "Summer – comments, page 2 – OMEP"),
    ],
)
def test_a_page_has_a_title_of_its_own_and_search_engines_are_told_of_the_first(client, paged, language, title):
    event = paged["event"]
    event.title_fr, event.title_en = "L’été", "Summer"
    event.save()
    public.bump()
    page = read(client, event, "?comments=2", language)
    assert page.title.get_text() == title
    assert page.select_one("link[rel=canonical]")["href"] == SITE + event_path(event, language)
    assert alternates(page) == {}
    other = {"fr": "en", "en": "fr"}[language]
    assert [a["href"] for a in page.select(".languages a")] == [event_path(event, other) + "?comments=2"]
    first = read(client, event, "", language)
    assert first.title.get_text() == title.replace(" – commentaires, page 2", "").replace(" – comments, page 2", "")
    assert set(alternates(first)) == {"fr", "en", "x-default"}


@pytest.mark.parametrize("asked", ["0", "4", "99", "abc", "-1", "2.0", "1e1", "٢", "2;3", "9" * 400])
@pytest.mark.parametrize(("language", "heading"), [("fr", "Page introuvable"), ("en", "Page not found")])
def test_a_page_that_does_not_exist_is_not_found(client, paged, asked, language, heading):
    answer = client.get(event_path(paged["event"], language), {"comments": asked})
    assert (answer.status_code, words(soup(answer).h1)) == (404, heading)


def test_an_event_without_comments_has_one_page(client):
    event = make_event()
    assert client.get(event_path(event)).status_code == 200
    assert client.get(event_path(event) + "?comments=2").status_code == 404


@pytest.mark.parametrize(
    ("query", "leads_to"),
    [
        ("?comments=1", ""),
        ("?comments=", ""),
        ("?comments=+2", "?comments=2"),
        ("?comments=2&comments=2", "?comments=2"),
        ("?comments=3&comments=2", "?comments=2"),
        ("?comments=2&comments=1", ""),
    ],
)
def test_what_is_written_otherwise_leads_to_the_one_address_of_a_page(client, paged, query, leads_to):
    answer = client.get(event_path(paged["event"]) + query)
    assert (answer.status_code, answer["Location"]) == (302, event_path(paged["event"]) + leads_to)


def test_kept_are_as_many_pages_as_there_are_whatever_is_asked(client, paged):
    path = event_path(paged["event"])
    for query in ("", "?comments=2", "?comments=3"):
        assert client.get(path + query).status_code == 200
    kept = len(public.shelf.now.pages)
    for query in ("?x=1", "?comments=2&x=2", "?comments=1", "?comments=99", "?comments=a", "?comments=2&comments=2"):
        client.get(path + query)
    assert (kept, len(public.shelf.now.pages)) == (3, 3)


def test_a_former_address_leads_on_to_the_same_page(client, paged):
    event, old = paged["event"], event_path(paged["event"])
    event.slug_fr = "apres"
    event.save()
    public.bump()
    answer = client.get(old + "?comments=2")
    assert (answer.status_code, answer["Location"]) == (301, "/fr/evenements/apres/?comments=2")


# Closed and without replies


@pytest.mark.parametrize(
    ("language", "since", "always"),
    [
        (
            "fr",
            "Les commentaires sur cet événement sont fermés depuis le lundi 12 janvier 2026.",
            "Les commentaires sur cet événement sont fermés.",
        ),
        (
            "en",
            "Comments on this event have been closed since Monday 12 January 2026.",
            "Comments on this event are closed.",
        ),
    ],
)
def test_where_comments_are_closed_the_page_says_so_and_offers_nothing_to_write(client, language, since, always):
    ends = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)  # the 6th in Paris
    event = make_event(starts_at=ends - timedelta(hours=1), ends_at=ends - timedelta(hours=1))
    say(event, "Ada", 0)
    policy = Policy.objects.create(opening="days", closes_after=7)
    page = read(client, event, language=language)
    assert (
        words(page.select_one("#comments .notice")),
        page.select("#comment-form, .reply a[href*=rep]:not([href*=report])"),
    ) == (since, [])
    Policy.objects.filter(pk=policy.pk).update(opening="closed")
    public.bump()
    page = read(client, event, language=language)
    assert (
        words(page.select_one("#comments .notice")),
        page.select("#comment-form, .reply a[href*=rep]:not([href*=report])"),
    ) == (always, [])


def test_with_one_level_nothing_can_be_replied_to_and_what_was_said_stands_in_a_line(client, talk):
    Policy.objects.create(levels=1)
    page = read(client, talk["event"])
    assert {level for _name, level in rows(page)} == {None}
    assert (page.select(".reply a[href*=rep]:not([href*=report])"), len(page.select("#comment-form"))) == ([], 1)


def test_each_comment_has_an_initial_and_a_way_to_reply_named_after_its_author(client, talk):
    page = read(client, talk["event"], language="en")
    article = page.find(id=talk["b"].anchor)
    assert article.select_one(".portrait").attrs == {"class": ["portrait"], "data-initial": "B", "aria-hidden": "true"}
    link = article.select_one(".reply a")
    assert (words(link), link["href"], link["rel"]) == (
        "Reply to Bo",
        f"/en/comments/{talk['b'].pk}/reply/",
        ["nofollow"],
    )
    assert link.select_one("bdi").get_text() == "Bo"


# What it costs


def test_a_page_far_on_is_found_in_an_index_alone():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole, whatever the indexes")
    event = make_event()
    for number in range(8):
        say(event, f"Zoé {number}", number)
    with CaptureQueriesContext(connection) as queries:
        conversation(event, Rules(page_size=5), 2, "fr")
    plans = []
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plans.append([row[3] for row in cursor.fetchall()])
    counting, reading = plans
    assert counting == ["SEARCH comments_comment USING COVERING INDEX comments_reading_order (event_id=?)"]
    assert "SEARCH U0 USING COVERING INDEX comments_reading_order (event_id=?)" in reading
