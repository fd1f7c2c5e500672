"""What is looked at before a letter goes out."""

import pytest
from django.utils import timezone, translation

from newsletter import checking
from newsletter.checking import check
from newsletter.dead_links import Verdict
from newsletter.letters import UNSUBSCRIBE, Letter
from newsletter.models import Tag
from tests.factories import LONG_AGO, make_event
from tests.newsletter.factories import make_issue, make_subscriber

pytestmark = pytest.mark.django_db
SITE = "https://events.example.org"


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def reader():
    return make_subscriber(status="confirmed")


def never(urls):
    raise AssertionError(urls)


def found(issue, ask=never, at=None) -> list[tuple[str, str, str]]:
    return [(each.level, each.language, each.sentence) for each in check(issue, at, ask)]


def body(words: str, **fields):
    return make_issue(body_en=words, **fields)


def test_a_letter_that_is_all_right_has_no_finding():
    event = make_event()
    link = f'<p><a href="{SITE}/en/events/{event.slug_en}/#when">here</a> <a href="mailto:a@example.org">write</a></p>'
    assert found(make_issue(event, body_en=link)) == []


def test_a_missing_language_stops_it():
    assert found(make_issue(subject_en="", body_en="")) == [("error", "en", "Missing: subject, text.")]


@pytest.mark.parametrize("empty", ["", "<p></p>", "<p>&nbsp;</p>"])
def test_a_text_that_is_empty_in_one_language_stops_it(empty):
    issue = make_issue(body_en=empty)
    issue.refresh_from_db()
    assert found(issue) == [("error", "en", "Missing: text.")]
    assert not issue.send_now()


def test_a_missing_language_that_was_agreed_to_is_told():
    sentence = "Missing: text. Readers of this language get the letter in another one, and are told so."
    assert found(make_issue(body_en="", incomplete=True)) == [("warning", "en", sentence)]


def test_nothing_written_at_all_stops_it_whatever_was_agreed():
    issue = make_issue(subject_fr="", subject_en="", body_fr="", body_en="", incomplete=True)
    assert [level for level, _language, _sentence in found(issue)] == ["error", "error"]


def test_a_letter_to_nobody_stops():
    tag = Tag.objects.create(name="Comités")
    issue = make_issue()
    issue.tags.add(tag)
    sentence = "Nobody would get this letter: no subscriber is of this language and these groups."
    assert found(issue) == [("error", "", sentence)]
    assert found(make_issue(only_language="en")) == [("error", "", sentence)]


@pytest.mark.parametrize("address", ["/en/events/", "#programme", "evenements/", "//example.org/x", "www.example.org"])
def test_a_link_that_leads_nowhere_from_a_mailbox_stops_it(address):
    [(level, language, sentence)] = found(body(f'<p><a href="{address}">x</a></p>'))
    assert (level, language) == ("error", "en")
    assert sentence == f"This link leads nowhere from a mailbox. Write the whole address, with https://: {address}"


@pytest.mark.parametrize("address", ["https://", "http://[::1", "https://example.org:999999/", "mailto:"])
def test_what_is_no_address_stops_it(address):
    issue = make_issue()
    issue.body_en = f'<p><a href="{address}">x</a></p>'
    assert found(issue) == [("error", "en", f"This is no address: {address}")]


@pytest.mark.parametrize("path", ["/en/events/not-there/", "/en/nothing/", "/admin/", "/en/newsletter/issues/999/"])
def test_a_page_of_the_site_that_does_not_exist_stops_it(path):
    sentence = f"This page of the site does not exist: {SITE}{path}"
    assert found(body(f'<p><a href="{SITE}{path}">x</a></p>')) == [("error", "en", sentence)]


@pytest.mark.parametrize("path", ["", "/", "/fr/", "/en/events/?year=2021", "/fr/evenements/", "/sitemap.xml"])
def test_a_page_of_the_site_that_is_there_is_no_finding(path):
    assert found(body(f'<p><a href="{SITE}{path}">x</a></p>')) == []


def test_other_sites_are_asked_once_for_each_language():
    asked = []

    def ask(urls):
        asked.append(list(urls))
        return dict(zip(urls, [Verdict.ALIVE, Verdict.DEAD, Verdict.SILENT], strict=True))

    links = "".join(f'<a href="https://example.org/{each}">x</a> ' for each in "abca")
    assert found(body(f"<p>{links}</p>"), ask) == [
        ("error", "en", "There is nothing at this address any more: https://example.org/b"),
        ("warning", "en", "This address could not be reached. Open it yourself to be sure: https://example.org/c"),
    ]
    assert asked == [["https://example.org/a", "https://example.org/b", "https://example.org/c"]]


def test_a_link_without_words_is_told():
    issue = make_issue()
    issue.body_en = f'<p>see <a href="{SITE}/en/"> </a></p>'
    assert found(issue) == [("warning", "en", f"A link has no words: {SITE}/en/")]


def test_a_long_subject_is_told():
    assert found(make_issue(subject_en="x" * 60)) == []
    sentence = "The subject is 61 characters long; mail programmes cut what is longer than about 60."
    assert found(make_issue(subject_en="x" * 61)) == [("warning", "en", sentence)]


@pytest.mark.parametrize("subject", ["a\nBcc: x@example.org", "a\rb", "a\tb", "a\u202eb", "a\u2028b"])
def test_a_subject_with_a_line_break_or_hidden_signs_stops_it(subject):
    sentence = "The subject holds a line break or another invisible character. Please type it again."
    assert found(make_issue(subject_en=subject)) == [("error", "en", sentence)]


def test_a_letter_that_gmail_would_cut_is_told():
    issue = make_issue(body_en="<p>" + "word " * 21_000 + "</p>")
    [(level, language, sentence)] = found(issue)
    assert (level, language) == ("warning", "en")
    assert sentence.startswith("The letter is 1")
    assert "Gmail cuts letters at about 100 KB" in sentence


def test_a_picture_without_words_for_those_who_do_not_see_it_stops_it():
    letter = Letter("en", "en", "x", f'<img src="a" alt=" "> {UNSUBSCRIBE}', UNSUBSCRIBE)
    assert [(each.level, each.language) for each in checking.pictures(letter)] == [("error", "en")]
    assert list(checking.pictures(Letter("en", "en", "x", '<img src="a" alt="Two children">', ""))) == []


@pytest.mark.parametrize(("html", "text"), [("", UNSUBSCRIBE), (UNSUBSCRIBE, "")])
def test_a_letter_without_a_way_out_stops(html, text):
    assert [each.level for each in checking.way_out(Letter("en", "en", "x", html, text))] == ["error"]


def test_events_that_cannot_be_presented_stop_it_and_others_are_told():
    now = timezone.now()
    issue = make_issue(
        make_event(title_en="Draft", status="draft"),
        make_event(title_en="Later", publish_at=now + timezone.timedelta(days=2)),
        make_event(title_en="Over", starts_at=LONG_AGO),
        make_event(title_en="Off", event_status="cancelled"),
    )
    assert found(issue) == [
        ("error", "", "The event “Draft” is a draft: it has no page to lead to."),
        ("error", "", "The event “Later” is not public yet when this letter goes out."),
        ("warning", "", "The event “Over” is over; its card says so."),
        ("warning", "", "The event “Off” is cancelled; its card says so."),
    ]
    assert "Later" not in str(found(issue, at=now + timezone.timedelta(days=3)))
