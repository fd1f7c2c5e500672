"""Writing a letter in the admin."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsletter.models import Issue, IssueEvent, Tag
from tests.admin_forms import form_data
from tests.factories import make_event
from tests.newsletter.factories import make_issue, make_sent_issue, make_subscriber
from tests.pages import soup, words

ADD, LIST = "/admin/newsletter/issue/add/", "/admin/newsletter/issue/"


def page(issue, name="change", *args):
    return reverse(f"admin:newsletter_issue_{name}", args=[issue.pk, *args])


def said(response) -> list[str]:
    return [words(each) for each in soup(response).select(".messagelist li")]


def faults(response) -> str:
    return " ".join(words(each) for each in soup(response).select(".errorlist, .errornote"))


@pytest.fixture
def manager(db):
    """Somebody whose role is the newsletter, and who reads English."""
    user = User.objects.create_user("nour", "nour@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="newsletter"))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def test_a_letter_is_written_in_both_languages_with_a_card(manager):
    event = make_event()
    data = form_data(manager.get(ADD)) | {
        "subject_fr": "La Lettre d’été",
        "subject_en": "The summer letter",
        "body_fr": "<h2>Été</h2><p>Voilà.</p>",
        "body_en": "<p>Here it is.</p>",
        "cards-TOTAL_FORMS": "1",
        "cards-0-event": str(event.pk),
        "cards-0-position": "1",
        "_save": "Save",
    }
    response = manager.post(ADD, data, follow=True)

    issue = Issue.objects.get()
    assert (issue.subject_fr, issue.subject_en, issue.body_fr) == (
        "La Lettre d’été",
        "The summer letter",
        "<h2>Été</h2><p>Voilà.</p>",
    )
    assert (issue.status, issue.complete_languages()) == ("draft", ["fr", "en"])
    assert [card.event for card in issue.cards.all()] == [event]
    assert "It is a draft: nobody gets it until you send it." in said(response)


def test_events_to_come_stand_first_among_the_choices(manager):
    make_event(title_en="Soon", status="draft")
    make_event(title_en="Old", starts_at=datetime(2021, 12, 6, 12, 30, tzinfo=UTC))
    choices = soup(manager.get(ADD)).select_one("#id_cards-__prefix__-event")
    groups = [(group["label"], words(group)) for group in choices.select("optgroup")]
    assert [label for label, _words in groups] == ["Coming events", "Past events"]
    assert groups[0][1].startswith("Soon (")
    assert groups[0][1].endswith(") – draft")
    assert groups[1][1].startswith("Old (")


def test_how_many_readers_it_has_is_said_by_language(manager):
    make_subscriber(email="a@example.org", status="confirmed")
    make_subscriber(email="b@example.org", status="confirmed")
    make_subscriber(email="c@example.org", status="confirmed", language="en")
    make_subscriber(email="d@example.org")
    issue = make_issue()
    shown = soup(manager.get(page(issue))).select_one(".field-readers_now .readonly")
    assert words(shown) == "3 readers: 2 in French and 1 in English"


@pytest.mark.parametrize(
    "bad", ["Bonjour\nBcc: x@example.org", "Bonjour\r\nX: y", "Bon\x00jour", "Bon\u202ejour", "a\u2028b"]
)
def test_a_subject_of_several_lines_or_with_hidden_signs_is_refused(manager, bad):
    response = manager.post(ADD, form_data(manager.get(ADD)) | {"subject_fr": bad, "_save": "Save"})
    assert response.status_code == 200
    assert any(
        sentence in faults(response)
        for sentence in (
            "Write this on one line, without control characters.",
            "This contains invisible characters that change the direction of the text. Please type it again.",
            "Null characters are not allowed.",
        )
    )
    assert not Issue.objects.exists()


def test_hidden_signs_in_the_text_are_refused(manager):
    data = form_data(manager.get(ADD)) | {"subject_fr": "Un", "body_fr": "<p>Bon\u202ejour</p>", "_save": "Save"}
    assert "invisible characters that change the direction" in faults(manager.post(ADD, data))
    assert not Issue.objects.exists()


def test_a_hundred_events_are_too_many_and_nothing_is_stored(manager):
    events = [make_event() for _ in range(100)]
    data = form_data(manager.get(ADD)) | {"subject_fr": "Un", "cards-TOTAL_FORMS": "100", "_save": "Save"}
    for number, event in enumerate(events):
        data |= {f"cards-{number}-event": str(event.pk), f"cards-{number}-position": str(number + 1)}
    response = manager.post(ADD, data)
    assert "A letter presents at most 40 events, and this one has 100. Take some out." in faults(response)
    assert (Issue.objects.count(), IssueEvent.objects.count()) == (0, 0)


def test_one_event_stands_in_a_letter_once(manager):
    event = make_event()
    data = form_data(manager.get(ADD)) | {"subject_fr": "Un", "cards-TOTAL_FORMS": "2", "_save": "Save"}
    for number in (0, 1):
        data |= {f"cards-{number}-event": str(event.pk), f"cards-{number}-position": str(number + 1)}
    assert "An event stands here twice." in faults(manager.post(ADD, data))
    assert not Issue.objects.exists()


def test_what_is_no_draft_any_more_is_not_changed_and_the_words_stay_in_the_form(manager):
    issue = make_issue()
    data = form_data(manager.get(page(issue))) | {"subject_en": "Too late", "_save": "Save"}
    Issue.objects.filter(pk=issue.pk).update(status="sending")
    response = manager.post(page(issue), data)
    assert "This letter is no longer a draft, so nothing was saved." in faults(response)
    assert soup(response).select_one("#id_subject_en")["value"] == "Too late"
    issue.refresh_from_db()
    assert (issue.status, issue.subject_en) == ("sending", "The December letter")


def test_the_page_of_a_letter_that_went_out_has_no_form(manager):
    issue = make_sent_issue(make_event(title_en="Congress"))
    shown = soup(manager.get(page(issue)))
    assert not shown.select("#issue_form")
    assert "The December letter" in words(shown.select_one(".facts"))
    assert "Congress" in words(shown.select_one(".facts"))


@pytest.mark.parametrize("status", ["scheduled", "sending", "paused", "sent", "cancelled"])
def test_only_a_draft_can_be_deleted(manager, status):
    issue = make_issue(status=status, send_at=timezone.now())
    manager.post(page(issue, "delete"), {"post": "yes"})
    assert Issue.objects.filter(pk=issue.pk).exists()


def test_groups_are_ticked(manager):
    tag = Tag.objects.create(name="Comités")
    data = form_data(manager.get(ADD)) | {
        "subject_fr": "Un",
        "tags": [str(tag.pk)],
        "only_language": "fr",
        "_save": "Save",
    }
    manager.post(ADD, data)
    issue = Issue.objects.get()
    assert (list(issue.tags.all()), issue.only_language) == ([tag], "fr")


@pytest.mark.parametrize("count", [1, 5])
def test_the_list_asks_as_often_for_many_letters(manager, django_assert_num_queries, count):
    for _ in range(count):
        make_sent_issue()
        make_issue()
    with django_assert_num_queries(7):
        manager.get(LIST)


@pytest.mark.parametrize("count", [1, 6])
def test_the_form_asks_as_often_for_many_events_and_groups(manager, django_assert_num_queries, count):
    issue = make_issue(*[make_event() for _ in range(count)])
    for number in range(count):
        Tag.objects.create(name=f"Groupe {number}")
    with django_assert_num_queries(15):
        manager.get(page(issue))


def test_whoever_only_writes_events_finds_no_letters(db):
    user = User.objects.create_user("ed", "ed@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client = Client()
    client.force_login(user)
    issue = make_issue()
    paths = [LIST, ADD, page(issue), page(issue, "preview"), page(issue, "letter", "fr"), page(issue, "go_out")]
    assert {client.get(path).status_code for path in paths} == {403}
    posts = [page(issue, "test"), page(issue, "copy"), page(issue, "go_out"), page(issue, "verb", "pause")]
    assert {client.post(path).status_code for path in posts} == {403}


# History


def test_a_version_of_a_draft_comes_back_with_its_cards(manager):
    event = make_event()
    issue = make_issue(event)
    manager.post(page(issue), form_data(manager.get(page(issue))) | {"subject_en": "First", "_save": "Save"})
    data = form_data(manager.get(page(issue))) | {"subject_en": "Second", "cards-0-DELETE": "on", "_save": "Save"}
    manager.post(page(issue), data)
    assert not issue.cards.exists()
    version = soup(manager.get(page(issue, "history"))).select("a[href*='/history/']")
    paths = [each["href"] for each in version if each["href"].rstrip("/").rpartition("/")[2].isdecimal()]
    manager.post(paths[1], {})
    issue.refresh_from_db()
    assert (issue.subject_en, issue.status) == ("First", "draft")
    assert [card.event for card in issue.cards.all()] == [event]


def test_words_of_a_letter_that_went_out_do_not_come_back(manager):
    issue = make_issue()
    for subject in ("First", "Second"):
        manager.post(page(issue), form_data(manager.get(page(issue))) | {"subject_en": subject, "_save": "Save"})
    links = soup(manager.get(page(issue, "history"))).select("a[href*='/history/']")
    paths = [each["href"] for each in links if each["href"].rstrip("/").rpartition("/")[2].isdecimal()]
    Issue.objects.filter(pk=issue.pk).update(status="sent")
    response = manager.post(paths[1], {}, follow=True)
    assert "this letter is none any more" in " ".join(said(response))
    issue.refresh_from_db()
    assert (issue.subject_en, issue.status) == ("Second", "sent")


def test_a_deleted_draft_comes_back_as_a_draft(manager):
    issue = make_issue(make_event())
    manager.post(page(issue, "delete"), {"post": "yes"})
    [link] = [
        each["href"]
        for each in soup(manager.get(LIST + "deleted/")).select("#content a[href*='/deleted/']")
        if each["href"].rstrip("/").rpartition("/")[2].isdecimal()
    ]
    manager.post(link, {})
    back = Issue.objects.get()
    assert (back.pk, back.status, back.subject_en, back.cards.count()) == (issue.pk, "draft", "The December letter", 1)


@pytest.mark.parametrize("count", [1, 6])
def test_the_page_of_a_letter_that_went_out_costs_a_few_queries(manager, django_assert_num_queries, count):
    issue = make_sent_issue(*[make_event() for _ in range(count)])
    # Who asks, the letter, its cards, whether it is in the archive; counts, and whether the mail server answers.
    with django_assert_num_queries(10):
        manager.get(page(issue))


def test_the_check_asks_as_often_for_many_events(manager, django_assert_num_queries):
    make_subscriber(status="confirmed")
    issues = [make_issue(*[make_event() for _ in range(count)]) for count in (1, 6)]
    for issue in issues:
        manager.get(page(issue, "go_out"))
        with django_assert_num_queries(12):
            manager.get(page(issue, "go_out"))
