"""Replying, without a script: a page of its own, with the comment that is answered and the form."""

from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Comment, Policy
from omep_site.lib import public
from omep_site.lib.links import path_in
from tests.comments.factories import ANSWER, event_path, make_comment, send
from tests.comments.test_write_a_comment import errors_in, form_of, typed
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db


def reply_path(comment, language="fr") -> str:
    return path_in(language, "comments:reply", number=comment.pk)


@pytest.mark.parametrize(
    ("language", "title", "heading", "button"),
    [
        ("fr", "Répondre à Zoé <b> – L’été – OMEP", "Votre réponse", "Envoyer la réponse"),
        ("en", "Reply to Zoé <b> – Summer – OMEP", "Your reply", "Send the reply"),
    ],
)
def test_a_page_shows_the_comment_and_a_form_that_knows_it(client, language, title, heading, button):
    event = make_event(title_fr="L’été", title_en="Summer")
    comment = make_comment(event=event, name="Zoé <b>", body="Bravo !\nhttps://x.org", status="approved")
    page = soup(client.get(reply_path(comment, language)))
    assert page.title.get_text() == title
    assert [words(each) for each in page.select("main :is(h1, h2, h3)")] == [
        title.partition(" – ")[0],
        "Zoé <b>",
        heading,
    ]
    (article,) = page.select("main article.comment")
    assert words(article.select_one(".comment-body")) == "Bravo ! https://x.org"
    assert article.select(".reply") == []
    form = page.find("form", id="comment-form")
    assert (form["method"], form["action"]) == ("post", path_in(language, "comments:write", event_id=event.pk))
    assert form.select_one("[name=parent]")["value"] == str(comment.pk)
    assert words(form.button) == button
    assert page.select_one("meta[name=robots]")["content"] == "noindex"
    assert page.select("link[rel=canonical], link[hreflang]") == []
    other = {"fr": "en", "en": "fr"}[language]
    assert [a["href"] for a in page.select(".languages a")] == [reply_path(comment, other)]
    assert page.select_one(".up a")["href"] == path_in(language, "comments:permalink", number=comment.pk)


def test_the_page_is_kept_for_everybody_until_the_comment_goes(visitor, django_assert_num_queries):
    comment = make_comment(status="approved")
    answer = visitor.get(reply_path(comment))
    assert (answer.status_code, answer["Cache-Control"], dict(answer.cookies)) == (
        200,
        "public, max-age=0, s-maxage=1, stale-if-error=3600",
        {},
    )
    with django_assert_num_queries(0):
        assert visitor.get(reply_path(comment)).content == answer.content
    comment.trash()
    assert visitor.get(reply_path(comment)).status_code == 404
    assert visitor.post(reply_path(comment)).status_code == 405


def test_a_reply_is_sent_from_it(visitor):
    comment = make_comment(status="approved")
    form = soup(visitor.get(reply_path(comment))).find("form", id="comment-form")
    assert send(visitor, comment.event, parent=form.select_one("[name=parent]")["value"]).status_code == 303
    assert Comment.objects.get(status="pending").parent == comment


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize(
    ("wrong", "headers", "status"),
    [({"name": ""}, {}, 422), ({"website": "x y"}, {}, 422), ({}, {"sec-fetch-site": "cross-site"}, 403)],
)
def test_a_reply_that_is_not_taken_is_answered_with_its_page_and_every_word(visitor, language, wrong, headers, status):
    comment = make_comment(status="approved", name="Émile", language=language)
    answer = send(visitor, comment.event, language, headers, parent=comment.pk, **wrong)
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (status, True)
    page = soup(answer)
    assert words(page.h1) == {"fr": "Répondre à Émile", "en": "Reply to Émile"}[language]
    assert page.title.get_text().startswith({"fr": "Erreur\xa0: ", "en": "Error: "}[language])
    assert [article["id"] for article in page.select("main article")] == [comment.anchor]
    assert typed(answer) == ANSWER | {"parent": str(comment.pk)} | wrong
    assert len(errors_in(answer)) == 1
    assert Comment.objects.count() == 1


