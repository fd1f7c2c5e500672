"""Comments for those who read feeds: of one event, and of the whole site."""

from datetime import UTC, datetime, timedelta

import pytest

from comments.models import Comment
from events.models import Event
from omep_site.lib import public
from omep_site.lib.links import path_in
from tests.comments.factories import event_path, make_comment
from tests.factories import make_event
from tests.feeds import ATOM, LANG, entries, links, parse, text, titles
from tests.pages import soup

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"
THEN = datetime(2026, 5, 1, 8, tzinfo=UTC)
OF_SITE = {"fr": "/fr/commentaires.atom", "en": "/en/comments.atom"}


def of(event, language="fr") -> str:
    return event_path(event, language) + {"fr": "commentaires.atom", "en": "comments.atom"}[language]


def permalink(comment, language="fr") -> str:
    return SITE + path_in(language, "comments:permalink", number=comment.pk)


def approved(event, **fields) -> Comment:
    comment = make_comment(event=event, status="approved", **fields)
    Comment.objects.filter(pk=comment.pk).update(updated_at=THEN + timedelta(hours=1))
    return comment


@pytest.mark.parametrize(
    ("language", "title", "in_site"),
    [
        ("fr", "Commentaires sur «\u202fL’été\u202f»", "Zoé Lefèvre, à propos de «\u202fL’été\u202f»"),
        ("en", "Comments on “Summer’s day”", "Zoé Lefèvre on “Summer’s day”"),
    ],
)
def test_a_comment_stands_in_the_feed_of_its_event_and_of_the_site(client, language, title, in_site):
    event = make_event(title_fr="L'été", title_en="Summer's day", slug_fr="ete", slug_en="summer")
    comment = approved(event, body="Merci !\nÀ bientôt <b>", website="https://example.org/", created_at=THEN)
    feed, whole = parse(client.get(of(event, language))), parse(client.get(OF_SITE[language]))
    page = SITE + event_path(event, language)
    (entry,), (in_whole,) = feed.findall(ATOM + "entry"), whole.findall(ATOM + "entry")

    assert (feed.get(LANG), text(feed, "title"), text(feed, "author/name")) == (language, title, "OMEP")
    assert links(feed) == [
        {"rel": "self", "type": "application/atom+xml", "href": SITE + of(event, language)},
        {"rel": "alternate", "type": "text/html", "href": f"{page}#comments", "hreflang": language},
    ]
    assert text(whole, "title") == {"fr": "OMEP\xa0: commentaires", "en": "OMEP: comments"}[language]
    assert links(whole) == [
        {"rel": "self", "type": "application/atom+xml", "href": SITE + OF_SITE[language]},
        {"rel": "alternate", "type": "text/html", "href": f"{SITE}/{language}/", "hreflang": language},
    ]
    for each, title in ((entry, "Zoé Lefèvre"), (in_whole, in_site)):
        assert text(each, "title") == title
        assert text(each, "author/name") == "Zoé Lefèvre"
        assert (text(each, "published"), text(each, "updated")) == ("2026-05-01T08:00:00Z", "2026-05-01T09:00:00Z")
        assert links(each) == [{"rel": "alternate", "type": "text/html", "href": permalink(comment, language)}]
        assert each.find(ATOM + "content").attrib == {"type": "html", LANG: "fr"}
        assert text(each, "content") == "<p>Merci !<br>À bientôt &lt;b&gt;</p>"
    assert text(entry, "id") == text(in_whole, "id")


def test_no_address_of_an_author_is_in_any_of_them(client):
    event = make_event()
    approved(event, email="zoe.secret@example.org")
    for path in (of(event), of(event, "en"), *OF_SITE.values()):
        assert b"secret" not in client.get(path).content


@pytest.mark.parametrize("status", ["pending", "spam", "trash"])
def test_only_what_was_approved_is_told(client, status):
    event = make_event()
    make_comment(event=event, status=status)
    assert titles(client.get(of(event))) == titles(client.get(OF_SITE["fr"])) == []


def test_the_newest_comes_first_and_fifty_are_told(client, django_assert_num_queries):
    event = make_event()
    for number in range(52):
        approved(event, name=f"Zoé {number}", created_at=THEN + timedelta(minutes=number))
    public.forget_version()
    newest = [f"Zoé {number}" for number in range(51, 1, -1)]
    with django_assert_num_queries(4):  # the version, the event, its comments, the clock
        assert titles(client.get(of(event))) == newest
    with django_assert_num_queries(1):  # the comments with their events
        assert [title.partition(",")[0] for title in titles(client.get(OF_SITE["fr"]))] == newest


