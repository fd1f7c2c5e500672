"""Drafts that follow from events."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events.models import Event
from newsletter import announcing
from newsletter.checking import notice
from newsletter.models import Issue
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db
THEN = datetime(2030, 3, 4, 8, 0, tzinfo=UTC)
LATER = datetime(2030, 4, 1, 7, 30, tzinfo=UTC)


def change(event, **fields) -> Event:
    """As another process, which read it anew."""
    event = Event.objects.get(pk=event.pk)
    for name, value in fields.items():
        setattr(event, name, value)
    if "starts_at" in fields:
        event.ends_at = event.starts_at + timedelta(hours=1)
    event.save()
    return event


def congress(**fields):
    return make_event(**{"title_fr": "Congrès", "title_en": "Congress", "starts_at": THEN} | fields)


# Announcing


def announce(client, event):
    return client.post(reverse("admin:newsletter_issue_announce", args=[event.pk]), follow=True)


def test_an_event_is_announced_by_a_draft_in_both_languages_and_once_only(editor):
    event = congress(summary_fr="Venez « jouer » & lire.", summary_en="Come and play.")
    button = soup(editor.get(reverse("admin:events_event_change", args=[event.pk]))).select_one(
        f"form[action$='/announce/{event.pk}/'] button"
    )
    assert words(button) == "Announce this event"

    first, second = announce(editor, event), announce(editor, event)

    issue = Issue.objects.get()
    assert first.redirect_chain == second.redirect_chain == [(f"/admin/newsletter/issue/{issue.pk}/change/", 302)]
    assert (issue.kind, issue.status, issue.about) == ("announcement", "draft", event)
    assert (issue.subject_fr, issue.subject_en) == ("Congrès", "Congress")
    assert (issue.body_fr, issue.body_en) == ("<p>Venez « jouer » &amp; lire.</p>", "<p>Come and play.</p>")
    assert [card.event for card in issue.cards.all()] == [event]
    assert "This draft announces the event already." in words(soup(second).select_one(".messagelist"))


def test_a_language_that_an_event_lacks_stays_empty_in_its_announcement(editor):
    announce(editor, congress(body_en=""))
    assert Issue.objects.get().complete_languages() == ["fr"]


def test_only_whoever_may_write_letters_announces(db):
    user = User.objects.create_user("ed", "ed@example.org", "x", is_staff=True)
    user.groups.add(Group.objects.get(name="editor"))
    client = Client()
    client.force_login(user)
    event = congress()
    page = soup(client.get(reverse("admin:events_event_change", args=[event.pk])))
    assert not page.select("form[action*=announce]")
    assert announce(client, event).status_code == 403
    assert not Issue.objects.exists()


def test_opening_the_address_announces_nothing(editor):
    assert editor.get(reverse("admin:newsletter_issue_announce", args=[congress().pk])).status_code == 405
    assert not Issue.objects.exists()


# Changes


def test_an_event_that_is_cancelled_drafts_a_notice_in_both_languages():
    event = change(congress(), event_status="cancelled")
    issue = Issue.objects.get()
    assert (issue.kind, issue.change, issue.about, issue.status) == ("change", "cancelled", event, "draft")
    assert issue.subject_fr == "Annulé : Congrès"
    assert issue.subject_en == "Cancelled: Congress"
    assert issue.body_fr == (
        "<p>« Congrès » est annulé. Il était annoncé pour le lundi 4 mars 2030 à 9 h (heure de Paris). "
        "Nous en sommes désolés.</p>"
    )
    assert issue.body_en == (
        "<p>“Congress” is cancelled. It was announced for Monday 4 March 2030, 09:00 (Paris time). We are sorry.</p>"
    )
    assert [card.event for card in issue.cards.all()] == [event]


def test_an_event_that_is_postponed_drafts_a_notice():
    change(congress(), event_status="postponed")
    issue = Issue.objects.get()
    assert (issue.change, issue.subject_fr, issue.subject_en) == (
        "postponed",
        "Reporté : Congrès",
        "Postponed: Congress",
    )


def test_an_event_that_moves_says_both_dates():
    change(congress(), event_status="moved", previous_starts_at=THEN, starts_at=LATER)
    issue = Issue.objects.get()
    assert issue.change == "moved"
    assert issue.body_fr == (
        "<p>« Congrès » a une nouvelle date : lundi 1er avril 2030 à 9 h 30 (heure de Paris). "
        "Il était annoncé pour le lundi 4 mars 2030 à 9 h (heure de Paris).</p>"
    )
    assert issue.body_en == (
        "<p>“Congress” has a new date: Monday 1 April 2030, 09:30 (Paris time). "
        "It was announced for Monday 4 March 2030, 09:00 (Paris time).</p>"
    )


def test_another_hour_is_a_change_too():
    change(congress(), starts_at=THEN + timedelta(hours=2))
    assert Issue.objects.get().change == "moved"


def test_a_later_change_rewrites_the_draft_that_nobody_has_edited():
    event = congress()
    change(event, event_status="postponed")
    change(event, event_status="moved", previous_starts_at=THEN, starts_at=LATER)
    assert [issue.change for issue in Issue.objects.all()] == ["moved"]


def test_a_draft_that_somebody_has_edited_is_left_alone():
    event = congress()
    change(event, event_status="postponed")
    edited = Issue.objects.get()
    edited.body_fr = "<p>Chères amies, le congrès est reporté.</p>"
    edited.save()
    change(event, event_status="cancelled")
    first, second = Issue.objects.order_by("pk")
    assert (first.change, first.body_fr) == ("postponed", "<p>Chères amies, le congrès est reporté.</p>")
    assert second.change == "cancelled"
    event.refresh_from_db()
    assert [each.sentence for each in notice(Issue.objects.get(pk=first.pk))] != []
    assert list(notice(Issue.objects.get(pk=second.pk))) == []


def test_a_notice_that_was_sent_is_not_touched():
    event = congress()
    change(event, event_status="postponed")
    Issue.objects.update(status="sent")
    change(event, event_status="cancelled")
    assert sorted(Issue.objects.values_list("status", "change")) == [("draft", "cancelled"), ("sent", "postponed")]


def test_what_takes_place_after_all_takes_its_draft_with_it():
    event = congress()
    change(event, event_status="cancelled")
    change(event, event_status="planned")
    assert not Issue.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"publish_at": timezone.now() + timedelta(days=1)},
        {"starts_at": datetime(2021, 12, 6, 12, 30, tzinfo=UTC)},
    ],
    ids=["a draft", "not public yet", "over"],
)
def test_nobody_hears_of_what_nobody_could_read_or_what_is_over(fields):
    change(congress(**fields), event_status="cancelled")
    assert not Issue.objects.exists()


def test_other_words_are_no_change():
    change(congress(), title_en="A congress", place_fr="Prague")
    assert not Issue.objects.exists()


def test_the_notice_stands_or_falls_with_the_save():
    event = congress()
    with transaction.atomic():
        change(event, event_status="cancelled")
        transaction.set_rollback(True)
    event.refresh_from_db()
    assert event.event_status == "planned"
    assert not Issue.objects.exists()


def test_the_events_page_and_the_first_page_say_that_a_notice_waits(editor):
    event = change(congress(), event_status="cancelled")
    issue = Issue.objects.get()
    said = soup(editor.get(reverse("admin:events_event_change", args=[event.pk]))).select_one(".house-notice")
    assert words(said) == "A notice of this change is drafted. Read it and send it"
    assert said.a["href"] == f"/admin/newsletter/issue/{issue.pk}/change/"
    line = soup(editor.get("/admin/")).select_one("a[href*=kind__exact]")
    assert words(line) == "1 notice of a changed event is drafted: read it and send it"
    assert line["href"] == "/admin/newsletter/issue/?kind__exact=change&status__exact=draft"


@pytest.mark.parametrize("status", ["moved", "postponed", "cancelled"])
def test_the_events_own_page_says_what_became_of_it(visitor, status):
    event = change(congress(), event_status=status, previous_starts_at=THEN if status == "moved" else None)
    sentence = {"moved": "new date", "postponed": "is postponed", "cancelled": "is cancelled"}[status]
    assert sentence in words(soup(visitor.get(f"/en/events/{event.slug_en}/")).main)


def test_the_demos_example_moves_without_a_notice():
    call_command("load_demo", verbosity=0)
    call_command("load_demo", verbosity=0)
    assert list(Issue.objects.values_list("kind", "status")) == [("letter", "draft")]
    Issue.objects.all().delete()
    call_command("load_demo", verbosity=0)
    assert not Issue.objects.exists()


def test_a_notice_that_was_to_go_out_later_and_is_not_true_any_more_waits_for_a_click():
    event = congress()
    change(event, event_status="postponed")
    assert Issue.objects.get().schedule(timezone.now() + timedelta(days=1))
    change(event, event_status="cancelled")
    issue = Issue.objects.get()
    assert (issue.status, issue.change, issue.send_at) == ("draft", "cancelled", None)


def test_a_title_that_is_not_translated_stands_in_the_notice_as_it_is():
    change(congress(title_en="", body_en="", slug_en=None), event_status="cancelled")
    assert Issue.objects.get().subject_en == "Cancelled: Congrès"


def test_a_title_that_is_longer_than_a_subject_is_cut():
    change(congress(title_en="x" * 200), event_status="cancelled")
    assert Issue.objects.get().subject_en == "Cancelled: " + "x" * 188 + "…"


def test_a_title_with_markup_is_no_markup_in_the_notice():
    change(congress(title_en="<b>Play</b> & learn"), event_status="cancelled")
    assert Issue.objects.get().body_en.startswith("<p>“&lt;b&gt;Play&lt;/b&gt; &amp; learn” is cancelled.")


def test_a_notice_of_whole_days_has_no_hours():
    change(congress(all_day=True), event_status="cancelled")
    assert "It was announced for Monday 4 March 2030. We are sorry." in Issue.objects.get().body_en


def test_two_clicks_at_once_make_one_draft(at_once):
    event = congress()
    found = at_once(lambda: announcing.announce(event)[0].pk, 4)
    assert len(set(found)) == 1
