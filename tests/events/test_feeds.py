"""What became public last, for those who read feeds."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from events.models import Event
from omep_site.lib import public
from tests.factories import make_event
from tests.feeds import ATOM, BASE, LANG, entries, links, parse, text, titles
from tests.pages import soup

pytestmark = pytest.mark.django_db

SITE = "https://events.example.org"
PATHS = {"fr": "/fr/evenements.atom", "en": "/en/events.atom"}
START = datetime(2027, 12, 6, 12, 30, tzinfo=UTC)


def set_updated(event, moment):
    Event.objects.filter(pk=event.pk).update(updated_at=moment)
    public.bump()


@pytest.mark.parametrize(
    ("language", "title", "content"),
    [
        (
            "fr",
            "Été\xa0: la fête",
            "<p>lundi 6\xa0décembre\xa02027, de 13\xa0h\xa030 à 14\xa0h\xa030, heure de Paris\xa0(UTC+1)<br>En ligne</p>\n"
            "<p>Une rencontre pour la petite enfance.</p>\n<p>Venez nombreuses et nombreux.</p>\n",
        ),
        (
            "en",
            "Summer’s day",
            "<p>Monday 6\xa0December\xa02027, 13:30–14:30, Paris time\xa0(CET, UTC+1)<br>Online</p>\n"
            "<p>A meeting for early childhood.</p>\n<p>Come, everybody.</p>\n",
        ),
    ],
)
def test_an_entry_says_what_when_and_where_in_the_language_of_the_feed(client, language, title, content):
    event = make_event(
        title_fr="Été : la fête", title_en="Summer's day", slug_fr="ete", slug_en="summer", starts_at=START,
        publish_at=datetime(2026, 5, 1, 8, tzinfo=UTC),
    )  # fmt: skip
    set_updated(event, datetime(2026, 5, 2, 9, 30, 15, 123456, tzinfo=UTC))
    feed = parse(client.get(PATHS[language]))
    slug = {"fr": "/fr/evenements/ete/", "en": "/en/events/summer/"}[language]
    (entry,) = feed.findall(ATOM + "entry")

    assert feed.get(LANG) == language
    assert text(feed, "id") == SITE + PATHS[language]
    assert text(feed, "title") == {"fr": "OMEP\xa0: événements", "en": "OMEP: events"}[language]
    assert text(feed, "author/name") == "OMEP"
    assert text(feed, "updated") == text(entry, "updated") == "2026-05-02T09:30:15Z"
    assert links(feed) == [
        {"rel": "self", "type": "application/atom+xml", "href": SITE + PATHS[language]},
        {
            "rel": "alternate",
            "type": "text/html",
            "href": SITE + {"fr": "/fr/evenements/", "en": "/en/events/"}[language],
            "hreflang": language,
        },
    ]
    assert text(entry, "id") == f"urn:uuid:{event.uid}"
    assert text(entry, "title") == title
    assert text(entry, "published") == "2026-05-01T08:00:00Z"
    assert links(entry) == [{"rel": "alternate", "type": "text/html", "href": SITE + slug}]
    assert entry.find(ATOM + "content").attrib == {"type": "html"}
    assert text(entry, "content") == content


def test_what_became_public_last_comes_first_whenever_it_takes_place(client):
    now = timezone.now()
    for days, title in ((3, "Il y a trois jours"), (1, "Hier"), (2, "Avant-hier"), (-1, "Demain")):
        make_event(title_fr=title, publish_at=now - timedelta(days=days), starts_at=now + timedelta(days=days))
    make_event(title_fr="Brouillon", status="draft", publish_at=now - timedelta(days=1))
    assert titles(client.get(PATHS["fr"])) == ["Hier", "Avant-hier", "Il y a trois jours"]


def test_it_holds_thirty(client, django_assert_num_queries):
    now = timezone.now()
    for number in range(32):
        make_event(title_fr=f"Fête {number}", publish_at=now - timedelta(minutes=number))
    public.forget_version()
    with django_assert_num_queries(3):  # the version, the events, the clock
        found = titles(client.get(PATHS["fr"]))
    assert found == [f"Fête {number}" for number in range(30)]


def test_an_event_that_was_written_long_before_it_is_public_is_news_when_it_is(client):
    event = make_event(publish_at=datetime(2026, 5, 1, 8, tzinfo=UTC))
    set_updated(event, datetime(2026, 4, 1, tzinfo=UTC))
    (entry,) = entries(client.get(PATHS["fr"]))
    assert text(entry, "published") == text(entry, "updated") == "2026-05-01T08:00:00Z"


def test_an_event_keeps_its_id_in_both_languages_and_under_another_address(client):
    event = make_event()
    ids = [text(entries(client.get(path))[0], "id") for path in PATHS.values()]
    event.slug_fr = "ailleurs"
    event.save()
    public.bump()
    (entry,) = entries(client.get(PATHS["fr"]))
    assert {*ids, text(entry, "id")} == {f"urn:uuid:{event.uid}"}
    assert links(entry)[0]["href"] == f"{SITE}/fr/evenements/ailleurs/"


def test_what_is_not_translated_says_in_which_language_it_is(client):
    untranslated = {"title_en": "", "slug_en": None, "summary_en": "", "body_en": "", "place_en": "", "place_fr": ""}
    make_event(title_fr="L'été", slug_fr="l-ete", starts_at=START, **untranslated)
    (entry,) = entries(client.get(PATHS["en"]))
    assert (text(entry, "title"), entry.find(ATOM + "title").get(LANG)) == ("L’été", "fr")
    assert text(entry, "content") == (
        "<p>Monday 6\xa0December\xa02027, 13:30–14:30, Paris time\xa0(CET, UTC+1)<br>Online</p>\n"
        '<p><span lang="fr" dir="ltr">Une rencontre pour la petite enfance.</span></p>\n'
        '<div lang="fr" dir="ltr"><p>Venez nombreuses et nombreux.</p></div>\n'
    )
    assert links(entry)[0]["href"] == f"{SITE}/en/events/l-ete/"


def test_what_became_of_an_event_opens_its_entry(client):
    make_event(event_status="cancelled", starts_at=START)
    make_event(event_status="postponed", starts_at=START)
    postponed, cancelled = (text(entry, "content") for entry in entries(client.get(PATHS["fr"])))
    assert cancelled.startswith("<p><strong>Cet événement est annulé.</strong></p>\n<p>lundi 6\xa0décembre\xa02027")
    assert "<p>Il était prévu\xa0: lundi 6\xa0décembre" in postponed


def test_no_character_and_no_markup_breaks_it(client):
    make_event(
        title_fr="Tom & Zoé <b>\x01\x0b\ufffe]]>", summary_fr="Été\x1b <script>", body_fr="<p>a &lt; b &amp; c</p>"
    )
    (entry,) = entries(client.get(PATHS["fr"]))
    assert text(entry, "title") == "Tom & Zoé <b>]]>"
    assert "<p>Été &lt;script&gt;</p>\n<p>a &lt; b &amp; c</p>\n" in text(entry, "content")


def test_links_in_its_text_lead_from_the_page_of_the_event(client):
    make_event(slug_fr="ete", body_fr='<p><a href="#programme">Le programme</a></p>')
    (entry,) = entries(client.get(PATHS["fr"]))
    assert '<a href="#programme"' in text(entry, "content")
    assert entry.get(BASE) == f"{SITE}/fr/evenements/ete/"


def test_without_events_it_is_a_feed_all_the_same(client):
    feed = parse(client.get(PATHS["en"]))
    assert (text(feed, "updated"), feed.findall(ATOM + "entry")) == ("1970-01-01T00:00:00Z", [])


def test_it_is_kept_like_every_public_page(client):
    make_event()
    response = client.get(PATHS["fr"], headers={"accept-encoding": "gzip"})
    assert (response["Content-Encoding"], response["Cache-Control"]) == (
        "gzip",
        "public, max-age=0, s-maxage=1, stale-if-error=3600",
    )
    assert not response.cookies
    again = client.get(PATHS["fr"], headers={"accept-encoding": "gzip", "if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.post(PATHS["fr"]).status_code == 405


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/fr/", "Tous les événements, en flux"),
        ("/fr/evenements/", "Tous les événements, en flux"),
        ("/en/", "All events as a feed"),
        ("/en/events/", "All events as a feed"),
    ],
)
def test_home_and_list_tell_programmes_of_it(client, path, title):
    link = soup(client.get(path)).select_one('link[rel=alternate][type="application/atom+xml"]')
    assert link.attrs == {
        "rel": ["alternate"],
        "type": "application/atom+xml",
        "href": SITE + PATHS[path[1:3]],
        "title": title,
    }
