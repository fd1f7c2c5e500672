"""What a visitor gets for a calendar, over HTTP, in both languages: one event as a file, all of them as a feed."""

import gzip
from datetime import timedelta

import icalendar
import pytest
from django.core.management import call_command
from django.utils import timezone
from ical.calendar_stream import IcsCalendarStream

from events.models import Event, Subject
from tests.factories import make_event
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db

FEEDS = {"fr": "/fr/evenements.ics", "en": "/en/events.ics"}
FILES = {"fr": "/fr/evenements/{}.ics", "en": "/en/events/{}.ics"}
PAGES = {"fr": "/fr/evenements/{}/", "en": "/en/events/{}/"}
DAY = timedelta(days=1)


def file_of(event, language) -> str:
    return FILES[language].format(getattr(event, f"slug_{language}"))


def page_of(event, language) -> str:
    return PAGES[language].format(getattr(event, f"slug_{language}"))


def titles(response) -> list[str]:
    return [str(each["SUMMARY"]) for each in icalendar.Calendar.from_ical(response.content).events]


def calendar_links(page) -> list[dict]:
    return [
        {
            "title": link["title"],
            "href": link["href"].removeprefix("https://events.example.org"),
            "hreflang": link.get("hreflang"),
        }
        for link in page.select('link[rel=alternate][type="text/calendar"]')
    ]


# One event


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_event_is_a_calendar_file_of_its_own(visitor, language):
    event = make_event(title_fr="Été", title_en="Summer")
    response = visitor.get(file_of(event, language))

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    slug = getattr(event, f"slug_{language}")
    assert response["Content-Disposition"] == f'inline; filename="{slug}.ics"'
    assert titles(response) == [{"fr": "Été", "en": "Summer"}[language]]
    assert b"REFRESH-INTERVAL" not in response.content


