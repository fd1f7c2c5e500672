"""A new event from an old one."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import ADDITION, LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils import timezone

from comments.models import Comment
from events.completeness import overview
from events.duplicate import duplicate
from events.models import Event, Partner, PreviewLink
from tests.factories import make_event
from tests.pages import soup, words

pytestmark = pytest.mark.django_db

DATES = {
    "starts_at_0": "06/12/2027",
    "starts_at_1": "13:30",
    "ends_at_0": "06/12/2027",
    "ends_at_1": "14:30",
    "timezone": "Africa/Dakar",
}


def page_of(event) -> str:
    return f"/admin/events/event/{event.pk}/duplicate/"


def full_event() -> Event:
    event = make_event(
        title_fr="Été de l’œuvre",
        title_en="Summer",
        slug_fr="ete-de-l-oeuvre",
        slug_en="old-summer",
        registration_url="https://example.org/register",
        registration_label_fr="S’inscrire",
        registration_closes_at=timezone.now() + timedelta(days=2),
        previous_starts_at=timezone.now(),
        event_status="moved",
        attendance_mode="both",
        interpretation_languages=["fr", "es"],
        credit_en="CC BY",
        recording_url_fr="https://example.org/film",
        transcript_en="<p>Words</p>",
        publish_incomplete=True,
    )
    event.eventpartner_set.create(partner=Partner.objects.create(name="UNESCO"), position=3)
    event.strategies.create(text_fr="b", text_en="B", position=2)
    event.strategies.create(text_fr="a", text_en="A", position=1)
    event.objectives.create(text_fr="Jouer")
    event.pictures.create(file="pictures/beans.jpg", width=9, height=6, alt_fr="Des haricots", caption_en="Photo: Zoé")
    event.documents.create(title_fr="Actes", file_fr="documents/actes.pdf", url_en="https://example.org/", position=1)
    Comment.objects.create(event=event, name="Zoé", email="z@example.org", body="Bravo", status="approved")
    PreviewLink.objects.create(event=event)
    return event


def test_the_copy_has_everything_but_dates_comments_links_and_what_was_recorded():
    event = full_event()
    start = datetime(2027, 12, 6, 13, 30, tzinfo=UTC)
    end = start + timedelta(hours=1)

    copy = duplicate(event, starts_at=start, ends_at=end, zone="Africa/Dakar", all_day=False)
    copy = Event.objects.get(pk=copy.pk)
    kept = [
        *(
            "title_fr",
            "title_en",
            "summary_fr",
            "summary_en",
            "body_fr",
            "body_en",
            "place_fr",
            "place_en",
            "credit_en",
        ),
        *(
            "registration_url",
            "registration_label_fr",
            "attendance_mode",
            "interpretation_languages",
            "source_language",
        ),
    ]
    assert {name: getattr(copy, name) for name in kept} == {name: getattr(event, name) for name in kept}
    assert (copy.starts_at, copy.ends_at, copy.timezone) == (start, end, "Africa/Dakar")
    assert (copy.status, copy.publish_at, copy.publish_incomplete, copy.event_status) == (
        "draft",
        None,
        False,
        "planned",
    )
    assert (copy.previous_starts_at, copy.registration_closes_at) == (None, None)
    assert [getattr(copy, name) or "" for name in ("recording_url_fr", "transcript_fr", "transcript_en")] == [
        "",
        "",
        "",
    ]
    assert (copy.slug_fr, copy.slug_en) == ("ete-de-l-oeuvre-2", "summer")
    assert [(each.partner.name, each.position) for each in copy.eventpartner_set.all()] == [("UNESCO", 3)]
    assert [(each.text_fr, each.text_en) for each in copy.strategies.all()] == [("a", "A"), ("b", "B")]
    assert [each.text_fr for each in copy.objectives.all()] == ["Jouer"]
    [picture], [document] = copy.pictures.all(), copy.documents.all()
    assert (picture.file.name, picture.width, picture.height) == ("pictures/beans.jpg", 9, 6)
    assert (picture.alt_fr, picture.caption_en) == ("Des haricots", "Photo: Zoé")
    assert (document.title_fr, document.file_fr.name, document.url_en) == (
        "Actes",
        "documents/actes.pdf",
        "https://example.org/",
    )
    assert (copy.comments.count(), copy.preview_links.count()) == (0, 0)
    assert copy.language_states == overview(copy)
    # And the old one is as it was.
    event.refresh_from_db()
    assert (event.slug_en, event.strategies.count(), event.comments.count()) == ("old-summer", 2, 1)


def test_a_copy_of_an_event_without_a_title_has_no_address():
    event = make_event(title_en="", slug_en=None, status="draft")
    copy = duplicate(event, starts_at=event.starts_at, ends_at=event.ends_at, zone="UTC", all_day=False)

    assert (copy.slug_fr[:9], copy.slug_en) == ("evenement", None)


def test_the_page_asks_for_the_date_and_opens_the_copy(editor):
    event = full_event()
    page = soup(editor.get(page_of(event)))
    hour = timezone.localtime(event.starts_at).strftime("%H:%M:%S")
    assert (page.select_one("#id_starts_at_0").get("value"), page.select_one("#id_starts_at_1")["value"][:5]) == (
        None,
        hour[:5],
    )

    response = editor.post(page_of(event), DATES, follow=True)
    copy = Event.objects.order_by("pk").last()
    assert response.redirect_chain == [(f"/admin/events/event/{copy.pk}/change/", 302)]
    assert "This is the copy, a draft that nobody else sees." in words(soup(response).select_one(".messagelist"))
    assert copy.starts_at == datetime(2027, 12, 6, 13, 30, tzinfo=UTC)  # Dakar is on UTC
    assert LogEntry.objects.filter(action_flag=ADDITION, object_id=copy.pk).count() == 1
    history = soup(editor.get(f"/admin/events/event/{copy.pk}/history/"))
    assert [words(each)[-65:] for each in history.select(".told p")] == [
        "Made from “Summer”. This is what stands there now."
    ]


def test_whole_days_stay_whole_days(editor):
    event = make_event(all_day=True)
    editor.post(page_of(event), DATES | {"all_day": "on", "ends_at_0": "08/12/2027"})

    copy = Event.objects.order_by("pk").last()
    assert (copy.all_day, copy.starts_at, copy.ends_at) == (
        True,
        datetime(2027, 12, 6, 0, 0, tzinfo=UTC),
        datetime(2027, 12, 8, 23, 59, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("dates", "error"),
    [
        ({"ends_at_1": "13:29"}, "L’événement se termine avant d’avoir commencé."),
        ({"starts_at_0": ""}, "Ce champ est obligatoire."),
        (
            {"starts_at_0": "06/12/2021", "ends_at_0": "06/12/2021"},
            "Cette date est passée. Oui, c’est un événement passé",
        ),
        (
            {"timezone": "Europe/Paris", "starts_at_0": "28/03/2027", "starts_at_1": "02:30"},
            "L’heure choisie, 2 h 30, n’existe pas le dimanche 28 mars 2027",
        ),
        ({"timezone": "Mars/Olympus"}, "Sélectionnez un choix valide."),
    ],
)
def test_dates_that_cannot_be_are_said_at_their_field(editor, dates, error):
    event = make_event()
    response = editor.post(page_of(event), DATES | dates, headers={"accept-language": "fr"})

    assert (response.status_code, Event.objects.count()) == (200, 1)
    found = [words(each) for each in soup(response).select(".errorlist")]
    assert found[0].startswith(error), found


def test_a_past_date_passes_with_a_tick(editor):
    event = make_event()
    past = {"starts_at_0": "06/12/2021", "ends_at_0": "06/12/2021", "accept_past": "yes"}

    assert editor.post(page_of(event), DATES | past).status_code == 302


def test_the_list_duplicates_one_event_at_a_time(editor):
    first, second = make_event(), make_event()
    chosen = {"index": 0, "action": "duplicate_one", "_selected_action": [first.pk, second.pk]}
    response = editor.post("/admin/events/event/", chosen, follow=True)
    assert [words(each) for each in soup(response).select(".messagelist li")] == ["Choose one event to duplicate."]

    response = editor.post("/admin/events/event/", chosen | {"_selected_action": [second.pk]})
    assert response["Location"] == page_of(second)


def test_the_form_leads_to_the_page_of_the_copy(editor):
    event = make_event()
    page = soup(editor.get(f"/admin/events/event/{event.pk}/change/", headers={"accept-language": "fr"}))

    assert words(page.select_one(f'.object-tools a[href="{page_of(event)}"]')) == "Dupliquer"


@pytest.mark.parametrize(
    ("permissions", "status", "offered"), [(["view_event"], 403, 0), (["view_event", "add_event"], 200, 1)]
)
def test_only_who_may_add_events_duplicates_one(permissions, status, offered):
    event = make_event()
    user = User.objects.create_user("victor", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)

    assert client.get(page_of(event)).status_code == status
    assert client.post(page_of(event), DATES).status_code == (302 if status == 200 else 403)
    tools = soup(client.get(f"/admin/events/event/{event.pk}/change/")).select(
        f'.object-tools a[href="{page_of(event)}"]'
    )
    assert len(tools) == offered


@pytest.mark.parametrize("number", ["²", "9" * 30, "x"])
def test_an_event_that_cannot_exist_is_no_crash(editor, number):
    assert editor.get(f"/admin/events/event/{number}/duplicate/").status_code == 302


def test_a_translation_that_was_to_be_checked_is_so_in_the_copy():
    event = make_event(title_fr="un", title_en="one")
    event.title_fr = "deux"
    event.save()

    copy = duplicate(event, starts_at=event.starts_at, ends_at=event.ends_at, zone="UTC", all_day=False)
    assert copy.language_states == {"fr": "filled", "en": "out_of_date"}
