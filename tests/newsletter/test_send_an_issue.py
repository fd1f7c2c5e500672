"""The buttons of a letter in the admin: look, try, check, send, stop, copy. Nothing is delivered here: the worker does it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from newsletter.models import Issue, Tag
from omep_site.lib.mail import as_written
from tests.factories import make_event
from tests.newsletter.factories import make_issue, make_sent_issue, make_subscriber
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
NOW = {"now": "yes"}


def page(issue, name="change", *args):
    return reverse(f"admin:newsletter_issue_{name}", args=[issue.pk, *args])


def said(response) -> str:
    return words(soup(response).select_one(".messagelist"))


def status(issue) -> str:
    return Issue.objects.get(pk=issue.pk).status


@pytest.fixture
def reader():
    return make_subscriber(status="confirmed")


# Preview and test


@pytest.mark.parametrize(("language", "subject"), [("fr", "La Lettre de décembre"), ("en", "The December letter")])
def test_the_preview_shows_each_language_as_html_on_a_phone_and_wide_and_as_text(editor, language, subject):
    issue = make_issue()
    shown = soup(editor.get(page(issue, "preview")))
    frames = shown.select(f"iframe[src='{page(issue, 'letter', language)}']")
    assert [frame["width"] for frame in frames] == ["360", "680"]
    assert subject in words(shown.select_one(f"pre[lang={language}]"))
    letter = soup(editor.get(page(issue, "letter", language)))
    assert (letter.html["lang"], letter.title.string) == (language, subject)
    assert letter.base["target"] == "_blank"


def test_a_letter_in_its_frame_loads_nothing_and_runs_nothing(editor):
    issue = make_issue()
    frame, around = editor.get(page(issue, "letter", "fr")), editor.get(page(issue, "preview"))
    policy = dict(part.split(" ", 1) for part in frame["Content-Security-Policy"].split("; "))
    assert {policy.pop(kind) for kind in ("default-src", "script-src", "img-src", "font-src", "connect-src")} == {
        "'none'"
    }
    assert policy == {
        "style-src": "'unsafe-inline'",
        "frame-ancestors": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "sandbox": "allow-popups allow-popups-to-escape-sandbox",
    }
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around["Content-Security-Policy"]
    assert around["X-Frame-Options"] == "DENY"
    assert "frame-src" not in editor.get(page(issue))["Content-Security-Policy"]


def test_a_test_goes_to_oneself_in_both_languages(editor):
    issue = make_issue(subject_en="{{ braces }} & “more”")
    response = editor.post(page(issue, "test"), follow=True)
    assert "The test is on its way to claire@example.org" in said(response)
    french, english = Email.objects.order_by("pk")
    assert [as_written(mail.subject) for mail in (french, english)] == [
        "[Test] La Lettre de décembre",
        "[Test] {{ braces }} & “more”",
    ]
    assert french.to == english.to == ["claire@example.org"]
    assert "/fr/lettre/desabonnement/sample/" in as_written(french.message)
    assert "/en/newsletter/preferences/sample/" in as_written(english.html_message)
    assert "List-Unsubscribe" not in (french.headers or {})


def test_a_test_leaves_out_a_language_that_is_not_written(editor):
    editor.post(page(make_issue(body_en=""), "test"))
    assert [mail.subject for mail in Email.objects.all()] == ["[Test] La Lettre de décembre"]


def test_a_test_of_nothing_and_to_nobody_says_so(editor):
    assert "there is nothing to send" in said(
        editor.post(page(make_issue(subject_fr="", subject_en=""), "test"), follow=True)
    )
    User.objects.update(email="")
    assert "no e-mail address yet" in said(editor.post(page(make_issue(), "test"), follow=True))
    assert not Email.objects.exists()


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/fr/lettre/desabonnement/sample/", "Ce lien vient d’un essai"),
        ("/fr/lettre/preferences/sample/", "Ce lien vient d’un essai"),
        ("/en/newsletter/unsubscribe/sample/", "This link came with a test"),
        ("/en/newsletter/preferences/sample/", "This link came with a test"),
    ],
)
def test_a_readers_own_link_in_a_test_leads_to_a_page_that_says_so(visitor, path, sentence):
    response = visitor.get(path)
    assert response.status_code == 200
    assert words(soup(response).h1) == sentence
    assert soup(response).select_one("meta[name=robots]")["content"] == "noindex"


# Check and send


def test_the_page_says_who_gets_what_before_anything_goes(editor, reader):
    make_subscriber(email="b@example.org", status="confirmed", language="en")
    issue = make_issue()
    shown = words(soup(editor.get(page(issue, "go_out"))).select_one("#content-main"))
    assert "Nothing is amiss: words, links, events and sizes are all right." in shown
    assert "La Lettre de décembre" in shown
    assert "The December letter" in shown
    assert "Send it now to 2 readers: 1 in French and 1 in English" in shown
    assert status(issue) == "draft"


def test_it_is_sent_now(editor, reader):
    issue = make_issue()
    response = editor.post(page(issue, "go_out"), NOW, follow=True)
    assert said(response) == "The letter is on its way."
    assert status(issue) == "sending"
    assert "It is being sent." in words(soup(response).select_one(".standing"))


def test_it_is_scheduled_in_the_hours_of_the_sites_zone(editor, reader):
    issue = make_issue()
    response = editor.post(
        page(issue, "go_out"), {"schedule": "yes", "at_0": "2030-03-04", "at_1": "09:00"}, follow=True
    )
    assert said(response) == "The letter goes out on Monday 4 March 2030, 09:00 (Paris time)."
    issue.refresh_from_db()
    assert (issue.status, issue.send_at) == ("scheduled", datetime(2030, 3, 4, 8, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("day", "hour", "sentence"),
    [
        ("2021-12-06", "13:30", "This moment is over. Choose a later one, or send it now."),
        ("2030-03-31", "02:30", "30"),  # the clock leaps over it
        ("", "", "This field is required."),
    ],
)
def test_a_moment_that_cannot_be_is_refused(editor, reader, day, hour, sentence):
    issue = make_issue()
    response = editor.post(page(issue, "go_out"), {"schedule": "yes", "at_0": day, "at_1": hour})
    assert response.status_code == 422
    assert sentence in words(soup(response).select_one(".errorlist"))
    assert status(issue) == "draft"


@pytest.mark.parametrize("data", [NOW, {"schedule": "yes", "at_0": "2030-03-04", "at_1": "09:00"}])
def test_errors_stop_sending_and_scheduling(editor, reader, data):
    issue = make_issue(body_en="")
    response = editor.post(page(issue, "go_out"), data)
    assert response.status_code == 422
    assert words(soup(response).select_one(".errornote")) == "1 thing is to be put right before this letter can go out."
    assert words(soup(response).select_one(".findings .error")) == "To put right (English) Missing: text."
    assert not soup(response).select("button[name=now]")
    assert status(issue) == "draft"


def test_warnings_stop_nothing(editor, reader):
    issue = make_issue(make_event(event_status="cancelled"))
    editor.post(page(issue, "go_out"), NOW)
    assert status(issue) == "sending"


def test_of_two_clicks_one_sends(editor, reader, monkeypatch):
    issue = make_issue()
    monkeypatch.setattr(Issue, "send_now", lambda self: False)  # the other click was quicker
    response = editor.post(page(issue, "go_out"), NOW, follow=True)
    assert said(response) == "Nothing was done: somebody else has sent or changed this letter meanwhile."


# Afterwards


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        ("scheduled", "change-again", "draft"),
        ("scheduled", "cancel", "cancelled"),
        ("sending", "pause", "paused"),
        ("sending", "change-again", "draft"),
        ("sending", "cancel", "cancelled"),
        ("paused", "go-on", "sending"),
        ("paused", "cancel", "cancelled"),
        ("draft", "pause", "draft"),
        ("sent", "cancel", "sent"),
        ("cancelled", "go-on", "cancelled"),
    ],
)
def test_each_button_moves_what_it_may_move(editor, before, verb, after):
    issue = make_issue(status=before, send_at=timezone.now())
    response = editor.post(page(issue, "verb", verb), follow=True)
    assert status(issue) == after
    assert ("Nothing was done" in said(response)) == (before == after)


@pytest.mark.parametrize(
    ("fields", "buttons"),
    [
        ({"status": "scheduled"}, ["Send it now …", "Change it again", "Cancel it …"]),
        ({"status": "sending"}, ["Pause", "Change it again", "Cancel it …"]),
        ({"status": "sending", "queued_at": timezone.now()}, ["Pause", "Cancel it …"]),
        ({"status": "paused", "hold": "editor", "queued_at": timezone.now()}, ["Go on", "Cancel it …"]),
        ({"status": "paused", "hold": "late"}, ["Send it now", "Change it again", "Cancel it …"]),
        ({"status": "sent", "queued_at": timezone.now(), "finished_at": timezone.now()}, []),
        ({"status": "cancelled", "finished_at": timezone.now()}, []),
    ],
)
def test_the_page_offers_what_can_be_done(editor, fields, buttons):
    issue = make_issue(**{"send_at": timezone.now()} | fields)
    shown = soup(editor.get(page(issue))).select(".standing .button")
    assert [words(each) for each in shown] == buttons


def test_cancelling_asks_first(editor):
    issue = make_issue(status="sending", queued_at=timezone.now())
    response = editor.get(page(issue, "verb", "cancel"))
    assert "Whoever has the letter keeps it" in words(soup(response).select_one("#content-main"))
    assert status(issue) == "sending"
    assert editor.get(page(issue, "verb", "pause")).status_code == 405


def test_a_letter_that_comes_late_asks_plainly(editor, reader):
    issue = make_issue(status="paused", hold="late", send_at=datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    assert words(soup(editor.get(page(issue))).select_one(".standing p")) == (
        "paused It was to go out on Monday 2 March 2026, 09:00 (Paris time), and nothing was sent then. "
        "Send it now, or change it again?"
    )
    assert "1 letter has stopped, and waits for your word" in words(soup(editor.get("/admin/")))


def test_a_late_letter_whose_event_was_withdrawn_is_not_sent(editor, reader):
    issue = make_issue(
        make_event(title_en="Congress", status="draft"), status="paused", hold="late", send_at=timezone.now()
    )
    response = editor.post(page(issue, "verb", "go-on"), follow=True)
    assert "The event “Congress” is a draft: it has no page to lead to." in said(response)
    assert status(issue) == "paused"


def test_a_late_letter_that_some_have_goes_on_whatever_became_of_its_event(editor, reader):
    event = make_event(title_en="Congress", status="draft")
    now = timezone.now()
    issue = make_issue(event, status="paused", hold="late", send_at=now, queued_at=now)
    shown = words(soup(editor.get(page(issue))).select_one(".standing"))
    assert "Some have it, and then nothing was sent for hours. Go on with the others, or cancel it?" in shown
    assert "Change it again" not in shown
    editor.post(page(issue, "verb", "go-on"))
    assert status(issue) == "sending"


def test_a_letter_that_could_not_be_made_says_so(editor):
    issue = make_issue(status="paused", hold="fault", hold_detail="ZeroDivisionError")
    shown = words(soup(editor.get(page(issue))).select_one(".standing p"))
    assert shown == (
        "paused The letter could not be made: tell whoever looks after the site. The fault: ZeroDivisionError"
    )


def test_what_was_saved_since_it_was_read_is_not_sent(editor, reader):
    issue = make_issue()
    seen = soup(editor.get(page(issue, "go_out"))).select_one("input[name=seen]")["value"]
    issue.subject_fr = "Autre"
    issue.save()
    answer = editor.post(page(issue, "go_out"), {"now": "yes", "seen": seen}, follow=True)
    sentence = "Somebody has saved this letter since you read it: look at it again before you send it."
    assert (said(answer), status(issue)) == (sentence, "draft")


def test_a_group_that_a_letter_waits_for_is_not_deleted(editor):
    group, issue = Tag.objects.create(name="Bureau"), make_issue()
    issue.tags.add(group)
    assert editor.post(f"/admin/newsletter/tag/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    Issue.objects.update(queued_at=timezone.now(), status="sent")
    assert editor.post(f"/admin/newsletter/tag/{group.pk}/delete/", {"post": "yes"}).status_code == 302


def test_a_copy_is_a_new_draft_with_words_cards_and_groups(editor):
    event, tag = make_event(), Tag.objects.create(name="Comités")
    issue = make_sent_issue(event, only_language="fr", subject_fr="Été")
    issue.tags.add(tag)
    response = editor.post(page(issue, "copy"), follow=True)
    copy = Issue.objects.latest("pk")
    assert response.redirect_chain == [(page(copy), 302)]
    assert (copy.status, copy.subject_fr, copy.subject_en, copy.only_language) == (
        "draft",
        "Été",
        issue.subject_en,
        "fr",
    )
    assert (copy.queued_at, copy.finished_at, copy.send_at) == (None, None, None)
    assert [card.event for card in copy.cards.all()] == [event]
    assert list(copy.tags.all()) == [tag]


def test_a_letter_that_went_out_is_taken_out_of_the_archive_and_back(editor, visitor):
    issue = make_sent_issue()
    path = f"/en/newsletter/issues/{issue.pk}/"
    assert visitor.get(path).status_code == 200
    editor.post(page(issue, "verb", "out-of-archive"))
    assert visitor.get(path).status_code == 404
    editor.post(page(issue, "verb", "into-archive"))
    assert visitor.get(path).status_code == 200


def test_the_list_says_when_it_went_out_and_to_how_many(editor):
    make_sent_issue(finished_at=timezone.now() - timedelta(days=400), readers=3)
    make_issue(subject_en="Next", status="scheduled", send_at=datetime(2030, 3, 4, 8, 0, tzinfo=UTC))
    rows = [
        [words(cell) for cell in row.select(".field-name, .field-state, .field-when, .field-readers")]
        for row in soup(editor.get("/admin/newsletter/issue/")).select("#result_list tbody tr")
    ]
    assert rows[0] == ["Next", "scheduled", "Monday 4 March 2030, 09:00 (Paris time)", "-"]
    assert (rows[1][0], rows[1][1], rows[1][3]) == ("The December letter", "sent", "3")