def test_too_many_replies_are_told_when_to_come_again_on_their_page(visitor):
    comment = make_comment(status="approved")
    Policy.objects.create(per_minute=1)
    assert send(visitor, comment.event, parent=comment.pk).status_code == 303
    answer = send(visitor, comment.event, parent=comment.pk, body="Encore")
    assert (answer.status_code, words(soup(answer).h1)) == (429, "Répondre à Zoé Lefèvre")
    assert 0 < int(answer["Retry-After"]) <= 60
    assert typed(answer) == ANSWER | {"parent": str(comment.pk), "body": "Encore"}


NOT_TAKEN = {
    "fr": "Il n’est plus possible de répondre ici. Envoyez de nouveau votre commentaire : il paraîtra à part.",
    "en": "Replies are not taken here any more. Send your comment again: it will stand on its own.",
}
NOT_HERE = {
    "fr": "Le commentaire auquel vous répondez n’est pas sur cette page. Envoyez de nouveau le vôtre : il paraîtra à part.",
    "en": "The comment that you reply to is not on this page. Send yours again: it will stand on its own.",
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_with_one_level_replies_are_refused_and_stand_on_their_own_the_second_time(visitor, language):
    comment = make_comment(status="approved")
    Policy.objects.create(event=comment.event, levels=1)
    answer = send(visitor, comment.event, language, parent=comment.pk)
    assert (answer.status_code, errors_in(answer)) == (422, [NOT_TAKEN[language]])
    assert typed(answer) == ANSWER | {"parent": ""}
    assert send(visitor, comment.event, language, **typed(answer)).status_code == 303
    assert Comment.objects.get(status="pending").parent is None
    answer = visitor.get(reply_path(comment, language))
    assert (answer.status_code, answer["Location"]) == (302, path_in(language, "comments:permalink", number=comment.pk))


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reply_to_what_was_removed_meanwhile_is_answered_on_the_event_with_every_word(visitor, language):
    comment = make_comment(status="approved")
    comment.trash()
    answer = send(visitor, comment.event, language, parent=comment.pk)
    assert (answer.status_code, errors_in(answer)) == (422, [NOT_HERE[language]])
    assert typed(answer) == ANSWER | {"parent": ""}
    assert form_of(answer).find_parent(id="comments")
    assert Comment.objects.count() == 1


def test_a_reply_below_the_last_level_stands_beside_what_it_answers(client):
    event, parent = make_event(), None
    for number in range(7):
        parent = make_comment(event=event, parent=parent, name=f"Zoé {number}", status="approved")
    articles = soup(client.get(event_path(event))).select("article.comment")
    assert [words(each.h3) for each in articles] == [f"Zoé {number}" for number in range(7)]
    assert [each.get("data-level") for each in articles] == [None, "2", *["3"] * 5]
    assert [words(each.select("header p")[-1]) for each in articles[1:]] == [f"En réponse à Zoé {n}" for n in range(6)]


def test_the_page_of_a_closed_event_says_so_and_has_no_form(client):
    ends = datetime(2026, 1, 5, 12, tzinfo=UTC)
    event = make_event(starts_at=ends - timedelta(hours=1), ends_at=ends)
    comment = make_comment(event=event, status="approved")
    Policy.objects.create(opening="days", closes_after=7)
    page = soup(client.get(reply_path(comment, "en")))
    assert (
        words(page.select_one("main .notice"))
        == "Comments on this event have been closed since Monday 12 January 2026."
    )
    assert page.select("#comment-form") == []


def test_the_page_costs_as_few_queries_whatever_was_said(client, django_assert_num_queries):
    comment = make_comment(status="approved")
    client.get("/fr/")  # the site's words after a change
    for count in (0, 20):
        for _ in range(count):
            make_comment(event=comment.event, parent=comment, status="pending")
        public.shelf.clear(None)
        public.forget_version()
        with django_assert_num_queries(3):  # the version, the comment with its event, the clock
            client.get(reply_path(comment))
