"""Past letters on the site."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from newsletter.models import Issue
from tests.factories import make_event
from tests.feeds import entries, links, parse, text, titles
from tests.newsletter.factories import make_issue, make_sent_issue
from tests.pages import alternates, soup, words

pytestmark = pytest.mark.django_db
SITE = "https://events.example.org"
LISTS = {"fr": "/fr/lettre/archives/", "en": "/en/newsletter/issues/"}


def path(issue, language="en"):
    return f"{LISTS[language]}{issue.pk}/"


@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("fr", "La Lettre de décembre", "Chères lectrices, chers lecteurs, voici l’été austral."),
        ("en", "The December letter", "Dear readers, here is the southern summer."),
    ],
)
def test_a_letter_is_a_page_of_the_site_in_each_language(visitor, language, subject, sentence):
    event = make_event(title_fr="L’événement", title_en="The event")
    issue = make_sent_issue(event, queued_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    response = visitor.get(path(issue, language))
    shown = soup(response)
    assert words(shown.h1) == subject
    assert sentence in words(shown.main)
    assert words(shown.select_one(".card h3 a")) == {"fr": "L’événement", "en": "The event"}[language]
    assert {"fr": "Lettre du dimanche 1 er mars 2026", "en": "Letter of Sunday 1 March 2026"}[language] in words(
        shown.main
    )
    assert alternates(shown) == {
        "fr": SITE + path(issue, "fr"),
        "x-default": SITE + path(issue, "fr"),
        "en": SITE + path(issue, "en"),
    }
    assert shown.select_one("link[rel=canonical]")["href"] == SITE + path(issue, language)
    assert not response.cookies
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=3600"


def test_a_letter_that_lacks_a_language_shows_the_other_and_says_so(visitor):
    issue = make_sent_issue(body_en="", subject_en="", incomplete=True)
    shown = soup(visitor.get(path(issue)))
    assert words(shown.select_one(".notice")) == "This page is not available in English yet. Here it is in French."
    assert shown.select_one(".prose div")["lang"] == "fr"
    assert shown.select_one("link[rel=canonical]")["href"] == SITE + path(issue, "fr")
    assert "en" not in alternates(shown)


@pytest.mark.parametrize(
    ("status", "fields", "code"),
    [
        ("draft", {}, 404),
        ("scheduled", {}, 404),
        ("sending", {"queued_at": None}, 404),
        ("sending", {}, 200),
        ("paused", {}, 200),
        ("sent", {}, 200),
        ("cancelled", {}, 404),
        ("sent", {"in_archive": False}, 404),
    ],
)
def test_what_has_gone_out_and_is_not_kept_out_can_be_read(visitor, status, fields, code):
    issue = make_sent_issue(**{"status": status, "send_at": timezone.now()} | fields)
    assert visitor.get(path(issue)).status_code == code
    assert visitor.get(path(issue, "fr")).status_code == code
    listed = soup(visitor.get(LISTS["en"])).select(".card")
    assert len(listed) == (1 if code == 200 else 0)
    assert len(entries(visitor.get("/en/newsletter/issues.atom"))) == len(listed)
    assert (path(issue) in visitor.get("/sitemap.xml").content.decode()) == (code == 200)
    assert issue.is_public() == (code == 200)


def test_the_list_has_the_newest_first_by_year(visitor):
    for year in (2024, 2026, 2025):
        make_sent_issue(subject_en=f"Letter {year}", queued_at=datetime(year, 3, 1, tzinfo=UTC))
    shown = soup(visitor.get(LISTS["en"])).main
    assert [words(each) for each in shown.select("h2, h3")] == [
        "2026",
        "Letter 2026",
        "2025",
        "Letter 2025",
        "2024",
        "Letter 2024",
    ]


def test_a_long_list_has_pages(visitor):
    for number in range(31):
        make_sent_issue(subject_fr=f"Lettre {number}", queued_at=datetime(2026, 3, 1, 9, number, tzinfo=UTC))
    first, second = soup(visitor.get(LISTS["fr"])), soup(visitor.get(LISTS["fr"] + "?page=2"))
    assert (len(first.select(".card")), len(second.select(".card"))) == (30, 1)
    assert words(second.select_one(".card h3")) == "Lettre 0"
    assert first.select_one("nav.pages a")["href"] == "/fr/lettre/archives/?page=2#letters"
    assert visitor.get(LISTS["fr"] + "?page=3").status_code == 404
    assert visitor.get(LISTS["fr"] + "?page=x").status_code == 404
    assert visitor.get(LISTS["fr"] + "?page=1")["Location"] == LISTS["fr"]


def test_an_archive_without_letters_says_so(visitor):
    assert "No letter has gone out yet." in words(soup(visitor.get(LISTS["en"])).main)
    assert LISTS["en"] not in visitor.get("/sitemap.xml").content.decode()


def test_a_letter_shows_up_and_goes_at_once(visitor):
    issue = make_issue(status="sending", queued_at=timezone.now())
    assert words(soup(visitor.get(LISTS["en"])).select_one(".card h3")) == "The December letter"
    issue.cancel()
    assert visitor.get(path(issue)).status_code == 404
    assert not soup(visitor.get(LISTS["en"])).select(".card")


@pytest.mark.parametrize("count", [1, 4])
def test_the_pages_ask_as_often_for_many_letters_and_events(visitor, django_assert_num_queries, count):
    issues = [make_sent_issue(*[make_event() for _ in range(count)]) for _ in range(count)]
    visitor.get("/en/")
    with django_assert_num_queries(2):  # the letter, its cards with their events
        visitor.get(path(issues[0]))
    with django_assert_num_queries(2):  # how many, which
        visitor.get(LISTS["en"])
    with django_assert_num_queries(0):
        visitor.get(LISTS["en"])


def test_the_feed_tells_of_each_letter_in_the_language_of_its_address(visitor):
    event = make_event(title_fr="Congrès", slug_fr="congres")
    issue = make_sent_issue(event, queued_at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
    response = visitor.get("/fr/lettre/archives.atom")
    [entry] = entries(response)
    assert text(parse(response), "title") == "OMEP\xa0: la Lettre"
    assert titles(response) == ["La Lettre de décembre"]
    assert text(entry, "id") == SITE + path(issue, "fr")
    assert text(entry, "published") == text(entry, "updated") == "2026-03-01T09:00:00Z"
    assert links(entry)[0]["href"] == SITE + path(issue, "fr")
    assert "voici l’été austral" in text(entry, "content")
    assert '<a href="/fr/evenements/congres/">Congrès</a>' in text(entry, "content")


def test_the_page_of_the_newsletter_and_each_letter_lead_on(visitor):
    issue = make_sent_issue()
    assert soup(visitor.get("/fr/lettre/")).main.select(f"a[href='{LISTS['fr']}']")
    shown = soup(visitor.get(path(issue)))
    assert shown.main.select(f"a[href='{LISTS['en']}']")
    assert shown.select_one("link[type='application/atom+xml']")["href"] == SITE + "/en/newsletter/issues.atom"


def test_reading_changes_nothing(visitor):
    issue = make_sent_issue()
    before = everything_of_issues()
    for address in (path(issue), LISTS["en"], "/en/newsletter/issues.atom"):
        for method in (visitor.get, visitor.head) * 3:
            assert method(address).status_code == 200
    assert everything_of_issues() == before


def everything_of_issues() -> list:
    with translation.override("fr"):  # of a translated field, values() gives the active language
        return list(Issue.objects.values())