def test_it_is_kept_compressed_and_answered_with_not_modified(visitor):
    event = make_event(summary_fr="Été " * 100)
    address = file_of(event, "fr")
    plain = visitor.get(address)
    packed = visitor.get(address, headers={"accept-encoding": "gzip"})

    assert gzip.decompress(packed.content) == plain.content
    assert plain["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"
    assert visitor.get(address, headers={"if-none-match": plain["ETag"]}).status_code == 304
    assert visitor.head(address)["Content-Length"] == str(len(plain.content))
    assert visitor.post(address).status_code == 405


def test_a_change_is_in_it_at_once(visitor, editor):
    event = make_event(title_fr="Été")
    before = visitor.get(file_of(event, "fr"))
    chosen = {"_selected_action": [event.pk], "index": 0, "action": "publish"}
    Event.objects.filter(pk=event.pk).update(title_fr="Hiver")
    editor.post("/admin/events/event/", chosen)

    after = visitor.get(file_of(event, "fr"))
    assert (titles(before), titles(after)) == (["Été"], ["Hiver"])
    assert before["ETag"] != after["ETag"]


@pytest.mark.parametrize("fields", [{"status": "draft"}, {"publish_at": timezone.now() + 365 * DAY}])
def test_what_is_not_public_is_not_found(visitor, fields):
    event = make_event(**fields)

    assert [visitor.get(file_of(event, language)).status_code for language in ("fr", "en")] == [404, 404]
    assert [titles(visitor.get(feed)) for feed in FEEDS.values()] == [[], []]


def test_what_is_withdrawn_is_gone_at_once(visitor):
    event = make_event()
    assert visitor.get(file_of(event, "en")).status_code == 200

    Event.objects.get(pk=event.pk).withdraw()
    assert visitor.get(file_of(event, "en")).status_code == 404


def test_the_slug_of_another_language_leads_on_as_on_the_page(visitor):
    event = make_event()
    response = visitor.get(FILES["en"].format(event.slug_fr))
    assert (response.status_code, response["Location"]) == (302, file_of(event, "en"))


def test_a_missing_translation_has_the_other_languages_words_under_its_slug(visitor):
    event = make_event(title_fr="Été", title_en="", publish_incomplete=True)

    assert visitor.get(file_of(event, "en")).status_code == 404
    response = visitor.get(FILES["en"].format(event.slug_fr))
    assert b"SUMMARY;LANGUAGE=fr:\xc3\x89t\xc3\xa9\r\n" in response.content
    assert f"URL:https://events.example.org/en/events/{event.slug_fr}/\r\n".encode() in response.content


@pytest.mark.parametrize("path", ["/en/events/unknown.ics", "/fr/evenements/inconnu.ics", "/en/events/a b.ics", "/fr/events.ics"])  # fmt: skip
def test_an_unknown_file_is_not_found(visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.parametrize("subjects", [0, 5])
def test_a_file_asks_the_database_four_times_however_many_subjects_there_are(
    visitor, django_assert_num_queries, subjects
):
    event = make_event()
    event.subjects.set([Subject.objects.create(name_fr=f"Sujet {number}") for number in range(subjects)])

    with django_assert_num_queries(4):  # the version, the event, its subjects, the clock
        assert visitor.get(file_of(event, "fr")).status_code == 200


# The feed


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_feed_holds_what_comes_what_is_and_what_was_for_a_year(visitor, language):
    now = timezone.now()
    both = {"ended long ago": -366, "ended last week": -7, "tomorrow": 1, "next year": 400}
    for title, days in both.items():
        make_event(title_fr=title, title_en=title, starts_at=now + days * DAY)
    make_event(title_fr="live", title_en="live", starts_at=now - timedelta(minutes=1))
    make_event(title_fr="Été", title_en="Summer", starts_at=now + 2 * DAY, event_status="cancelled")
    make_event(title_fr="Hiver", title_en="Winter", starts_at=now - 3 * DAY, event_status="postponed")
    response = visitor.get(FEEDS[language])

    cancelled = {"fr": "Annulé\xa0: Été", "en": "Cancelled: Summer"}[language]
    postponed = {"fr": "Reporté\xa0: Hiver", "en": "Postponed: Winter"}[language]
    expected = ["ended last week", postponed, "live", "tomorrow", cancelled, "next year"]
    assert titles(response) == expected
    stream = IcsCalendarStream.calendar_from_ics(response.content.decode())
    assert sorted(each.summary for each in stream.events) == sorted(expected)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == f'inline; filename="{FEEDS[language].rpartition("/")[2]}"'


def test_both_feeds_know_an_event_by_the_same_name(visitor):
    make_event(), make_event()
    found = [
        [str(each.uid) for each in icalendar.Calendar.from_ical(visitor.get(feed).content).events]
        for feed in FEEDS.values()
    ]
    assert found[0] == found[1] == [str(event.uid) for event in Event.objects.in_calendars()]


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_feed_asks_the_database_four_times_however_many_events_there_are(
    visitor, django_assert_num_queries, language, count
):
    subject = Subject.objects.create(name_fr="Jeu", name_en="Play")
    for _number in range(count):
        make_event().subjects.add(subject)

    with django_assert_num_queries(4):  # the version, the events, their subjects, the clock
        response = visitor.get(FEEDS[language])
    assert response.content.count(b"CATEGORIES:") == count


def test_the_demo_is_read_by_both_readers(visitor):
    call_command("load_demo", verbosity=0)
    for language, launch in {
        "fr": "lancement-strategie-partenariat-mondial-petite-enfance",
        "en": "launch-global-partnership-strategy-early-childhood",
    }.items():
        text = visitor.get(FILES[language].format(launch)).content.decode()
        assert "DTSTART;TZID=Europe/Paris:20211206T133000\r\nDTEND;TZID=Europe/Paris:20211206T143000\r\n" in text
        assert len(icalendar.Calendar.from_ical(text).events) == 1
        assert len(IcsCalendarStream.calendar_from_ics(text).events) == 1


# How they are found


@pytest.mark.parametrize(
    ("language", "paths", "title"),
    [("fr", ["/fr/", "/fr/evenements/"], "OMEP\xa0: événements"), ("en", ["/en/", "/en/events/"], "OMEP: events")],
)
def test_home_and_list_name_the_feed(visitor, language, paths, title):
    for path in paths:
        page = soup(visitor.get(path))
        # Without hreflang: for a search engine that would be the page itself in a language.
        assert calendar_links(page) == [{"title": title, "href": FEEDS[language], "hreflang": None}]
        assert sorted(alternates(page)) == ["en", "fr", "x-default"]


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "Cet événement pour votre agenda"), ("en", "This event for your calendar")]
)
def test_the_events_page_names_its_file_and_links_to_calendars(visitor, language, title):
    event = make_event()
    page = soup(visitor.get(page_of(event, language)))

    assert calendar_links(page) == [{"title": title, "href": file_of(event, language), "hreflang": None}]
    assert (
        words(page.select_one(".to-calendar"))
        == {
            "fr": "Ajouter à votre agenda Fichier d’agenda (pour Apple, Thunderbird et d’autres) Google Agenda Outlook.com Outlook au travail ou à l’école",
            "en": "Add to your calendar Calendar file (for Apple, Thunderbird and others) "
            "Google Calendar Outlook.com Outlook at work or at school",
        }[language]
    )
    assert [link["href"].split("?")[0] for link in page.select(".to-calendar a")] == [
        file_of(event, language),
        "https://calendar.google.com/calendar/render",
        "https://outlook.live.com/calendar/0/deeplink/compose",
        "https://outlook.office.com/calendar/0/deeplink/compose",
    ]


@pytest.mark.parametrize(
    "fields", [{"starts_at": timezone.now() - DAY}, {"event_status": "cancelled"}, {"event_status": "postponed"}]
)
def test_nobody_is_asked_to_note_what_is_over_cancelled_or_without_a_date(visitor, fields):
    event = make_event(**fields)
    page = soup(visitor.get(page_of(event, "fr")))

    assert page.select(".to-calendar") == []
    assert len(calendar_links(page)) == 1  # a calendar that has it already still hears of it


def test_a_preview_names_no_file_that_nobody_finds(editor):
    event = make_event(status="draft")
    page = soup(editor.get(f"/admin/events/event/{event.pk}/preview/fr/"))

    assert words(page.h1) == event.title_fr
    assert (page.select(".to-calendar"), calendar_links(page)) == ([], [])


@pytest.mark.parametrize(
    ("path", "feed", "heading", "button"),
    [
        ("/fr/evenements/", FEEDS["fr"], "Les événements dans votre agenda", "S’abonner dans votre agenda"),
        ("/en/events/", FEEDS["en"], "The events in your calendar", "Subscribe in your calendar"),
    ],
)
def test_the_list_says_how_to_subscribe(visitor, path, feed, heading, button):
    section = soup(visitor.get(path)).select_one(".subscribe")

    assert words(section.h2) == heading
    assert (words(section.a), section.a["href"]) == (button, f"webcal://events.example.org{feed}")
    assert words(section.code) == f"https://events.example.org{feed}"