def test_a_withdrawn_event_takes_its_comments_along(client):
    event, other = make_event(), make_event()
    approved(event, name="Zoé")
    approved(other, name="Aïssatou")
    Event.objects.get(pk=event.pk).withdraw()
    assert [title.partition(",")[0] for title in titles(client.get(OF_SITE["fr"]))] == ["Aïssatou"]
    assert client.get(of(event)).status_code == 404


def test_ids_stay_when_the_address_of_the_event_changes_and_the_old_feed_leads_on(client):
    event = make_event(slug_fr="avant")
    approved(event)
    old = of(event)
    before = parse(client.get(old))
    event.slug_fr = "apres"
    event.save()
    public.bump()

    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/fr/evenements/apres/commentaires.atom")
    after = parse(client.get(response["Location"]))
    assert text(after, "id") == text(before, "id")
    assert text(after, "entry/id") == text(before, "entry/id")


def test_each_feed_and_each_comment_has_an_id_of_its_own(client):
    event = make_event()
    approved(event)
    approved(event)
    feeds = [parse(client.get(path)) for path in (of(event), of(event, "en"), *OF_SITE.values())]
    assert len({text(feed, "id") for feed in feeds}) == 4
    assert len({text(entry, "id") for feed in feeds for entry in feed.findall(ATOM + "entry")}) == 2


def test_no_character_breaks_it(client):
    event = make_event()
    approved(event, name="Zoé \ufffe& Cie", body="a\x01\x0bb\uffff <c>")
    (entry,) = entries(client.get(of(event)))
    assert (text(entry, "title"), text(entry, "content")) == ("Zoé & Cie", "<p>ab &lt;c&gt;</p>")


def test_a_comment_shows_in_a_feed_that_was_kept_as_soon_as_it_is_approved(client):
    comment = make_comment()
    path = of(comment.event)
    response = client.get(path, headers={"accept-encoding": "br"})
    assert (titles(client.get(path)), response["Content-Encoding"], response.cookies) == ([], "br", {})
    comment.approve()
    assert titles(client.get(path)) == ["Zoé Lefèvre"]
    etag = client.get(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Commentaires sur cet événement"), ("en", "Comments on this event")]
)
def test_the_page_of_the_event_tells_programmes_of_it(client, language, title):
    event = make_event()
    link = soup(client.get(event_path(event, language))).select_one('link[type="application/atom+xml"]')
    assert link.attrs == {
        "rel": ["alternate"],
        "type": "application/atom+xml",
        "href": SITE + of(event, language),
        "title": title,
    }


def test_the_feed_of_an_event_that_is_not_translated_stands_under_the_other_languages_address(client):
    event = make_event(slug_fr="ete", title_en="", slug_en=None, summary_en="", body_en="")
    approved(event)
    feed = parse(client.get("/en/events/ete/comments.atom"))
    assert (feed.get(LANG), links(feed)[0]["href"]) == ("en", f"{SITE}/en/events/ete/comments.atom")
    assert client.get("/en/events/nowhere/comments.atom").status_code == 404


THREAD = "{http://purl.org/syndication/thread/1.0}"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_reply_says_what_it_answers_as_rfc_4685_does(client, language):
    event = make_event()
    question = approved(event, name="Zoé", created_at=THEN)
    approved(event, name="Émile", parent=question, created_at=THEN + timedelta(minutes=1))
    for path in (of(event, language), OF_SITE[language]):
        answer, asked = entries(client.get(path))
        assert asked.findall(f"{THREAD}in-reply-to") == []
        assert [each.attrib for each in answer.findall(f"{THREAD}in-reply-to")] == [
            {"ref": text(asked, "id"), "type": "text/html", "href": permalink(question, language)}
        ]


def test_a_reply_to_what_was_removed_names_nothing(client):
    event = make_event()
    question = approved(event, created_at=THEN)
    approved(event, name="Émile", parent=question, created_at=THEN + timedelta(minutes=1))
    assert b"xmlns:thr=" in client.get(of(event)).content
    question.trash()
    for path in (of(event), OF_SITE["fr"]):
        answer = client.get(path)
        assert [child.tag for child in entries(answer)[0] if THREAD in child.tag] == []
        assert b"purl.org" not in answer.content


def test_links_in_a_comment_are_links_in_its_feed(client):
    event = make_event()
    approved(event, body="Voir https://x.org/?a&b.")
    (entry,) = entries(client.get(of(event)))
    link = '<a href="https://x.org/?a&amp;b" rel="nofollow ugc noopener">https://x.org/?a&amp;b</a>'
    assert text(entry, "content") == f"<p>Voir {link}.</p>"
